"""People and their roles, as an administrator sees them."""

from collections.abc import Sequence

from bot.buttons import Invite, Menu, OpenPerson, PeopleList, RemovePerson, ToggleRole
from bot.screens import Key, Screen, esc, in_pairs, pages, rows
from bot.screens.presence import presence_of
from bot.services.absences import Whereabouts
from bot.services.administration import PAGE, Profile, Staffing
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts.words import kind_name, role_names
from domain.roles import ROLES_OF
from storage.tables import OrganisationRecord

FOUND_LIMIT = 20


def staffing_screen(staffing: Staffing, page: int) -> Screen:
    """The organisations that have people."""
    lines = [
        [Key(f"{organisation.name} · {count}", PeopleList(0, organisation.id))]
        for organisation, count in staffing.lines
    ]
    return Screen(
        f"<b>{_('People')}</b>\n" + _("Press an organisation, or send me a part of a name."),
        rows(
            *lines,
            pages(page, staffing.total, PAGE, PeopleList),
            [Key(_("« Menu"), Menu()), Key(_("Invite"), Invite())],
        ),
    )


def people_screen(organisation: OrganisationRecord, people: Sequence[Profile], page: int) -> Screen:
    """The people of an organisation."""
    count = ngettext("{n} person", "{n} people", len(people)).format(n=len(people))
    return Screen(
        f"<b>{esc(organisation.name)}</b> · {kind_name(organisation.kind)} · {count}",
        rows(
            *[[_person_key(one)] for one in people[page * PAGE :][:PAGE]],
            pages(page, len(people), PAGE, lambda number: PeopleList(number, organisation.id)),
            [Key(_("« Back"), PeopleList()), Key(_("Invite"), Invite())],
        ),
    )


def found_screen(words: str, people: Sequence[Profile]) -> Screen:
    """Those whose name has the words."""
    lines = [f"<b>{_('People')}</b> · 🔎 «{esc(words)}»"]
    if not people:
        lines.append(_("Nobody is called so."))
    if more := max(0, len(people) - FOUND_LIMIT):
        lines.append(
            ngettext(
                "{n} more: send me more of the name.", "{n} more: send me more of the name.", more
            ).format(n=more)
        )
    return Screen(
        "\n".join(lines),
        rows(*[[_person_key(one)] for one in people[:FOUND_LIMIT]], [Key(_("« Back"), PeopleList())]),
    )


def person_screen(profile: Profile, where: Whereabouts, time_zone: str) -> Screen:
    """One person; each role that fits the organisation is a button that gives or takes it."""
    person, organisation = profile.person, profile.organisation
    keys = [
        Key(
            f"{'✅' if role in profile.roles else '▫️'} {role_names(role)}",
            ToggleRole(person.id, role),
        )
        for role in ROLES_OF[organisation.kind]
    ]
    lines = [
        f"<b>{esc(person.name)}</b>",
        f"{esc(organisation.name)} · {kind_name(organisation.kind)}",
        role_names(profile.roles) if profile.roles else _("No role: the bot does not answer them."),
        _contact_line(profile),
        *presence_of(where, time_zone),
        "",
        _("Press a role to give or to take it."),
    ]
    return Screen(
        "\n".join(lines),
        rows(
            *in_pairs(keys),
            [
                Key(_("« Back"), PeopleList(0, organisation.id)),
                Key(_("Remove"), RemovePerson(person.id or 0)),
            ],
        ),
    )


def ask_removal(profile: Profile) -> Screen:
    """The second question before somebody is taken out."""
    person = profile.person
    text = _(
        "Remove {name}? They lose access at once, and machines and clients that they are named for have"
        " nobody named. The history keeps the name."
    ).format(name=f"<b>{esc(person.name)}</b>")
    return Screen(
        text,
        rows(
            [Key(_("Yes, remove"), RemovePerson(person.id or 0, sure=True))],
            [Key(_("« Back"), OpenPerson(person.id or 0))],
        ),
    )


def _person_key(profile: Profile) -> Key:
    roles = role_names(profile.roles) if profile.roles else _("no role")
    mark = "" if profile.person.telegram_id and profile.person.reachable else " 🔕"
    return Key(f"{profile.person.name} · {roles}{mark}", OpenPerson(profile.person.id or 0))


def _contact_line(profile: Profile) -> str:
    if profile.person.telegram_id is None:
        return "🔕 " + _("No Telegram account is linked.")
    if not profile.person.reachable:
        return "🔕 " + _("They have blocked the bot: nothing reaches them.")
    return _("Telegram is linked, messages reach them.")

"""Why a next status is not offered, and who could set it."""

from collections.abc import Sequence

from bot.buttons import ChangeStatus, Open
from bot.screens import Key, Screen, esc, rows
from bot.screens.change import short_name
from bot.services.cases import Case
from bot.services.people import Me
from bot.services.why_not import Able, Explained
from bot.texts import gettext as _
from bot.texts.times import moment
from bot.texts.words import client_reason, one_of, refusal, role_names, status_icon, status_name
from domain.objects import ObjectStatus
from domain.process import Reason, right_ends
from domain.requests import ANSWERED_BY
from domain.roles import Role


def why_not(case: Case, me: Me, explained: Sequence[Explained], *, from_card: bool) -> Screen:
    """Every next status that is not offered to the person, why not, and who could set it."""
    back = Open(case.kind, case.id) if from_card else ChangeStatus(case.kind, case.id)
    keys = [Key(_("« Back"), back), None if from_card else Key(_("Open"), Open(case.kind, case.id))]
    status = f"<b>{esc(status_name(case.status))}</b>"
    head = f"<b>{esc(case.title)}</b> · {esc(status_name(case.status))}"
    if not case.process.leaving(case.status):
        return Screen(f"{head}\n" + _("This is for ever: there is no way on."), rows(keys))
    lines = [f"{_reason(case, me, one)}\n{_who(me, one)}".strip() for one in explained]
    body = "\n\n".join(lines) or _all_of(case)
    note = _("Nothing else follows {status}.").format(status=status)
    return Screen(f"{head}\n\n{body}\n\n{note}", rows(keys))


def _all_of(case: Case) -> str:
    targets = dict.fromkeys(row.target for row in case.process.leaving(case.status))
    return _("You can set all that can follow: {statuses}.").format(
        statuses=esc(", ".join(map(status_name, targets)))
    )


def _reason(case: Case, me: Me, one: Explained) -> str:
    name = f"{status_icon(one.target)} <b>{esc(status_name(one.target))}</b>"
    return f"{name} – {esc(_words(case, me, one))}"


def _words(case: Case, me: Me, one: Explained) -> str:
    client = me.has(Role.CLIENT)
    asking = next((reason for reason, answer in ANSWERED_BY.items() if answer is one.target), None)
    if one.answers:
        return _("you have asked for it") if client else _("the client asks for it; not for your role")
    if client and case.status is ObjectStatus.ACTIVE and asking is not None:
        return _("ask for it: «{button}», «{reason}»").format(
            button=_("Something is needed"), reason=client_reason(asking)
        )
    if one.reason is Reason.NOT_LATE_YET and one.opens is not None:
        at = moment(one.opens, me.time_zone)
        return _("you may from {moment} on, when the main time is over").format(moment=at)
    if one.reason is Reason.EIGHT_DAYS_OVER and case.subject.since is not None:
        at = moment(right_ends(case.subject.since), me.time_zone)
        return _("your 8 days to answer were over on {moment}").format(moment=at)
    return {
        Reason.WRONG_ROLE: _("not for a client to set") if client else _not_for(me),
        Reason.NEVER_COMMISSIONED: _("only for a machine that was in operation before"),
        Reason.ALREADY_COMMISSIONED: _("only when it is commissioned for the first time"),
    }.get(one.reason, refusal(one.reason))


def _not_for(me: Me) -> str:
    return _("not for your role: {roles}").format(roles=role_names(me.actor.roles))


def _who(me: Me, one: Explained) -> str:
    """Who can set it now, and who later."""
    lines = []
    if now := [able for able in one.able if able.opens is None]:
        lines.append("→ " + _("can now: {people}").format(people=_listed(now, me)))
    later = {able.opens for able in one.able if able.opens is not None}
    if one.reason is Reason.NOT_LATE_YET:
        later.clear()  # said already
    for opens in later:
        people = _listed([able for able in one.able if able.opens == opens], me)
        at = moment(opens, me.time_zone)
        lines.append("→ " + _("from {moment} on: {people}").format(moment=at, people=people))
    return "\n".join(lines)


def _listed(able: Sequence[Able], me: Me) -> str:
    return ", ".join(_one(one, me) for one in able)


def _one(able: Able, me: Me) -> str:
    if able.names:
        return f"{role_names(able.role)} " + esc(" / ".join(map(short_name, able.names)))
    words = one_of(able.role)
    if able.closes is not None:
        return _("{who} (until {moment})").format(who=words, moment=moment(able.closes, me.time_zone))
    return words

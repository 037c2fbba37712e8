"""The steps of a change of many objects, each a screen."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.buttons import Confirm, PickReason, Rate, Rewrite, SayAgain, Sure
from bot.screens import Key, Screen, esc, in_pairs, pages, quote, rows, way_out
from bot.screens.bulk_buttons import (
    BulkDo,
    BulkName,
    BulkOf,
    BulkPeople,
    BulkTo,
)  # fmt: skip
from bot.screens.bulk_picking import objects_said
from bot.screens.cards import STARS
from bot.screens.change import told_line
from bot.services.bulk import Installers, Options
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts.words import client_reason, refusal, role_names, status_icon, status_name
from domain.many import Fit
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import RATINGS, ClientReason, Reason
from domain.roles import NOBODY, Role

PEOPLE_PAGE = 8
LABEL = 60
STATUSES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """A change of many as far as it is filled in."""

    count: int
    target: ObjectStatus | None = None
    installer: str | None = None
    comment: str = ""
    photos: int = 0
    reason: ClientReason | None = None
    rating: int | None = None
    hearers: Sequence[str] = ()


def what_to_do(count: int, *, assign: bool) -> Screen:
    """What is to be done to all of them?"""
    return Screen(
        f"<b>{objects_said(count)}</b>\n" + _("What is to be done to all of them?"),
        rows(
            [Key(_("Change the status"), BulkDo("status"))],
            [Key(_("Assign an installer"), BulkDo("assign")) if assign else None],
            way_out(),
        ),
    )


def statuses(options: Options) -> Screen:
    """The statuses that are allowed for all, and for how many each other one is, and why not for the rest."""
    every = [fit for fit in options.fits if fit.for_all]
    some = [fit for fit in options.fits if not fit.for_all]
    lines = [f"<b>{objects_said(options.total)}</b> · " + _("What happened to all of them?")]
    if options.hidden:
        lines.append(
            ngettext(
                "{n} more is not yours to see any more.",
                "{n} more are not yours to see any more.",
                options.hidden,
            ).format(n=options.hidden)
        )
    if not options.fits:
        lines.append(_("There is no status that you can set on any of them now."))
    elif not every:
        lines.append(_("There is no status that you can set on all of them. What fits some:"))
    lines += [_fit_line(fit, options.total) for fit in some]
    return Screen(
        "\n".join(lines),
        rows(
            *in_pairs([Key(_status_key(fit.target), BulkTo(_place(fit.target))) for fit in every]),
            *[[Key(_narrow_key(fit), BulkTo(_place(fit.target), narrow=True))] for fit in some],
            way_out(),
        ),
    )


def _fit_line(fit: Fit, total: int) -> str:
    name = f"{status_icon(fit.target)} <b>{esc(status_name(fit.target))}</b>"
    head = _("{status}: {n} of {total}").format(status=name, n=fit.fits, total=total)
    by_reason: dict[str, Counter[str]] = {}
    for (status, reason), count in fit.misses.items():
        by_reason.setdefault(_why(status, fit.target, reason), Counter())[status_name(status)] += count
    return "\n".join([head, *(f"   {esc(_some(names))} – {esc(why)}" for why, names in by_reason.items())])


def _some(names: Counter[str]) -> str:
    """«5 New, 2 Active»: the most frequent statuses, and how many objects are in others."""
    said = ", ".join(f"{count} {name}" for name, count in names.most_common(STATUSES_SHOWN))
    more = names.total() - sum(count for _name, count in names.most_common(STATUSES_SHOWN))
    return said + (ngettext(" and {n} more", " and {n} more", more).format(n=more) if more else "")


def _why(source: ObjectStatus, target: ObjectStatus, reason: Reason) -> str:
    if reason is not Reason.WRONG_ROLE:
        return refusal(reason)
    roles = NOBODY
    for row in OBJECT_PROCESS.leaving(source):
        if row.target is target:
            roles |= row.roles | row.late
    return _("for: {roles}").format(roles=role_names(roles & ~Role.SYSTEM))


def _status_key(status: ObjectStatus) -> str:
    return f"{status_icon(status)} {status_name(status)}"


def _narrow_key(fit: Fit) -> str:
    return ngettext("{status}: only that one", "{status}: only these {n}", fit.fits).format(
        status=_status_key(fit.target), n=fit.fits
    )


def _place(status: ObjectStatus) -> int:
    return list(ObjectStatus).index(status)


def choose_installer(found: Installers, page: int) -> Screen:
    """Who is to be named for all; with several who look after them, first whose?"""
    head = f"<b>{objects_said(found.total)}</b> · " + _("Assign an installer")
    if len(found.parents) != 1:
        keys = [
            [Key(_("Only the {n} of {name}").format(n=one.count, name=one.name), BulkOf(one.id))]
            for one in found.parents
        ]
        text = _("Several organisations look after them, and each has installers of its own. Which ones?")
        return Screen(f"{head}\n{text}", rows(*keys, way_out()))
    shown = found.people[page * PEOPLE_PAGE :][:PEOPLE_PAGE]
    nobody = _("{organisation} has nobody in this role yet.").format(organisation=esc(found.parents[0].name))
    return Screen(
        f"{head}\n" + (_("Who is it from now on?") if found.people else nobody),
        rows(
            *in_pairs([Key(person.name, BulkName(person.id)) for person in shown]),
            pages(page, len(found.people), PEOPLE_PAGE, BulkPeople),
            [Key(_("Nobody"), BulkName(None))],
            way_out(),
        ),
    )


def heading(plan: Plan) -> str:
    """The first line of each further step."""
    if plan.target is None:
        name = esc(plan.installer or _("nobody"))
        return f"<b>{objects_said(plan.count)}</b> · " + _("installer: {name}").format(name=f"<b>{name}</b>")
    return f"<b>{objects_said(plan.count)}</b> → <b>{esc(status_name(plan.target))}</b>"


def ask_sure(plan: Plan) -> Screen:
    """The first of the two confirmations of what cannot be undone."""
    warning = ngettext(
        "This cannot be undone for {n} object: there is no way back from here. Are you sure?",
        "This cannot be undone for {n} objects: there is no way back from here. Are you sure?",
        plan.count,
    ).format(n=plan.count)
    return Screen(f"{heading(plan)}\n⛔ {warning}", rows([Key(_("Yes, I am sure"), Sure())], way_out()))


def ask_reason(plan: Plan) -> Screen:
    """Why are they taken out of service?"""
    keys = [[Key(client_reason(reason), PickReason(reason))] for reason in ClientReason]
    return Screen(f"{heading(plan)}\n" + _("What is needed?"), rows(*keys, way_out()))


def ask_rating(plan: Plan) -> Screen:
    """How well were they commissioned?"""
    keys = [Key(STARS * stars, Rate(stars)) for stars in RATINGS]
    text = _("How satisfied are you with all of them, from one star to five?")
    return Screen(f"{heading(plan)}\n{text}", rows(keys[:3], keys[3:], way_out()))


def ask_comment(plan: Plan, suggestions: Sequence[str]) -> Screen:
    """One comment for all."""
    text = _("Write one comment, which every one of them gets. Photos are welcome.")
    if plan.photos:
        text = ngettext(
            "{n} photo is there. Now write the comment.",
            "{n} photos are there. Now write the comment.",
            plan.photos,
        ).format(n=plan.photos)
    keys = [[Key(f"❝ {_short(words)} ❞", SayAgain(at))] for at, words in enumerate(suggestions)]
    return Screen(f"{heading(plan)}\n{_given(plan)}{text}", rows(*keys, way_out()))


def summary(plan: Plan) -> Screen:
    """All that will be recorded; the button says what it does, and to how many."""
    lines = [heading(plan), _given(plan).strip(), quote(plan.comment) if plan.comment else ""]
    if plan.photos:
        lines.append(ngettext("{n} photo", "{n} photos", plan.photos).format(n=plan.photos))
    lines.append(told_line(plan.hearers))
    if plan.target is None:
        assign = _("Assign {name} to {objects}") if plan.installer else _("Take the installer off {objects}")
        label = assign.format(name=plan.installer, objects=objects_said(plan.count))
    else:
        lines.append(_("The terminals stay as they are. One that has moved on meanwhile is left alone."))
        change = ngettext("Change {n} object to {status}", "Change {n} objects to {status}", plan.count)
        label = change.format(n=plan.count, status=status_name(plan.target))
    return Screen(
        "\n".join(filter(None, lines)),
        rows(
            [Key(label, Confirm())],
            [Key(_("Change the comment"), Rewrite()) if plan.comment else None],
            way_out(),
        ),
    )


def _given(plan: Plan) -> str:
    parts = [
        _("Reason: {reason}").format(reason=client_reason(plan.reason)) if plan.reason else None,
        STARS * plan.rating if plan.rating else None,
    ]
    line = " · ".join(esc(part) for part in parts if part)
    return f"{line}\n" if line else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LABEL else line[: LABEL - 1] + "…"

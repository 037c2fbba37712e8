"""The steps of a change of status, each a screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.buttons import (
    Confirm,
    KeepAsNote,
    KeepTerminal,
    Open,
    PickReason,
    PickStatus,
    Rate,
    Rewrite,
    SayAgain,
    Sure,
    WhyNot,
)  # fmt: skip
from bot.screens import Key, Screen, cut, esc, in_pairs, quote, rows, way_out
from bot.screens.cards import STARS, answer_key, change_line
from bot.screens.histories import window_head
from bot.services.cases import Case
from bot.services.people import Me
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts.times import ago
from bot.texts.words import (
    answer_name,
    client_reason,
    refusal,
    status_icon,
    status_meaning,
    status_name,
)
from domain.objects import ObjectStatus
from domain.process import RATINGS, ClientReason, Kind, Reason, Row
from domain.roles import Role
from storage.history import Entry

LABEL_LIMIT = 60
NAMES_LIMIT = 8
"""As many names as fit two lines of a phone."""
NAME_UNITS = 40
"""So much of each of them: with the longest comment they have to fit one message."""
_LIKELY = {
    status: place
    for place, status in enumerate((
        ObjectStatus.ACTIVE, ObjectStatus.VERIFIED, ObjectStatus.SERVICED, ObjectStatus.EQUIPPED,
        ObjectStatus.INSTALLATION, ObjectStatus.DIAGNOSTICS, ObjectStatus.SERVICE, ObjectStatus.DISMANTLING,
        ObjectStatus.ADDITIONAL_ORDER, ObjectStatus.FAULTY, ObjectStatus.BLOCKED, ObjectStatus.OUT_OF_SERVICE,
        ObjectStatus.NEW, ObjectStatus.CANCELED, ObjectStatus.DECOMMISSIONED,
    ))
}  # fmt: skip
"""The order in which next statuses are offered: the likely first, what cannot be undone last."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A change as far as it is filled in.

    ``via``: the status between, when a client's request is answered; ``asked``: the client's words.
    """

    case: Case
    row: Row[Any]
    comment: str = ""
    photos: int = 0
    terminal: str | None = None
    reason: ClientReason | None = None
    rating: int | None = None
    hearers: Sequence[str] = ()
    via: ObjectStatus | None = None
    asked: str = ""


def choose_status(
    case: Case, me: Me, choices: Sequence[Row[Any]], answer: Row[ObjectStatus] | None = None
) -> Screen:
    """The next statuses, each with one line on what it means; first the ``answer`` to a request."""
    if me.has(Role.CLIENT) and case.status is ObjectStatus.VERIFIED:
        return _client_answers(case, choices)
    ordered = sorted(choices, key=lambda row: _LIKELY.get(row.target, 0))
    lines = [
        f"{status_icon(row.target)} <b>{esc(status_name(row.target))}</b> – {esc(status_meaning(row.target))}"
        for row in ordered
    ]
    keys = [
        Key(
            f"{status_icon(row.target)} {status_name(row.target)}",
            PickStatus(case.kind, case.id, case.version, row.no),
        )
        for row in ordered
    ]
    first = []
    if answer is not None:
        first = [answer_key(case.id, case.version, answer.target)]
        name = f"{status_icon(answer.target)} <b>{esc(answer_name(answer.target))}</b>"
        lines.insert(0, _("{answer} – what the client asks for, in one step").format(answer=name))
    question = _("What happened?") if case.kind is Kind.OBJECT else _("What is next?")
    head = f"<b>{esc(case.title)}</b> · {esc(status_name(case.status))}"
    if case.kind is Kind.CLIENT:
        head = window_head(case)
    return Screen(
        "\n".join([head, question, *lines]),
        rows(
            first,
            *in_pairs(keys),
            [Key(_("Why no other?"), WhyNot(case.kind, case.id))],
            [Key(_("« Back"), Open(case.kind, case.id))],
        ),
    )


def _client_answers(case: Case, choices: Sequence[Row[Any]]) -> Screen:
    """The client says whether it works, and need not know which status follows from a no."""
    return Screen(
        f"⏳ <b>{esc(case.title)}</b>\n" + _("Does it work to your satisfaction?"),
        rows(*answer_keys(case.id, case.version, choices), [Key(_("« Back"), Open(case.kind, case.id))]),
    )


def answer_keys(object_id: int, version: int, choices: Sequence[Row[Any]]) -> list[list[Key]]:
    """The client's yes and no to a Verified object."""
    labels = {True: _("👍 Yes, put it into operation"), False: _("👎 No, something is wrong")}
    return [
        [Key(labels[row.target is ObjectStatus.ACTIVE], PickStatus(Kind.OBJECT, object_id, version, row.no))]
        for row in choices
    ]


def heading(plan: Plan) -> str:
    """The first line of each step: what changes into what."""
    before = " → ".join(status_name(one) for one in (plan.case.status, plan.via) if one)
    return f"<b>{esc(plan.case.title)}</b> · {esc(before)} → <b>{esc(status_name(plan.row.target))}</b>"


def ask_sure(plan: Plan) -> Screen:
    """The first of the two confirmations of what cannot be undone."""
    return Screen(
        f"{heading(plan)}\n⛔ " + _("This cannot be undone: there is no way back from here. Are you sure?"),
        rows([Key(_("Yes, I am sure"), Sure())], way_out()),
    )


def ask_terminal(plan: Plan) -> Screen:
    """Which terminal is on the object?"""
    known = plan.case.object.terminal if plan.case.object else None
    if known:
        text = _("The terminal is {number}. Send the new number if it was replaced.").format(
            number=f"<code>{esc(known)}</code>"
        )
        key = Key(_("Keep {number}").format(number=known), KeepTerminal())
    else:
        text = _("Send the terminal's number (IMEI), as it stands on its label.")
        key = Key(_("Skip, I do not know it"), KeepTerminal())
    return Screen(f"{heading(plan)}\n{text}", rows([key], way_out()))


def ask_reason(plan: Plan) -> Screen:
    """Why does the client take the object out of service?"""
    keys = [[Key(client_reason(reason), PickReason(reason))] for reason in ClientReason]
    return Screen(f"<b>{esc(plan.case.title)}</b>\n" + _("What is needed?"), rows(*keys, way_out()))


def ask_rating(plan: Plan) -> Screen:
    """How well was it commissioned?"""
    keys = [Key(STARS * stars, Rate(stars)) for stars in RATINGS]
    return Screen(
        f"{heading(plan)}\n" + _("How satisfied are you, from one star to five?"),
        rows(keys[:3], keys[3:], way_out()),
    )


def ask_comment(plan: Plan, suggestions: Sequence[str], *, client: bool, window: str = "") -> Screen:
    """The comment, which every change needs; ``window`` is a client's status window above it."""
    if plan.photos:
        text = ngettext(
            "{n} photo is there. Now write the comment.",
            "{n} photos are there. Now write the comment.",
            plan.photos,
        ).format(n=plan.photos)
    elif client:
        text = _("A few words for those who look after it, please. Photos are welcome.")
    elif plan.case.kind is Kind.CLIENT:
        text = _("Write a comment: what was said, what was agreed.")
    elif plan.row.target is ObjectStatus.FAULTY:
        text = _("Write what the client has to correct: the client reads this. Photos are welcome.")
    elif plan.via is not None:
        text = _("Write what happens next: the client reads this. Photos are welcome.")
    else:
        text = _("Write what was done. The client reads this. Photos are welcome, before or after.")
    keys = [[Key(f"❝ {_short(words)} ❞", SayAgain(position))] for position, words in enumerate(suggestions)]
    head = f"{window}\n\n" if window else ""
    asked = f"{quote(plan.asked)}\n" if plan.asked else ""
    return Screen(f"{head}{heading(plan)}\n{_given(plan)}{asked}{text}", rows(*keys, way_out()))


def summary(plan: Plan) -> Screen:
    """Everything that will be recorded, and who will be told; the button says what it does."""
    target = status_name(plan.row.target)
    lines = [heading(plan), _given(plan).strip(), quote(plan.comment)]
    if plan.photos:
        lines.append(ngettext("{n} photo", "{n} photos", plan.photos).format(n=plan.photos))
    lines.append(told_line(plan.hearers))
    return Screen(
        "\n".join(filter(None, lines)),
        rows(
            [
                Key(
                    _("Change status to {status}").format(status=target),
                    Confirm(plan.case.kind, plan.case.id),
                )
            ],
            [Key(_("Change the comment"), Rewrite())],
            way_out(),
        ),
    )


def told_line(hearers: Sequence[str]) -> str:
    """Who will be told; empty when nobody will."""
    if not hearers:
        return ""
    told, more = ", ".join(map(short_name, hearers[:NAMES_LIMIT])), len(hearers) - NAMES_LIMIT
    if more > 0:
        told += ngettext(" and {n} more", " and {n} more", more).format(n=more)
    return _("Will be told: {names}").format(names=esc(told))


def short_name(name: str) -> str:
    """So much of a name as fits."""
    short = cut(name, NAME_UNITS)
    return name if short == name else f"{short}…"


def _given(plan: Plan) -> str:
    request = plan.case.object.open_request if plan.case.object and plan.via else None
    parts = [
        _("The client asks: {reason}").format(reason=client_reason(request)) if request else None,
        _("Reason: {reason}").format(reason=client_reason(plan.reason)) if plan.reason else None,
        STARS * plan.rating if plan.rating else None,
        _("Terminal {number}").format(number=plan.terminal) if plan.terminal else None,
    ]
    line = " · ".join(esc(part) for part in parts if part)
    return f"{line}\n" if line else ""


def too_late(
    case: Case, entry: Entry | None, time_zone: str, now: datetime, *, wanted: str, kept: bool
) -> Screen:
    """Somebody was faster: who set what, and what becomes of the comment."""
    lines = [f"<b>{esc(case.title)}</b>"]
    if entry is not None:
        lines += [
            _("Somebody was faster, {ago}, so «{status}» was not saved:").format(
                ago=ago(entry.record.at, now), status=esc(wanted)
            ),
            change_line(entry, time_zone),
            quote(entry.record.comment),
        ]
    keys = [Key(_("See how it is now"), Open(case.kind, case.id))]
    if kept:
        lines.append(_("Your comment is kept. Add it as a note?"))
        keys.insert(0, Key(_("Add as a note"), KeepAsNote()))
    return Screen("\n".join(lines), rows(keys))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LABEL_LIMIT else line[: LABEL_LIMIT - 1] + "…"


def said_problem(screen: Screen, reason: Reason) -> Screen:
    """The same step again, with what was wrong with the answer on top."""
    return Screen(f"⚠️ {esc(refusal(reason))}\n\n{screen.text}", screen.keyboard)

"""The change of a status, of an object and of a client alike.

    card / window / list -> next statuses -> [sure?] -> [terminal] -> [reason] -> [rating]
        -> comment, photos -> summary -> «Change status to …» -> the card as it is now
    alert / card / next statuses -> the answer to a client's request -> comment, photos -> …

A step stands in the draft as soon as it is answered; «Back» takes the last answer away. If somebody
else sets a status meanwhile, the next press says so and offers to keep the comment as a note.
"""

from typing import Any

from telegram.ext import MessageHandler, filters

from bot.buttons import (
    Back,
    Cancel,
    ChangeStatus,
    Confirm,
    FollowUp,
    KeepAsNote,
    KeepTerminal,
    PickReason,
    PickStatus,
    Rate,
    Rewrite,
    SayAgain,
    Sure,
)  # fmt: skip
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.asking import Step, answer, ask_again, begin, give_up, resume, show_too_late
from bot.conversations.parts import MESSAGE, add_photo, inner, on, photos_of
from bot.conversations.ways import cancel, show_case
from bot.screens.answers import people_told
from bot.screens.change import (
    choose_status,
)  # fmt: skip
from bot.services.cases import Case, Changed, Wish, change_status, choices, free_terminal, load
from bot.services.follow_ups import answer_to, follow_up, step_of
from bot.services.objects import add_note, checked_terminal
from bot.texts import gettext as _
from bot.texts.words import status_name
from domain.process import (
    RATINGS,
    ClientReason,
    Kind,
    Reason,
    Refused,
    Request,
    Row,
    checked_comment,
    obstacle,
)


@step
def offer(talk: Talk) -> object:
    """The next statuses; a single one is taken at once."""
    pressed = button(talk, ChangeStatus)
    case = load(talk.uow, talk.me, pressed.kind, pressed.id)
    found = choices(case, talk.me.actor, talk.now)
    if len(found) == 1 and answer_to(case.object, talk.me.actor, talk.now) is None:
        return begin(talk, case, found[0])
    return _offer(talk, case, found)


def _offer(talk: Talk, case: Case, found: list[Row[Any]]) -> object:
    if not found:
        talk.toast(_("You cannot change the status now. «Why no other?» says who can."))
    talk.show(choose_status(case, talk.me, found, answer_to(case.object, talk.me.actor, talk.now)))
    return END


@step
def pick(talk: Talk) -> object:
    """One of the next statuses was pressed."""
    pressed = button(talk, PickStatus)
    case = load(talk.uow, talk.me, pressed.kind, pressed.id)
    if case.version != pressed.version:
        return show_too_late(talk, case, None)
    row = case.row(pressed.row)
    problem = obstacle(row, talk.me.actor, case.subject, talk.now)
    if problem is not None:
        raise Refused(problem)
    return begin(talk, case, row)


@step
def answer_request(talk: Talk) -> object:
    """The one step that answers a client's request; too late, it shows how things are now."""
    pressed = button(talk, FollowUp)
    case = load(talk.uow, talk.me, Kind.OBJECT, pressed.object_id)
    if case.version != pressed.version:
        talk.toast(_("It was changed meanwhile: this is how it is now."), alert=True)
        show_case(talk, case.kind, case.id)
        return END
    _back, on = step_of(case, talk.me.actor, talk.now)
    return begin(talk, case, on, follow_up=True)


@step
def sure(talk: Talk) -> object:
    """The first of the two confirmations."""
    return answer(talk, Step.SURE, sure=True)


@step
def keep_terminal(talk: Talk) -> object:
    """The terminal stays as it is."""
    return answer(talk, Step.TERMINAL, terminal=None)


@step
def type_terminal(talk: Talk) -> object:
    """A terminal's number was typed."""
    try:
        terminal = checked_terminal(talk.said)
        record = load(talk.uow, talk.me, Kind.OBJECT, talk.draft["id"]).seen.object
        if terminal != record.terminal:
            free_terminal(talk.uow, terminal)
    except Refused as refused:
        return ask_again(talk, talk.refused(refused.reason))
    return answer(talk, Step.TERMINAL, terminal=terminal)


@step
def give_reason(talk: Talk) -> object:
    """The client's reason."""
    return answer(talk, Step.REASON, reason=button(talk, PickReason).reason)


@step
def rate(talk: Talk) -> object:
    """The client's rating."""
    stars = button(talk, Rate).stars
    if stars not in RATINGS:
        return ask_again(talk, talk.refused(Reason.RATING_MISSING))
    return answer(talk, Step.RATING, rating=stars)


@step
def comment(talk: Talk) -> object:
    """A comment, a photo, or both; at the summary a text takes the place of the comment."""
    quiet = add_photo(talk)
    if quiet is not None and not talk.said.strip():
        return ask_again(talk, quiet=quiet)
    try:
        words = checked_comment(talk.said)
    except Refused as refused:
        return ask_again(talk, talk.refused(refused.reason))
    return answer(talk, Step.COMMENT, comment=words)


@step
def say_again(talk: Talk) -> object:
    """One of the suggested comments."""
    offered = talk.draft.get("suggestions", [])
    position = button(talk, SayAgain).position
    if not 0 <= position < len(offered):
        return ask_again(talk)
    return answer(talk, Step.COMMENT, comment=offered[position])


@step
def rewrite(talk: Talk) -> object:
    """Change the comment."""
    talk.draft["answered"] = [one for one in talk.draft["answered"] if one != Step.COMMENT]
    return ask_again(talk)


@step
def back(talk: Talk) -> object:
    """Take the last answer away; before the first, show the next statuses again."""
    if talk.draft["answered"]:
        talk.draft["answered"].pop()
        return ask_again(talk)
    case = load(talk.uow, talk.me, Kind(talk.draft["kind"]), talk.draft["id"])
    found = choices(case, talk.me.actor, talk.now)
    if len(found) > 1 or answer_to(case.object, talk.me.actor, talk.now) is not None:
        return _offer(talk, case, found)
    show_case(talk, case.kind, case.id)
    return END


@step
def again(talk: Talk) -> object:
    """Something came that does not answer the question: ask it once more, and keep a photo for later."""
    return ask_again(talk, quiet=bool(add_photo(talk)))


@step
def confirm(talk: Talk) -> object:
    """«Change status to …»."""
    try:
        case, row = resume(talk)
        with talk.uow.savepoint():
            changed = _change(talk, case, row)
    except Refused as refused:
        return give_up(talk, refused)
    done = _("{title} is {status}.").format(title=case.title, status=status_name(row.target))
    talk.toast(people_told(done, changed.told))
    show_case(talk, case.kind, case.id)
    return END


def _change(talk: Talk, case: Case, row: Row[Any]) -> Changed:
    draft, photos = talk.draft, photos_of(talk)
    comment = draft.get("comment", "")
    if draft.get("follow_up"):
        return follow_up(talk.uow, talk.me, case, comment, photos, draft["version"], talk.now)
    request = Request(
        row.target,
        comment,
        rating=draft.get("rating"),
        reason=ClientReason(draft["reason"]) if draft.get("reason") else None,
        confirmed_twice=bool(draft.get("sure")),
    )
    wish = Wish(request, draft["version"], terminal=draft.get("terminal"), photos=photos)
    return change_status(talk.uow, talk.me, case, wish, talk.now)


@step
def keep_as_note(talk: Talk) -> object:
    """Somebody was faster: the comment becomes a note."""
    add_note(talk.uow, talk.me, talk.draft["id"], talk.draft["comment"], photos_of(talk), talk.now)
    talk.toast(_("Your comment is kept as a note."))
    show_case(talk, Kind.OBJECT, talk.draft["id"])
    return END


def build(family: list[Dialogue]) -> Dialogue:
    """The dialogue, its buttons and its states."""
    words = MessageHandler(MESSAGE & (filters.TEXT | filters.PHOTO), comment)
    return Dialogue(
        family,
        name="change",
        entry_points=[on(ChangeStatus, offer), on(PickStatus, pick), on(FollowUp, answer_request)],
        states={
            Step.SURE: [on(Sure, sure)],
            Step.TERMINAL: [
                on(KeepTerminal, keep_terminal),
                MessageHandler(MESSAGE & filters.TEXT, type_terminal),
            ],
            Step.REASON: [on(PickReason, give_reason)],
            Step.RATING: [on(Rate, rate)],
            Step.COMMENT: [words, on(SayAgain, say_again)],
            Step.SUMMARY: [on(Confirm, confirm), on(Rewrite, rewrite), words],
            Step.TOO_LATE: [on(KeepAsNote, keep_as_note)],
        },
        fallbacks=[on(Back, back), on(Cancel, cancel), inner(again), MessageHandler(MESSAGE, again)],
        allow_reentry=True,
    )

"""Many objects at once: picking them, what is done to all, and the results.

    list -> «Select…» -> ticks, numbers -> what to do -> a status for all -> [sure?] -> [reason] -> [rating]
                                        |               -> comment, photos -> summary -> progress -> results
                                        '-> an installer for all --------------^

What is picked stands in the database; the draft holds where one is and the answers. «Back» leads one step
back everywhere. The work itself is done in steps beside the conversation (bot/services/bulk_run.py).
"""

from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.buttons import Back, Cancel, Confirm, ObjectList, PickReason, Rate, Rewrite, SayAgain, Sure
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.bulk_asking import (
    Step,
    answer,
    at,
    questions_of,
    repaint,
    reply,
    selection,
    show_installers,
    show_picking,
    show_statuses,
    show_what,
)  # fmt: skip
from bot.conversations.bulk_ending import confirm, heard, how_far, send_file, show_again
from bot.conversations.last import search
from bot.conversations.parts import INNER, MESSAGE, add_photo, begin, on, take_back
from bot.conversations.ways import show_objects
from bot.screens.bulk_buttons import (
    INSIDE,
    BulkDo,
    BulkFile,
    BulkName,
    BulkObjects,
    BulkOf,
    BulkPeople,
    BulkReport,
    BulkTo,
    PickPage,
    SelectFrom,
    Tick,
    TickList,
)  # fmt: skip
from bot.screens.bulk_picking import full, taken_note, trouble_note
from bot.services import bulk
from bot.services.numbers import read_numbers
from bot.services.numbers_file import FILE_LIMIT, LANE
from bot.services.objects import MAY_ASSIGN
from bot.texts import gettext as _
from domain.objects import ObjectStatus
from domain.process import Reason, Refused, checked_comment
from storage.bulk_tables import BulkKind
from storage.outbox import Message


@step
def start(talk: Talk) -> object:
    """«Select…» under a list."""
    pressed = button(talk, SelectFrom)
    view = ObjectList(
        pressed.tasks, 0, pressed.colour, pressed.status, pressed.client_id, pressed.mine, pressed.found,
        pressed.due,
    )  # fmt: skip
    begin(talk, bulk=bulk.begin(talk.uow, talk.me, talk.now), view=view.pack())
    return show_picking(talk)


@step
def tick(talk: Talk) -> object:
    """One object, in or out."""
    pressed = button(talk, Tick)
    bulk_id = selection(talk)
    try:
        if not bulk.tick(talk.uow, talk.me, bulk_id, pressed.object_id, on=pressed.on):
            talk.toast(full(), alert=True)
    except Refused as refused:
        talk.refused(refused.reason)
        talk.toast(_("This one is not there any more."))
    return show_picking(talk)


@step
def tick_list(talk: Talk) -> object:
    """The whole list, or nothing any more."""
    pressed = button(talk, TickList)
    bulk_id = selection(talk)
    if not pressed.on:
        talk.uow.bulks.clear(bulk_id)
    elif not bulk.tick_list(talk.uow, talk.me, bulk_id, at(talk).wanted, talk.now):
        talk.toast(full(), alert=True)
    return show_picking(talk)


@step
def turn(talk: Talk) -> object:
    """Another page of the list."""
    talk.draft["page"] = max(button(talk, PickPage).page, 0)
    return show_picking(talk)


@step
def numbers(talk: Talk) -> object:
    """A text of numbers."""
    taken = bulk.tick_numbers(
        talk.uow, talk.me, selection(talk), read_numbers(talk.said), at(talk).view.client_id
    )
    return show_picking(talk, taken_note(taken))


@step
def numbers_file(talk: Talk) -> object:
    """A file of numbers: it is fetched beside the conversation."""
    bulk_id = selection(talk)
    document = talk.message.document if talk.message else None
    if document is None or (document.file_size or 0) > FILE_LIMIT:
        return show_picking(talk, trouble_note(_("This file is too long for a list of numbers.")))
    row = {"bulk_id": bulk_id, "file_id": document.file_id, "chat_id": talk.chat_id}
    row["client_id"] = at(talk).view.client_id
    state = show_picking(talk, _("Reading the file…") + "\n")
    talk.uow.outbox.add([Message("bulk-numbers", LANE, row, person_id=talk.me.id)], talk.now)
    return state


@step
def what(talk: Talk) -> object:
    """What is to be done; a way with one branch is skipped."""
    kind = button(talk, BulkDo).kind
    if not talk.uow.bulks.count(selection(talk)):
        talk.toast(_("Nothing is chosen yet."))
        return show_picking(talk)
    if kind == BulkKind.ASSIGN:
        return show_installers(talk, draw=True)
    if kind == BulkKind.STATUS or not talk.me.has(MAY_ASSIGN):
        return show_statuses(talk)
    return show_what(talk)


@step
def choose_status(talk: Talk) -> object:
    """A status for all; or first only those for which it is allowed."""
    pressed, bulk_id = button(talk, BulkTo), selection(talk)
    if not 0 <= pressed.status < len(ObjectStatus):
        raise Refused(Reason.NOT_FOUND)
    target = list(ObjectStatus)[pressed.status]
    if pressed.narrow:
        bulk.narrow(talk.uow, talk.me, bulk_id, target, talk.now)
    found = bulk.options(talk.uow, talk.me, bulk_id, talk.now)
    fit = next((fit for fit in found.fits if fit.for_all and fit.target is target), None)
    if fit is None:  # what is hidden meanwhile is refused one by one, and stands in the results
        talk.toast(_("That does not fit all of them now."), alert=True)
        return show_statuses(talk)
    questions = questions_of(fit)
    return reply(talk, action=BulkKind.STATUS, target=target, questions=questions, answered=[])


@step
def choose_installer(talk: Talk) -> object:
    """An installer for all."""
    person_id = button(talk, BulkName).person_id
    try:
        name = bulk.installer_named(talk.uow, talk.me, selection(talk), person_id)
    except Refused as refused:
        if talk.refused(refused.reason) is not Reason.NOT_FOUND:
            raise
        talk.toast(_("This person cannot be named for all of them."), alert=True)
        return show_installers(talk)
    return reply(talk, action=BulkKind.ASSIGN, person=person_id, name=name, questions=[], answered=[])


@step
def turn_people(talk: Talk) -> object:
    """Another page of installers."""
    talk.draft["people_page"] = max(button(talk, BulkPeople).page, 0)
    return show_installers(talk)


@step
def only_of(talk: Talk) -> object:
    """Only those whom one organisation looks after."""
    bulk_id = selection(talk)
    bulk.narrow_to_parent(talk.uow, talk.me, bulk_id, button(talk, BulkOf).parent_id)
    return show_installers(talk) if talk.uow.bulks.count(bulk_id) else show_picking(talk)


@step
def sure(talk: Talk) -> object:
    """The first of the two confirmations."""
    return answer(talk, Step.SURE, sure=True)


@step
def give_reason(talk: Talk) -> object:
    """The client's reason."""
    return answer(talk, Step.REASON, reason=button(talk, PickReason).reason)


@step
def rate(talk: Talk) -> object:
    """The client's rating."""
    return answer(talk, Step.RATING, rating=button(talk, Rate).stars)


@step
def comment(talk: Talk) -> object:
    """A comment, a photo, or both; at the summary a text takes the place of the comment."""
    if talk.draft["action"] != BulkKind.STATUS:
        return repaint(talk)
    quiet = add_photo(talk)
    if quiet is not None and not talk.said.strip():
        return repaint(talk, quiet=quiet)
    try:
        words = checked_comment(talk.said)
    except Refused as refused:
        return repaint(talk, problem=talk.refused(refused.reason))
    return answer(talk, Step.COMMENT, comment=words)


@step
def say_again(talk: Talk) -> object:
    """One of the suggested comments."""
    offered, position = talk.draft.get("suggestions", []), button(talk, SayAgain).position
    if not 0 <= position < len(offered):
        return repaint(talk)
    return answer(talk, Step.COMMENT, comment=offered[position])


@step
def rewrite(talk: Talk) -> object:
    """Change the comment."""
    take_back(talk, Step.COMMENT)
    return repaint(talk)


@step
def back(talk: Talk) -> object:
    """One step back, whichever it is."""
    where = Step(talk.draft["at"])
    if where is Step.PICKING:
        show_objects(talk, at(talk).view)
        return END
    if where is Step.WHAT:
        return show_picking(talk)
    if where in {Step.STATUS, Step.INSTALLER}:
        return show_what(talk) if talk.me.has(MAY_ASSIGN) else show_picking(talk)
    if take_back(talk):
        return repaint(talk)
    return show_installers(talk) if talk.draft["action"] == BulkKind.ASSIGN else show_statuses(talk)


@step
def cancel(talk: Talk) -> object:
    """Leave it: nothing changes, and the list is shown again."""
    talk.toast(_("Nothing was changed."))
    show_objects(talk, at(talk).view)
    return END


@step
def again(talk: Talk) -> object:
    """Something came that does not answer the question: ask it once more."""
    return repaint(talk)


def build(family: list[Dialogue]) -> Dialogue:
    """The dialogue, its buttons and its states."""
    words = MessageHandler(MESSAGE & (filters.TEXT | filters.PHOTO), comment)
    stale = "|".join(kind.TAG for kind in (*INNER, *INSIDE))
    ways = [on(Back, back), on(Cancel, cancel)]
    anything = [CallbackQueryHandler(again, pattern=rf"^({stale})(:|$)"), MessageHandler(MESSAGE, again)]
    done = CallbackQueryHandler(show_again, pattern=rf"^({stale}|{Back.TAG}|{Cancel.TAG})(:|$)")
    return Dialogue(
        family,
        name="bulk",
        entry_points=[
            on(SelectFrom, start), on(BulkReport, how_far), on(BulkFile, send_file), on(BulkObjects, heard),
        ],
        states={
            Step.PICKING: [
                on(Tick, tick), on(TickList, tick_list), on(PickPage, turn), on(BulkDo, what),
                MessageHandler(MESSAGE & filters.TEXT, numbers),
                MessageHandler(MESSAGE & filters.Document.ALL, numbers_file),
            ],
            Step.WHAT: [on(BulkDo, what)],
            Step.STATUS: [on(BulkTo, choose_status)],
            Step.INSTALLER: [
                on(BulkName, choose_installer), on(BulkPeople, turn_people), on(BulkOf, only_of),
            ],
            Step.SURE: [on(Sure, sure)],
            Step.REASON: [on(PickReason, give_reason)],
            Step.RATING: [on(Rate, rate)],
            Step.COMMENT: [words, on(SayAgain, say_again)],
            Step.SUMMARY: [on(Confirm, confirm), on(Rewrite, rewrite), words],
            Step.RUNNING: [done, MessageHandler(MESSAGE, search)],
        },
        fallbacks=[*ways, *anything],
        allow_reentry=True,
    )  # fmt: skip

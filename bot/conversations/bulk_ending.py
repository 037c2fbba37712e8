"""The end of a change of many objects: it is started, and what came of it is shown."""

from bot.context import END, Talk, button, step
from bot.conversations.bulk_asking import Step, selection
from bot.conversations.parts import photos_of
from bot.screens.bulk_buttons import BulkFile, BulkObjects, BulkReport
from bot.screens.bulk_results import heard_list, heard_nothing, report_screen
from bot.services import bulk
from bot.services.bulk_results import PAGE, own, report
from bot.services.bulk_results import heard as heard_of
from bot.services.bulk_run import BulkWish, start_assignment, start_change
from bot.texts import gettext as _
from domain.objects import ObjectStatus
from domain.process import ClientReason
from storage.bulk_tables import BulkKind
from storage.outbox import Message


@step
def confirm(talk: Talk) -> object:
    """The last button: the work begins beside the conversation."""
    draft, bulk_id = talk.draft, selection(talk)
    record = bulk.picking(talk.uow, talk.me, bulk_id)
    if draft["action"] == BulkKind.ASSIGN:
        bulk.installer_named(talk.uow, talk.me, bulk_id, draft["person"])
        start_assignment(talk.uow, record, draft["person"], talk.now)
    else:
        wish = BulkWish(
            ObjectStatus(draft["target"]),
            draft["comment"],
            draft.get("rating"),
            ClientReason(draft["reason"]) if draft.get("reason") else None,
            bool(draft.get("sure")),
            tuple(photos_of(talk)),
        )
        start_change(talk.uow, record, wish, talk.now)
    return _show(talk, bulk_id)


def _show(talk: Talk, bulk_id: int, page: int = 0) -> object:
    """The progress, which is kept up to date while it is looked at; at the end the results."""
    found = report(talk.uow, talk.me, bulk_id, page)
    talk.show(report_screen(found))
    if found.is_done:
        return END
    talk.draft.clear()
    talk.draft["bulk"] = bulk_id
    return Step.RUNNING


@step
def how_far(talk: Talk) -> object:
    """How far it is; a page of the results."""
    pressed = button(talk, BulkReport)
    return _show(talk, pressed.bulk_id, pressed.page)


@step
def show_again(talk: Talk) -> object:
    """A second tap on a button of the dialogue: it has begun already."""
    return _show(talk, talk.draft["bulk"])


@step
def send_file(talk: Talk) -> object:
    """The results as a file, made beside the conversation."""
    bulk_id = button(talk, BulkFile).bulk_id
    own(talk.uow, talk.me, bulk_id)
    row = {"bulk_id": bulk_id}
    talk.uow.outbox.add([Message("bulk-file", talk.chat_id, row, person_id=talk.me.id)], talk.now)
    talk.toast(_("Here it comes."))
    return END


@step
def heard(talk: Talk) -> object:
    """The objects of somebody's change of many that are my turn."""
    pressed = button(talk, BulkObjects)
    found = heard_of(talk.uow, talk.me, pressed.bulk_id, talk.now)
    if found is None:
        talk.show(heard_nothing())
        return END
    page = min(max(pressed.page, 0), (len(found.seen) - 1) // PAGE)
    talk.show(heard_list(found, found.page(page, talk.now), page, talk.now))
    return END

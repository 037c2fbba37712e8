"""What answers when nothing else does, so that nobody is left without an answer.

a text -> looked for among the objects; a file -> no list of machines; an old button -> how it is now;
blocked or let in again -> noted
"""

from telegram.ext import CallbackQueryHandler, ChatMemberHandler, MessageHandler, filters

from bot.buttons import (
    ObjectList,
)  # fmt: skip
from bot.context import END, Dialogue, Talk, arrival, step
from bot.conversations.ways import open_case, show_menu, show_objects, show_subject
from bot.groups import GroupTalk, group_step
from bot.screens.importing import no_list
from bot.services.objects import creates, listing
from bot.services.people import lose, welcome_back
from bot.texts import gettext as _
from domain.process import Kind
from storage.object_terms import ObjectFilter


def look_for_it(talk: Talk) -> object:
    """A text outside of any dialogue is looked for; what is found alone is opened."""
    words = " ".join(talk.said.split())
    if not words and _is_file(talk) and creates(talk.me):
        talk.show(no_list())
        return END
    if not words:
        show_menu(talk)
        return END
    talk.uow.dialogues.set_words(talk.chat_id, words)
    found = listing(talk.uow, talk.me, ObjectFilter(query=words[:80]), 0, talk.now)
    if found.total == 1:
        open_case(talk, Kind.OBJECT, found.lines[0].record.id or 0)
    else:
        show_objects(talk, ObjectList(found=True))
    return END


def _is_file(talk: Talk) -> bool:
    """A file, and no picture sent as one; what its name says is a table was taken before."""
    document = talk.message.document if talk.message else None
    return document is not None and not (document.mime_type or "").startswith("image/")


search = step(look_for_it)


@step
def outdated(talk: Talk) -> object:
    """A button that no dialogue waits for: of an older message or release, or pressed twice."""
    talk.toast(_("This button is from before. Here is how it is now."))
    if not show_subject(talk):
        show_menu(talk)
    return END


@group_step
def elsewhere(talk: GroupTalk) -> None:
    """A button in a group that works in private alone."""
    talk.toast(_("This button works in our private chat."))


@arrival
def membership(talk: Talk) -> object:
    """The person blocked the bot, or let it in again."""
    change = talk.update.my_chat_member
    person = talk.uow.people.by_telegram_id(talk.user_id)
    if change is not None and person is not None:
        if change.new_chat_member.status == "member":
            welcome_back(talk.uow, person, talk.now)
        else:
            lose(talk.uow, talk.user_id, talk.now)
    return END


def build(family: list[Dialogue]) -> Dialogue:
    """A dialogue of no steps; it has to be the last that is asked."""
    return Dialogue(
        family,
        name="last",
        entry_points=[
            MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE, search),
            CallbackQueryHandler(outdated),
            ChatMemberHandler(membership, ChatMemberHandler.MY_CHAT_MEMBER),
        ],
        states={},
        fallbacks=[],
        allow_reentry=True,
    )

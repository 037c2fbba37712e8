"""Steps in groups: a command or a press there, by somebody whom the bot knows, answered in a line.

    /command@bot, a button --> who is it? --> a plain step ``(talk) -> None`` --> a toast, a line in the topic
                                   '--> nobody of ours: nothing, the button only stops spinning

No dialogue runs in a group. A module that has something to say there writes its step and a function
``in_groups``, and ``bot.conversations.in_groups`` names the module:

    @group_step
    def take(talk: GroupTalk) -> None:
        pressed = button(talk, TakeIt)                 # hostile input, as in private
        claim(talk.uow, talk.me, pressed.object_id, talk.now)   # ``Refused`` becomes the toast
        talk.toast(_("It is yours."))

    def in_groups() -> list[GroupHandler]:
        return [press(TakeIt, take)]

The same button in a private chat needs its handler there, too. A button that has no handler here says
that it works in private. ``group_event`` is for what happens to a group, whoever did it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from telegram import Chat, Update
from telegram.ext import (
    BaseHandler,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.buttons import Button
from bot.context import Handler, Turn
from bot.screens import Screen, esc, packed
from bot.screens.answers import refusal_toast
from bot.services.groups import group_message
from bot.services.people import Me, recognise
from bot.texts import speaking
from bot.unit import Answer, Unit, unit_in_hand
from domain.process import Refused
from storage.database import UnitOfWork

GroupHandler = BaseHandler[Any, Any, Any]


@dataclass(slots=True)
class GroupTalk(Turn):
    """What a step in a group knows about the update, and what it may say."""

    @property
    def thread_id(self) -> int:
        """The topic; 0 outside of topics, where a chain of answers has a number as well."""
        message = self.update.effective_message
        if message is None or not message.is_topic_message:
            return 0
        return message.message_thread_id or 0

    @property
    def title(self) -> str:
        """What the group is called, with the topic as far as the message tells."""
        chat, message = self.update.effective_chat, self.update.effective_message
        begun = message.reply_to_message.forum_topic_created if message and message.reply_to_message else None
        names = [(chat.title or "") if chat else "", begun.name if begun and self.thread_id else ""]
        return " · ".join(name for name in names if name)

    def say(self, screen: Screen) -> None:
        """Write into the topic, or into the group where it has none."""
        message = group_message(self.chat_id, self.thread_id, screen.text, packed(screen.keyboard))
        self.uow.outbox.add([message], self.now)

    def refuse(self, refused: Refused) -> None:
        """Why not: to whoever pressed as a window over the chat, to whoever wrote as a line."""
        why = refusal_toast(self.refused(refused.reason))
        if self.update.callback_query:
            self.toast(why, alert=True)
        else:
            self.say(Screen(esc(why)))


GroupStep = Callable[[GroupTalk], None]


def group_step(function: GroupStep) -> Handler:
    """Make a handler of a step for people whom the bot knows; others learn nothing."""
    return _handler(function, anybody=False)


def group_event(function: GroupStep) -> Handler:
    """Make a handler of what happens to a group; ``talk.me`` may be ``Me.stranger()``."""
    return _handler(function, anybody=True)


def _handler(function: GroupStep, *, anybody: bool) -> Handler:
    @wraps(function)
    async def callback(update: Update, _context: CallbackContext[Any, Any, Any, Any]) -> None:
        unit = unit_in_hand()
        await unit.run(lambda uow: _take(function, unit, uow, update, anybody=anybody))

    return callback


def _take(function: GroupStep, unit: Unit, uow: UnitOfWork, update: Update, *, anybody: bool) -> None:
    if update.callback_query:
        unit.answer = Answer(update.callback_query.id)  # without one the button would go on spinning
    me = recognise(uow, update.effective_user.id) if update.effective_user else None
    if me is None and not anybody:
        return
    talk = GroupTalk(unit, uow, update, unit.clock(), me or Me.stranger())
    with speaking(talk.me.language):
        try:
            with uow.savepoint():
                function(talk)
        except Refused as refused:
            talk.refuse(refused)


def in_group(update: object) -> bool:
    """Whether it happened in a group."""
    chat = update.effective_chat if isinstance(update, Update) else None
    return chat is not None and chat.type in {Chat.GROUP, Chat.SUPERGROUP}


class _Press(CallbackQueryHandler[Any, Any]):
    def check_update(self, update: object) -> Any:  # noqa: ANN401  # the library's own
        return super().check_update(update) if in_group(update) else None


class _Coming(ChatMemberHandler[Any, Any]):
    def check_update(self, update: object) -> bool:
        return in_group(update) and super().check_update(update)


def command(name: str, handler: Handler) -> GroupHandler:
    """The handler of a command in groups, with the bot's name behind it or without."""
    return CommandHandler(name, handler, filters=filters.ChatType.GROUPS & filters.UpdateType.MESSAGE)


def press(kind: type[Button], handler: Handler) -> GroupHandler:
    """The handler of a button in groups."""
    return _Press(handler, pattern=kind.pattern())


def any_press(handler: Handler) -> GroupHandler:
    """The handler of all buttons in groups that have none of their own."""
    return _Press(handler)


def coming_and_going(handler: Handler) -> GroupHandler:
    """The handler of the bot's being added, made an administrator or removed."""
    return _Coming(handler, ChatMemberHandler.MY_CHAT_MEMBER)


def becoming_another(handler: Handler) -> GroupHandler:
    """The handler of a group's being made a supergroup, told in the old one and in the new one."""
    return MessageHandler(filters.ChatType.GROUPS & filters.StatusUpdate.MIGRATE, handler)

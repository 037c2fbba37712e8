"""One update, one transaction: what a step of a dialogue gets, and the dialogues themselves.

A step is a plain function ``(talk) -> next state``. It runs in the writer's thread inside the
transaction of its update, and only says what is to be shown; the transaction also keeps the
dialogue's new state, the draft, and every message as an outbox row. See ``bot.updates``.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from telegram import Message, Update
from telegram.ext import BaseHandler, CallbackContext, ConversationHandler

from bot.buttons import Button
from bot.screens import Screen, as_payload, cut
from bot.screens.answers import refusal_toast, stranger
from bot.services.people import Me, recognise
from bot.texts import speaking
from bot.unit import Answer, Key, Unit, unit_in_hand
from domain.process import Reason, Refused
from storage.database import UnitOfWork
from storage.dialogues import Dialogue as DialoguePlace
from storage.outbox import Message as Outgoing

END = ConversationHandler.END
TOAST_LIMIT = 200
"""UTF-16 units that Telegram takes in the answer to a press."""
B = TypeVar("B", bound=Button)


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that a person sent: how the bot fetches it, and what names its kept copy."""

    file_id: str
    unique_id: str


@dataclass(slots=True)
class Turn:
    """What any step knows about its update, wherever that happened."""

    unit: Unit
    uow: UnitOfWork
    update: Update
    now: datetime
    me: Me

    @property
    def chat_id(self) -> int:
        """The chat: the person's own, or a group."""
        return self.update.effective_chat.id if self.update.effective_chat else self.user_id

    @property
    def user_id(self) -> int:
        """The Telegram account."""
        return self.update.effective_user.id if self.update.effective_user else 0

    @property
    def message(self) -> Message | None:
        """What the person sent; None when they pressed a button."""
        return None if self.update.callback_query else self.update.effective_message

    @property
    def pressed(self) -> int | None:
        """The message whose button was pressed."""
        query = self.update.callback_query
        return query.message.message_id if query and query.message else None

    @property
    def data(self) -> str:
        """The data of the pressed button: hostile input."""
        query = self.update.callback_query
        return (query.data or "") if query else ""

    @property
    def said(self) -> str:
        """The text, or a photo's caption, that the person sent."""
        return (self.message.text or self.message.caption or "") if self.message else ""

    def refused(self, reason: Reason) -> Reason:
        """Note why the person was refused; every refusal that they are told of is noted, once."""
        self.uow.happened[reason] += 1
        return reason

    def toast(self, text: str, *, alert: bool = False) -> None:
        """Answer the press with a line over the chat, or with a window; without a press, do nothing."""
        if self.update.callback_query:
            self.unit.answer = Answer(self.update.callback_query.id, cut(text, TOAST_LIMIT), alert)


@dataclass(slots=True)
class Talk(Turn):
    """What a step of a private chat knows about the update, and what it may say."""

    draft: dict[str, Any]

    @property
    def photo(self) -> Photo | None:
        """The photo that the person sent, in its largest size."""
        if self.message is None or not self.message.photo:
            return None
        largest = self.message.photo[-1]
        return Photo(largest.file_id, largest.file_unique_id)

    @property
    def position(self) -> tuple[float, float] | None:
        """The latitude and longitude that the person sent."""
        place = self.message.location if self.message else None
        return (place.latitude, place.longitude) if place else None

    def show(self, screen: Screen, *, fresh: bool = False, quiet: bool = False) -> None:
        """Show a screen as the chat's living message.

        A press changes the message that was pressed; anything else gets a message of its own below,
        and the old one loses its buttons. ``fresh`` asks for one of its own after a press too,
        ``quiet`` changes the living message although nothing was pressed.
        """
        self._queue("screen", as_payload(screen, edit=None if fresh else self.pressed, refresh=quiet))

    def hand_over(self, screen: Screen, *, secret: bool = False) -> None:
        """Send a message that stays as it is: no later screen takes its place.

        ``secret``: nothing of it is kept once it is sent.
        """
        self._queue("text", {"text": screen.text, "secret": secret})

    def pin(self, latitude: float, longitude: float) -> None:
        """Send a position as a map pin."""
        self._queue("pin", {"latitude": latitude, "longitude": longitude})

    def album(self, file_ids: list[str], caption: str) -> None:
        """Send photos, ten at most in one message."""
        for start in range(0, len(file_ids), 10):
            self._queue("album", {"photos": file_ids[start : start + 10], "caption": caption})

    def _queue(self, kind: str, payload: dict[str, Any]) -> None:
        self.uow.outbox.add([Outgoing(kind, self.chat_id, payload)], self.now)


Step = Callable[[Talk], object]
Handler = Callable[[Update, CallbackContext[Any, Any, Any, Any]], Coroutine[Any, Any, object]]


def step(function: Step) -> Handler:
    """Make a handler of a step. Whoever is not known gets one polite line and nothing else."""
    return _handler(function, strangers=False)


def arrival(function: Step) -> Handler:
    """Make a handler of a step that strangers may take too; ``talk.me`` is then ``Me.stranger()``."""
    return _handler(function, strangers=True)


def _handler(function: Step, *, strangers: bool) -> Handler:
    @wraps(function)
    async def callback(update: Update, _context: CallbackContext[Any, Any, Any, Any]) -> object:
        unit = unit_in_hand()
        state = await unit.run(lambda uow: _take(function, unit, uow, update, strangers=strangers))
        return END if state is None else state

    return callback


def button(talk: Turn, kind: type[B]) -> B:
    """The pressed button, read; ``Refused`` when the data is forged or of an older release."""
    found = kind.unpack(talk.data)
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return found


def _take(function: Step, unit: Unit, uow: UnitOfWork, update: Update, *, strangers: bool) -> object:
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or chat.type != chat.PRIVATE:
        return END
    if update.callback_query:
        unit.answer = Answer(update.callback_query.id)  # without one the button would go on spinning
    me = recognise(uow, user.id)
    unit.draft = uow.dialogues.draft(chat.id, user.id)
    talk = Talk(unit, uow, update, unit.clock(), me or Me.stranger(), unit.draft)
    with speaking(talk.me.language):
        if me is None and not strangers:
            talk.toast(stranger().text)
            talk.show(stranger(), fresh=True)
            return END
        try:
            with uow.savepoint():
                return function(talk)
        except Refused as refused:
            return _refuse(talk, refused)


def _refuse(talk: Talk, refused: Refused) -> object:
    """What no step foresaw: say why, and show what is true now."""
    talk.toast(refusal_toast(talk.refused(refused.reason)), alert=True)
    return talk.unit.show_truth(talk, refused.reason)


class Dialogue(ConversationHandler[CallbackContext[Any, Any, Any, Any]]):
    """A ConversationHandler whose states are kept in the transaction of the update.

    All dialogues of ``family`` exclude each other: whichever answers an update ends the others, so a
    person is in one dialogue at a time and their next text has one meaning.
    """

    def __init__(self, family: "list[Dialogue]", **options: Any) -> None:  # noqa: ANN401  # passed on
        super().__init__(**options)
        self.family = family
        family.append(self)

    def put(self, key: Key, state: object) -> None:
        """Put the person at a state, None: out of this dialogue; nothing is kept."""
        if state is None:
            self._conversations.pop(key, None)
        else:
            self._conversations[key] = state

    def _update_state(
        self, new_state: object, key: Key, handler: BaseHandler[Any, Any, Any] | None = None
    ) -> None:
        """Note the change in the unit of the update; called by the library after the callback."""
        unit = unit_in_hand()
        for dialogue in self.family:
            unit.before.setdefault(dialogue, (key, dialogue._conversations.get(key)))  # noqa: SLF001  # a dialogue's own kin
            if dialogue is not self:
                dialogue.put(key, None)
        unit.place = (str(self.name), key, None if new_state == END else new_state)
        super()._update_state(new_state, key, handler)


def keep_place(unit: Unit, uow: UnitOfWork) -> None:
    """Keep where the person is after this update, with the draft."""
    if unit.place is None:
        return
    name, (chat_id, user_id), state = unit.place
    if state is None:
        uow.dialogues.end(int(chat_id), int(user_id))
    else:
        uow.dialogues.save(DialoguePlace(int(chat_id), int(user_id), name, str(state), unit.draft))

"""Groups and topics that are bound: the moderators' alerts go there, too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.services.people import Me
from domain.process import Reason, Refused
from domain.roles import OrganisationKind, Role
from storage.database import UnitOfWork
from storage.outbox import Message
from storage.reminder_tables import BoundChatRecord

MAY_BIND = Role.MODERATOR | Role.ADMINISTRATOR
GROUP_MESSAGE = "group"
"""The kind of outbox row that is a message to a group or topic."""
BINDING_LOST = "binding_lost"
"""The kind of outbox row that tells somebody that what they have bound is bound no more."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound group or topic, and who bound it."""

    id: int
    title: str
    by: str
    at: datetime


def group_message(chat_id: int, thread_id: int, text: str, keyboard: Sequence[Sequence[Any]] = ()) -> Message:
    """A message to a group, or to a topic of it; ``keyboard`` is a packed one."""
    payload = {"text": text, "keyboard": keyboard, "thread_id": thread_id}
    return Message(GROUP_MESSAGE, chat_id, payload)


def check(me: Me) -> None:
    """``Refused`` if the person may not bind groups."""
    if not me.has(MAY_BIND) or me.actor.kind is not OrganisationKind.ADMINISTRATIVE_GROUP:
        raise Refused(Reason.NOT_CENTRAL)


def bind(uow: UnitOfWork, me: Me, chat_id: int, thread_id: int, title: str, now: datetime) -> bool:
    """Bind a group or topic; False when it was bound already."""
    check(me)
    return uow.bound_chats.bind(chat_id, thread_id, title, me.id, now)


def unbind_here(uow: UnitOfWork, me: Me, chat_id: int, thread_id: int) -> bool:
    """Let this group or topic go; False when it was not bound."""
    check(me)
    found = uow.bound_chats.at(chat_id, thread_id)
    return found is not None and uow.bound_chats.unbind(found.id or 0)


def unbind(uow: UnitOfWork, me: Me, bound_id: int) -> BoundChatRecord | None:
    """Let a group or topic go from afar; None when it was not bound any more."""
    check(me)
    found = uow.bound_chats.get(bound_id)
    if found is not None:
        uow.session.expunge(found)
        uow.bound_chats.unbind(bound_id)
    return found


def bound_groups(uow: UnitOfWork, me: Me) -> list[Bound]:
    """All that is bound."""
    check(me)
    return [Bound(one.id or 0, one.title, _name(uow, one.bound_by), one.at) for one in uow.bound_chats.all()]


def bot_left(uow: UnitOfWork, chat_id: int, now: datetime) -> None:
    """The bot is not in the group any more: nothing can be sent there, and whoever bound it hears so."""
    lost = uow.bound_chats.of_chat(chat_id)
    _tell_of_loss(uow, lost, now)
    uow.bound_chats.leave(chat_id)


def topic_gone(uow: UnitOfWork, chat_id: int, thread_id: int, now: datetime) -> None:
    """The topic was deleted, which Telegram only says when something is sent there."""
    lost = uow.bound_chats.at(chat_id, thread_id)
    if lost is not None:
        _tell_of_loss(uow, [lost], now)
        uow.bound_chats.unbind(lost.id or 0)


def _tell_of_loss(uow: UnitOfWork, lost: Iterable[BoundChatRecord], now: datetime) -> None:
    for one in lost:
        person = uow.people.get(one.bound_by)
        if person is not None and person.telegram_id is not None:
            message = Message(BINDING_LOST, person.telegram_id, {"title": one.title}, person_id=person.id)
            uow.outbox.add([message], now)


def _name(uow: UnitOfWork, person_id: int) -> str:
    person = uow.people.get(person_id)
    return person.name if person else ""

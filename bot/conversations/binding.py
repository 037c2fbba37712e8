"""Binding groups: the moderators' alerts go there, too.

    in a group or topic:  /bind, /unbind -> a line there
    in private:           /bind -> how it is done, what is bound -> «Unbind»

A group that the bot was put out of is bound no more; one that became a supergroup stays bound.
"""

from telegram.constants import ChatMemberStatus
from telegram.ext import CommandHandler, filters

from bot.buttons import Groups, Unbind
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.parts import on
from bot.groups import (
    GroupHandler,
    GroupTalk,
    becoming_another,
    coming_and_going,
    command,
    group_event,
    group_step,
)
from bot.screens.groups import bound_line, groups_screen, unbound_line
from bot.services import groups
from bot.texts import gettext as _

OUT = {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}


@group_step
def bind_here(talk: GroupTalk) -> None:
    """/bind in a group or topic."""
    new = groups.bind(talk.uow, talk.me, talk.chat_id, talk.thread_id, talk.title, talk.now)
    talk.say(bound_line(talk.me.name, topic=bool(talk.thread_id), new=new))


@group_step
def unbind_here(talk: GroupTalk) -> None:
    """/unbind in a group or topic."""
    was_bound = groups.unbind_here(talk.uow, talk.me, talk.chat_id, talk.thread_id)
    talk.say(unbound_line(talk.me.name, was_bound=was_bound))


@group_event
def came_or_went(talk: GroupTalk) -> None:
    """The bot was added to a group, or put out of it."""
    change = talk.update.my_chat_member
    if change is not None and change.new_chat_member.status in OUT:
        groups.bot_left(talk.uow, talk.chat_id, talk.now)


@group_event
def became_another(talk: GroupTalk) -> None:
    """A group was made a supergroup: the old one says so, and the new one."""
    message = talk.message
    if message is None:
        return
    if message.migrate_to_chat_id:
        talk.uow.bound_chats.move(talk.chat_id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id:
        talk.uow.bound_chats.move(message.migrate_from_chat_id, talk.chat_id)


def in_groups() -> list[GroupHandler]:
    """What is answered in groups."""
    return [
        command("bind", bind_here),
        command("unbind", unbind_here),
        coming_and_going(came_or_went),
        becoming_another(became_another),
    ]


@step
def start(talk: Talk) -> object:
    """/bind in private."""
    return _show(talk, 0)


@step
def turn(talk: Talk) -> object:
    """A page of what is bound."""
    return _show(talk, max(button(talk, Groups).page, 0))


def _show(talk: Talk, page: int) -> object:
    bound = groups.bound_groups(talk.uow, talk.me)
    talk.show(groups_screen(bound, page, talk.unit.bot_name, talk.me.time_zone))
    return END


@step
def let_go(talk: Talk) -> object:
    """«Unbind»: the group is told who did it."""
    gone = groups.unbind(talk.uow, talk.me, button(talk, Unbind).bound_id)
    if gone is None:
        talk.toast(_("It was not bound any more."))
    else:
        said = unbound_line(talk.me.name, was_bound=True)
        talk.uow.outbox.add([groups.group_message(gone.chat_id, gone.thread_id, said.text)], talk.now)
        talk.toast(_("«{group}» is not bound any more.").format(group=gone.title))
    return _show(talk, 0)


def build(family: list[Dialogue]) -> Dialogue:
    """A dialogue of no steps: each way ends at once, and so leaves any other dialogue."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return Dialogue(
        family,
        name="binding",
        entry_points=[
            CommandHandler(["bind", "unbind"], start, filters=private),
            on(Groups, turn),
            on(Unbind, let_go),
        ],
        states={},
        fallbacks=[],
        allow_reentry=True,
    )

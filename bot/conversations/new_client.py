"""A new client as a sales case, for managers, moderators and administrators.

    /newclient, «New client» -> name -> [who looks after it] -> comment -> summary -> «Create» -> its window

Who looks after it is not asked for when only one can.
"""

from enum import StrEnum

from telegram.ext import CommandHandler, MessageHandler, filters

from bot.buttons import Back, Cancel, Confirm, NewClient
from bot.context import END, Dialogue, Talk, step
from bot.conversations.parts import (
    MESSAGE,
    begin,
    inner,
    keep_answer,
    looked_for,
    on,
    picking,
    take_back,
    waiting,
)
from bot.conversations.ways import cancel, show_case, show_menu
from bot.screens import Screen
from bot.screens.change import said_problem
from bot.screens.choosing import Picking
from bot.screens.new_client import ask_comment, ask_name, ask_parent, name_problem, new_summary
from bot.services.clients import PAGE, add_client, free_name, may_create, parent_of_new, parents
from bot.texts import gettext as _
from domain.process import Kind, Reason, Refused, checked_comment
from domain.roles import sight
from domain.search import fold


class Step(StrEnum):
    """What the dialogue waits for."""

    NAME = "name"
    PARENT = "parent"
    COMMENT = "comment"
    SUMMARY = "summary"


@step
def start(talk: Talk) -> object:
    """/newclient."""
    may_create(talk.me)
    found = parents(talk.uow, talk.me)
    only = found[0].id if len(found) == 1 else None
    begin(talk, parent=only, asks_parent=only is None)
    return _ask(talk)


def _question(talk: Talk) -> Step:
    asked = [Step.PARENT] if talk.draft["asks_parent"] else []
    return waiting(talk, [Step.NAME, *asked, Step.COMMENT], Step.SUMMARY)


def _ask(talk: Talk) -> object:
    question = _question(talk)
    talk.show(_screen(talk, question))
    return question


def _screen(talk: Talk, question: Step) -> Screen:
    draft = talk.draft
    if question is Step.NAME:
        return ask_name()
    if question is Step.PARENT:
        return ask_parent(draft["name"], _picking(talk))
    parent = parent_of_new(talk.uow, talk.me, draft["parent"]).name
    if question is Step.COMMENT:
        return ask_comment(draft["name"], parent)
    return new_summary(draft["name"], parent, draft["comment"])


def _picking(talk: Talk) -> Picking:
    words, page = looked_for(talk)
    found = [one for one in parents(talk.uow, talk.me) if fold(words) in fold(one.name)]
    return Picking(found[page * PAGE :][:PAGE], len(found), PAGE, page, words)


@step
def name(talk: Talk) -> object:
    """The name was typed."""
    try:
        keep_answer(talk, Step.NAME, name=free_name(talk.uow, talk.said))
    except Refused as refused:
        return _name_again(talk, talk.refused(refused.reason), talk.said)
    return _ask(talk)


def _name_again(talk: Talk, reason: Reason, typed: str) -> object:
    taken = talk.uow.organisations.by_name(" ".join(typed.split()))
    seen = talk.uow.organisations.client(taken.id or 0, sight(talk.me.actor)) if taken else None
    talk.show(name_problem(_screen(talk, Step.NAME), reason, seen))
    return Step.NAME


def _choose_parent(talk: Talk, organisation_id: int) -> object:
    parent = parent_of_new(talk.uow, talk.me, organisation_id)
    keep_answer(talk, Step.PARENT, parent=parent.id)
    return _ask(talk)


@step
def comment(talk: Talk) -> object:
    """The comment; at the summary another text takes its place."""
    try:
        keep_answer(talk, Step.COMMENT, comment=checked_comment(talk.said))
    except Refused as refused:
        question = _question(talk)
        talk.show(said_problem(_screen(talk, question), talk.refused(refused.reason)))
        return question
    return _ask(talk)


@step
def create(talk: Talk) -> object:
    """«Create»."""
    draft = talk.draft
    parent = parent_of_new(talk.uow, talk.me, draft["parent"])
    try:
        with talk.uow.savepoint():
            client = add_client(talk.uow, talk.me, draft["name"], parent, draft["comment"], talk.now)
    except Refused as refused:
        if refused.reason is not Reason.ALREADY_EXISTS:
            raise
        take_back(talk, Step.NAME)
        return _name_again(talk, talk.refused(refused.reason), draft["name"])
    talk.toast(_("{number} is created.").format(number=client.name))
    show_case(talk, Kind.CLIENT, client.id or 0)
    return END


@step
def back(talk: Talk) -> object:
    """One question back; before the first, the menu."""
    if take_back(talk):
        return _ask(talk)
    show_menu(talk)
    return END


@step
def again(talk: Talk) -> object:
    """Something came that is no answer: ask once more."""
    return _ask(talk)


def build(family: list[Dialogue]) -> Dialogue:
    """The dialogue, its buttons and its states."""
    words = MessageHandler(MESSAGE & filters.TEXT, comment)
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return Dialogue(
        family,
        name="new_client",
        entry_points=[CommandHandler("newclient", start, filters=private), on(NewClient, start)],
        states={
            Step.NAME: [MessageHandler(MESSAGE & filters.TEXT, name)],
            Step.PARENT: picking(_ask, _choose_parent),
            Step.COMMENT: [words],
            Step.SUMMARY: [words, on(Confirm, create)],
        },
        fallbacks=[on(Back, back), on(Cancel, cancel), inner(again), MessageHandler(MESSAGE, again)],
        allow_reentry=True,
    )

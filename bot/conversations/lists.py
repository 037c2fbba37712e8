"""The lists of objects and clients, with their filters.

/tasks /objects /clients, a page, a filter -> list
"""

from dataclasses import replace

from telegram.ext import CommandHandler, filters

from bot.buttons import (
    ClientFilters,
    ClientList,
    ObjectFilters,
    ObjectList,
)  # fmt: skip
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.parts import on
from bot.conversations.ways import show_clients, show_objects
from bot.screens.lists import client_filter_screen, filter_screen
from bot.services.clients import PAGE as CLIENT_PAGE
from domain.process import Reason, Refused
from domain.roles import STAFF, sight
from storage.organisations import ClientFilter


@step
def tasks(talk: Talk) -> object:
    """/tasks."""
    show_objects(talk, ObjectList(tasks=True))
    return END


@step
def objects(talk: Talk) -> object:
    """/objects."""
    show_objects(talk, ObjectList())
    return END


@step
def turn_objects(talk: Talk) -> object:
    """A page or a filter of the list of objects."""
    show_objects(talk, button(talk, ObjectList))
    return END


@step
def filter_objects(talk: Talk) -> object:
    """What the list of objects may show."""
    pressed = button(talk, ObjectFilters)
    page = max(pressed.page, 0)
    found = talk.uow.organisations.clients(
        sight(talk.me.actor), ClientFilter(), offset=page * CLIENT_PAGE, limit=CLIENT_PAGE + 1
    )
    talk.show(
        filter_screen(replace(pressed, page=page), list(found[:CLIENT_PAGE]), more=len(found) > CLIENT_PAGE)
    )
    return END


@step
def clients(talk: Talk) -> object:
    """/clients."""
    show_clients(talk, ClientList())
    return END


@step
def turn_clients(talk: Talk) -> object:
    """A page or a filter of the list of clients."""
    show_clients(talk, button(talk, ClientList))
    return END


@step
def filter_clients(talk: Talk) -> object:
    """What the list of clients may show."""
    if not talk.me.has(STAFF):
        raise Refused(Reason.NOT_FOUND)
    talk.show(client_filter_screen())
    return END


def build(family: list[Dialogue]) -> Dialogue:
    """A dialogue of no steps: each list ends at once, and so leaves any other dialogue."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    commands = {"tasks": tasks, "objects": objects, "clients": clients}
    return Dialogue(
        family,
        name="lists",
        entry_points=[
            *(CommandHandler(name, way, filters=private) for name, way in commands.items()),
            on(ObjectList, turn_objects),
            on(ObjectFilters, filter_objects),
            on(ClientList, turn_clients),
            on(ClientFilters, filter_clients),
        ],
        states={},
        fallbacks=[],
        allow_reentry=True,
    )

"""The board: what is happening with the machines, and what is due next; each line leads to its list.

/board, «Board», «Refresh» -> board -> list -> «« Board»
board -> «One client…» -> clients -> the board of one
"""

from telegram.ext import CommandHandler, filters

from bot.buttons import Board, BoardClients
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.last import look_for_it
from bot.conversations.parts import on
from bot.screens.board import board_screen, choose_client
from bot.services.board import MAY_SEE, board
from bot.services.clients import PAGE
from domain.process import Reason, Refused
from domain.roles import sight
from storage.organisations import ClientFilter


@step
def command(talk: Talk) -> object:
    """/board; for whom there is none, it is a word like any other."""
    if not talk.me.has(MAY_SEE):
        return look_for_it(talk)
    return _show(talk, None)


@step
def show(talk: Talk) -> object:
    """The board as it is now, of everything or of one client."""
    return _show(talk, button(talk, Board).client_id)


def _show(talk: Talk, client_id: int | None) -> object:
    talk.show(board_screen(board(talk.uow, talk.me, client_id, talk.now), talk.me, talk.now))
    return END


@step
def clients(talk: Talk) -> object:
    """Whose board?"""
    page = max(button(talk, BoardClients).page, 0)
    if not talk.me.has(MAY_SEE):
        raise Refused(Reason.NOT_FOUND)
    found = talk.uow.organisations.clients(
        sight(talk.me.actor), ClientFilter(), offset=page * PAGE, limit=PAGE + 1
    )
    talk.show(choose_client(found[:PAGE], page, more=len(found) > PAGE))
    return END


def build(family: list[Dialogue]) -> Dialogue:
    """A dialogue of no steps: each way ends at once, and so leaves any other dialogue."""
    return Dialogue(
        family,
        name="board",
        entry_points=[
            CommandHandler("board", command, filters=filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE),
            on(Board, show),
            on(BoardClients, clients),
        ],
        states={},
        fallbacks=[],
        allow_reentry=True,
    )

"""Searching: a button asks for words, the next text is what to look for.

«Find» -> words -> the list of what was found, or the one that was found
"""

from enum import StrEnum

from telegram.ext import MessageHandler, filters

from bot.buttons import ClientList, Find
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.parts import MESSAGE, on
from bot.conversations.ways import show_clients
from bot.screens.lists import ask_words
from domain.process import Kind, Reason, Refused
from domain.roles import STAFF


class Step(StrEnum):
    """What the dialogue waits for."""

    WORDS = "words"


@step
def ask(talk: Talk) -> object:
    """Ask for the words. For objects no state is needed: any text outside of a dialogue is looked for."""
    kind = button(talk, Find).kind
    if kind is Kind.CLIENT and not talk.me.has(STAFF):
        raise Refused(Reason.NOT_FOUND)
    talk.show(ask_words(kind))
    return Step.WORDS if kind is Kind.CLIENT else END


@step
def look(talk: Talk) -> object:
    """Show the clients whose name has the words."""
    talk.uow.dialogues.set_words(talk.chat_id, " ".join(talk.said.split()))
    show_clients(talk, ClientList(found=True))
    return END


def build(family: list[Dialogue]) -> Dialogue:
    """The dialogue of one question."""
    return Dialogue(
        family,
        name="find",
        entry_points=[on(Find, ask)],
        states={Step.WORDS: [MessageHandler(MESSAGE & filters.TEXT, look)]},
        fallbacks=[],
        allow_reentry=True,
    )

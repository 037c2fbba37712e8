"""Inline mode: ``@bot 123`` in any chat offers the reader's own objects.

What is sent holds the number and name alone, and a button into the private chat with the bot: it opens
the card for those who may see the object, and says «no such thing» to everybody else.
"""

from typing import Any

from telegram import Update
from telegram.ext import CallbackContext

from bot.conversations.menu import OBJECT_LINK
from bot.screens import esc
from bot.screens.cards import line_label
from bot.services.objects import Line, listing
from bot.services.people import recognise
from bot.texts import gettext as _
from bot.texts import speaking
from bot.unit import Article, Offer, Unit, unit_in_hand
from storage.database import UnitOfWork
from storage.object_terms import ObjectFilter


async def offer(update: Update, _context: CallbackContext[Any, Any, Any, Any]) -> None:
    """Answer an inline query; strangers are offered nothing."""
    query = update.inline_query
    if query is None:
        return
    unit = unit_in_hand()
    account, words = query.from_user.id, query.query
    articles: tuple[Article, ...] = await unit.run(lambda uow: _articles(unit, uow, account, words))
    unit.answer = Offer(query.id, articles)


def _articles(unit: Unit, uow: UnitOfWork, account: int, words: str) -> tuple[Article, ...]:
    me = recognise(uow, account)
    if me is None:
        return ()
    now = unit.clock()
    with speaking(me.language):
        found = listing(uow, me, ObjectFilter(query=" ".join(words.split())[:80]), 0, now)
        return tuple(
            Article(
                id=str(line.record.id),
                title=_title(line),
                description=line_label(line, now),
                text=f"<b>{esc(_title(line))}</b>",
                button=_("Open"),
                url=f"https://t.me/{unit.bot_name}?start={OBJECT_LINK}{line.record.id}",
            )
            for line in found.lines
        )


def _title(line: Line) -> str:
    record = line.record
    return f"{record.number} · {record.name}" if record.name else record.number

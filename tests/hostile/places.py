"""Where a text or a file is taken, as the running program says it, and what it is taken for."""

from collections.abc import Iterator
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler

from tests.hostile import raw
from tests.hostile.driving import Bot
from tests.hostile.raw import Json

OUTSIDE = "outside"
Place = tuple[str, str]
"""A dialogue and a step of it; ``OUTSIDE``: where no dialogue waits."""

FILLING: set[Place] = {
    ("bulk", "comment"), ("bulk", "summary"),
    ("change", "terminal"), ("change", "comment"), ("change", "summary"),
    ("note", "words"), ("note", "summary"),
    *(("new_object", step) for step in ("number", "name", "plate", "vin", "contact", "address", "position")),
    ("new_object", "comment"), ("new_object", "summary"),
    ("new_client", "name"), ("new_client", "comment"), ("new_client", "summary"),
    ("correct", "value"),
    ("times", "setting"), ("times", "red"), ("times", "summary"),
    ("away", "until"),
}  # fmt: skip
"""Where a text is kept, and nothing is looked for."""
AS_OUTSIDE: set[Place] = {("bulk", "running")}
"""Where the same is done with what comes as outside of any dialogue."""

AMONG_THOUSANDS: set[Place] = {("forecast", "organisation")}
"""Where whoever sees all of it anyway is asked, when there is too much for one screen."""


def taking(bot: Bot, update: Json) -> set[Place]:
    """Where such an update is taken, and not only answered with the same question once more."""
    whole = Update.de_json({"update_id": 1, **update}, bot.application.bot)
    return {
        place
        for place, handler in _handlers(bot)
        if handler.check_update(whole) not in (None, False) and handler.callback.__name__ != "again"
    }


def taking_texts(bot: Bot) -> set[Place]:
    """Where a text is taken."""
    return taking(bot, raw.says(1, "Words"))


def taking_files(bot: Bot) -> set[Place]:
    """Where a file is taken."""
    return taking(bot, raw.sends(1, document=document("list.csv")))


def document(name: str) -> Json:
    """A file of that name."""
    return {"file_id": name, "file_unique_id": f"{name}-u", "file_name": name}


def _handlers(bot: Bot) -> Iterator[tuple[Place, BaseHandler[Any, Any, Any]]]:
    for dialogue in bot.dialogues:
        for handler in dialogue.entry_points:
            yield (OUTSIDE, str(dialogue.name)), handler
        for state, handlers in dialogue.states.items():
            for handler in handlers:
                yield (str(dialogue.name), str(state)), handler

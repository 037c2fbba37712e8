"""Steps that several dialogues share."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot.buttons import (
    Button,
    Confirm,
    KeepAsNote,
    KeepTerminal,
    PickOrganisation,
    PickReason,
    Rate,
    Rewrite,
    SayAgain,
    Skip,
    StandIn,
    StandInPage,
    Sure,
    UntilWhen,
)  # fmt: skip
from bot.context import Handler, Talk, button, step
from bot.services.cases import PHOTO_LIMIT

S = TypeVar("S", bound=StrEnum)

MESSAGE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & ~filters.COMMAND
"""What a person writes or sends to the bot, commands apart."""

INNER = (
    PickReason, Rate, KeepTerminal, Sure, SayAgain, Confirm, Rewrite, KeepAsNote, Skip, PickOrganisation,
    UntilWhen, StandIn, StandInPage,
)  # fmt: skip
"""The buttons that have a meaning inside of a dialogue only."""


def on(kind: type[Button], handler: Handler) -> CallbackQueryHandler[Any, Any]:
    """The handler of a button."""
    return CallbackQueryHandler(handler, pattern=kind.pattern())


def inner(again: Handler) -> CallbackQueryHandler[Any, Any]:
    """A fallback for the buttons of earlier steps: a second tap must not lead out of the dialogue."""
    tags = "|".join(kind.TAG for kind in INNER)
    return CallbackQueryHandler(again, pattern=rf"^({tags})(:|$)")


def add_photo(talk: Talk) -> bool | None:
    """Keep a photo of the message in the draft; None when there is none.

    True when it belongs to the album of the photo before: its parts come as messages of their own, and
    only the first of them needs an answer of its own.
    """
    photo = talk.photo
    if photo is None:
        return None
    kept = talk.draft.setdefault("photos", [])
    if len(kept) < PHOTO_LIMIT and [photo.file_id, photo.unique_id] not in kept:
        kept.append([photo.file_id, photo.unique_id])
    album = talk.message.media_group_id if talk.message else None
    same = album is not None and album == talk.draft.get("album")
    talk.draft["album"] = album
    return same


def photos_of(talk: Talk) -> list[tuple[str, str]]:
    """The photos of the draft: file ids and unique ids."""
    return [(file_id, unique_id) for file_id, unique_id in talk.draft.get("photos", [])]


def begin(talk: Talk, **place: Any) -> None:  # noqa: ANN401  # JSON
    """Begin a dialogue with an empty draft."""
    talk.draft.clear()
    talk.draft.update(answered=[], **place)


def keep_answer(talk: Talk, question: str, **values: Any) -> None:  # noqa: ANN401  # JSON
    """Keep the answer to a question in the draft."""
    talk.draft.update(values)
    if question not in talk.draft["answered"]:
        talk.draft["answered"].append(question)


def take_back(talk: Talk, question: str | None = None) -> bool:
    """Take an answer back, without ``question`` the last one; False when there is none."""
    answered = talk.draft["answered"]
    if not answered:
        return False
    last = question if question in answered else answered[-1]
    answered.remove(last)
    return True


def waiting(talk: Talk, questions: Sequence[S], last: S) -> S:
    """The first question that is not answered; ``last`` after all of them."""
    return next((question for question in questions if question not in talk.draft["answered"]), last)


def look_for(talk: Talk, words: str) -> None:
    """Keep only what has these words in the list from which an organisation is picked."""
    talk.draft.update(words=" ".join(words.split())[:80], page=0)


def looked_for(talk: Talk) -> tuple[str, int]:
    """The words and the page of the list from which an organisation is picked."""
    return talk.draft.get("words", ""), talk.draft.get("page", 0)


def picking(
    ask: Callable[[Talk], object], choose: Callable[[Talk, int], object]
) -> list[BaseHandler[Any, Any, Any]]:
    """The handlers of a step at which an organisation is picked from a list.

    A button turns the page or ``choose``s one, a text keeps only what has these words, «Show all» keeps
    all of them; then ``ask`` shows the list again.
    """

    @step
    def pick(talk: Talk) -> object:
        pressed = button(talk, PickOrganisation)
        if pressed.organisation_id is not None:
            return choose(talk, pressed.organisation_id)
        talk.draft["page"] = max(pressed.page, 0)
        return ask(talk)

    @step
    def search(talk: Talk) -> object:
        look_for(talk, talk.said)
        return ask(talk)

    @step
    def show_all(talk: Talk) -> object:
        look_for(talk, "")
        return ask(talk)

    return [on(PickOrganisation, pick), on(Skip, show_all), MessageHandler(MESSAGE & filters.TEXT, search)]

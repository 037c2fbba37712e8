"""The catalogue holds every text that people read, and translations keep what is put into them."""

import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import bot
from bot import texts
from bot.texts import gettext, languages, ngettext, speaking, words
from domain.clients import ClientStatus
from domain.deadlines import Colour
from domain.objects import ObjectStatus
from domain.process import ClientReason, Reason
from domain.roles import OrganisationKind, Role

BOT = Path(bot.__file__).parent
TEMPLATE = texts.LOCALES / f"{texts.DOMAIN}.pot"
RENEW = "the catalogues are not those of the code: run `make texts` and commit what it changes"

Ids = set[str | tuple[str, ...]]


def catalogue(path: Path) -> Catalog:
    """A catalogue as it stands in the tree."""
    with path.open("rb") as source:
        return read_po(source)


def ids(messages: Iterator[Message] | Catalog) -> Ids:
    """What is translated: sentences, and pairs of singular and plural."""
    return {one.id if isinstance(one.id, str) else tuple(one.id) for one in messages if one.id}


def in_code() -> Ids:
    """Every text of the code that is marked for translation."""
    found = extract_from_dir(str(BOT))
    known: Ids = {
        message if isinstance(message, str) else tuple(message[:2]) for _, _, message, _, _ in found
    }
    # Said once with a number and once without, it is one entry of a catalogue.
    return known - {message[0] for message in known if isinstance(message, tuple)}


def translations() -> list[Path]:
    """The catalogues of all languages."""
    return sorted(texts.LOCALES.glob(f"*/LC_MESSAGES/{texts.DOMAIN}.po"))


@pytest.mark.parametrize("path", [TEMPLATE, *translations()], ids=lambda path: path.parent.parent.name)
def test_catalogues_are_up_to_date(path: Path) -> None:
    kept = ids(catalogue(path))
    assert kept == in_code(), RENEW


@pytest.mark.parametrize("path", translations(), ids=lambda path: path.parent.parent.name)
def test_a_translation_keeps_the_fields(path: Path) -> None:
    for message in catalogue(path):
        given = [message.string] if isinstance(message.string, str) else list(message.string or ())
        source = message.id if isinstance(message.id, str) else message.id[-1]
        for translated in filter(None, given):
            assert fields(translated) <= fields(source), message.id


def fields(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_a_text_without_translation_is_the_english_one() -> None:
    for code in (*languages(), "tlh", ""):
        with speaking(code):
            assert gettext("There is no such sentence in any catalogue.") == (
                "There is no such sentence in any catalogue."
            )
            assert ngettext("{n} thing of none", "{n} things of none", 2) == "{n} things of none"


def test_english_speaks() -> None:
    assert "en" in languages()
    with speaking("en"):
        assert ngettext("{n} task", "{n} tasks", 1) == "{n} task"
        assert ngettext("{n} task", "{n} tasks", 5) == "{n} tasks"


def test_everything_that_the_rules_name_has_words() -> None:
    known = {one if isinstance(one, str) else one[0] for one in in_code()}
    assert {str(status) for status in (*ObjectStatus, *ClientStatus)} <= known
    for one in Reason:
        assert len(words.refusal(one)) > 10
    for status in (*ObjectStatus, *ClientStatus):
        assert words.status_meaning(status) in known
        assert words.status_icon(status)
    assert {words.colour_name(colour) for colour in Colour} <= known
    assert {words.role_names(role) for role in Role} <= known
    assert {words.client_reason(reason) for reason in ClientReason} <= known
    assert {words.kind_name(kind) for kind in OrganisationKind} <= known


def test_icons_differ_within_a_process() -> None:
    for statuses in (ObjectStatus, ClientStatus):
        icons = [words.status_icon(status) for status in statuses]
        assert len(icons) == len(set(icons))

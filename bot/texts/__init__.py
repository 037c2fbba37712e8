"""The catalogue of texts: English sentences in the code, translated by gettext.

``speaking("uk")`` says in which language the texts inside its block are; English is the source
language and the fallback. The catalogues are ``bot/locales/<language>/LC_MESSAGES/greenlight.po``.
"""

import gettext as _gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent.parent / "locales"
DOMAIN = "greenlight"

_language: ContextVar[str] = ContextVar("language", default="en")


def gettext(message: str) -> str:
    """The message in the language that is spoken."""
    return _catalogue(_language.get()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The message in the plural form of the number."""
    return _catalogue(_language.get()).ngettext(singular, plural, number)


def N_(message: str) -> str:  # noqa: N802  # gettext's own name for "translate later"
    """Mark a message for the catalogue without translating it yet."""
    return message


def language() -> str:
    """The language that is spoken."""
    return _language.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak this language inside the block."""
    token = _language.set(code if code in languages() else "en")
    try:
        yield
    finally:
        _language.reset(token)


@cache
def languages() -> frozenset[str]:
    """The languages that have a catalogue."""
    return frozenset(path.parent.parent.name for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


@cache
def _catalogue(code: str) -> _gettext.NullTranslations:
    path = LOCALES / code / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.exists():
        return _gettext.NullTranslations()
    # Compiled in memory: a catalogue in the tree is never older than its source.
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)

"""A list of machines, for moderators and support.

    /import, «Import a list», or a spreadsheet that is sent -> [client] -> [file] -> watching
    watching: reading -> [columns <-> a column] -> dry run -> «Import» -> done

From the file on, how far it is stands in the table of imports; this dialogue only remembers that the
person looks at it, so that the message may be brought up to date.
"""

from pathlib import PurePath

from telegram import Document
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.buttons import Back, Cancel
from bot.context import END, Dialogue, Talk, step
from bot.conversations.import_watching import WATCHING, Step, watch
from bot.conversations.parts import (
    MESSAGE,
    begin,
    inner,
    keep_answer,
    look_for,
    looked_for,
    on,
    picking,
    take_back,
    waiting,
)
from bot.conversations.ways import cancel, show_menu
from bot.screens.choosing import Picking
from bot.screens.importing import ask_client, ask_file, not_for_you
from bot.screens.importing_buttons import ImportList
from bot.services.clients import PAGE, client_listing
from bot.services.importing import imports
from bot.services.importing.containers import BYTES
from bot.services.objects import client_for_object, creates, may_create
from bot.texts import gettext as _
from bot.texts import importing as words
from domain.imports import Problem
from storage.organisations import ClientFilter
from storage.tables import OrganisationRecord

TABLES = ("xlsx", "xls", "xlsm", "xlsb", "xltx", "ods", "csv", "tsv", "txt")
"""Names of files that start an import when they are sent outside of any dialogue."""


@step
def start(talk: Talk) -> object:
    """/import."""
    return _ask(talk) if _may_begin(talk) else END


@step
def receive(talk: Talk) -> object:
    """A spreadsheet without a word: it starts an import. What stands under it may name the client."""
    if "asks_client" not in talk.draft and not _may_begin(talk):
        return END
    return _take(talk)


@step
def take(talk: Talk) -> object:
    """The file, in its turn or before it."""
    return _take(talk)


def _may_begin(talk: Talk) -> bool:
    """Begin, unless they are told that it is for others."""
    if not creates(talk.me):
        talk.show(not_for_you())
        return False
    _begin(talk)
    return True


def _begin(talk: Talk) -> None:
    may_create(talk.me)
    seen = client_listing(talk.uow, talk.me, ClientFilter(), 0)
    only = seen.clients[0].id if seen.total == 1 else None
    begin(talk, client=only, asks_client=only is None)


def _take(talk: Talk) -> object:
    document = _document(talk)
    if document is None:
        return _ask(talk)
    name = document.file_name or _("list")
    if (document.file_size or 0) > BYTES:
        return _complain(talk, words.problem(Problem.TOO_BIG, ""))
    keep_answer(talk, Step.FILE, file=document.file_id, name=name)
    if talk.said:
        look_for(talk, talk.said)
    return _ask(talk)


def _document(talk: Talk) -> Document | None:
    return talk.message.document if talk.message else None


def _complain(talk: Talk, problem: str) -> object:
    """Something is wrong with the file before it is fetched."""
    client = _client(talk)
    talk.show(ask_file(client.name if client else _("the list"), problem))
    return _question(talk) if client else Step.FILE


def _client(talk: Talk) -> OrganisationRecord | None:
    chosen = talk.draft["client"]
    return client_for_object(talk.uow, talk.me, chosen) if chosen is not None else None


def _question(talk: Talk) -> Step:
    asked = [Step.CLIENT] if talk.draft["asks_client"] else []
    return waiting(talk, [*asked, Step.FILE], Step.WATCHING)


def _ask(talk: Talk) -> object:
    question = _question(talk)
    if question is Step.CLIENT:
        talk.show(ask_client(_picking(talk), talk.draft.get("name", "")))
        return question
    client = _client(talk)
    if client is None:
        return _start_anew(talk)
    if question is Step.FILE:
        talk.show(ask_file(client.name))
        return question
    record = imports.begin(
        talk.uow, talk.me, client.id or 0, talk.draft["name"], talk.draft["file"], talk.chat_id, talk.now
    )
    return watch(talk, record.id or 0)


def _start_anew(talk: Talk) -> object:
    _begin(talk)
    return _ask(talk)


def _picking(talk: Talk) -> Picking:
    said, page = looked_for(talk)
    found = client_listing(talk.uow, talk.me, ClientFilter(query=said), page)
    return Picking(found.clients, found.total, PAGE, page, said)


def _choose_client(talk: Talk, client_id: int) -> object:
    client = client_for_object(talk.uow, talk.me, client_id)
    keep_answer(talk, Step.CLIENT, client=client.id)
    return _ask(talk)


@step
def back(talk: Talk) -> object:
    """From the file to the client; before it, the menu."""
    if "import" not in talk.draft and take_back(talk):
        return _ask(talk)
    show_menu(talk)
    return END


@step
def again(talk: Talk) -> object:
    """Something came that is no answer: show the same once more."""
    if "import" in talk.draft:
        return watch(talk, talk.draft["import"])
    return _ask(talk)


def build(family: list[Dialogue]) -> Dialogue:
    """The dialogue, its buttons and its states."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    table = _TableFilter()
    document = MessageHandler(MESSAGE & filters.Document.ALL, take)
    other = MessageHandler(MESSAGE, again)
    return Dialogue(
        family,
        name="importing",
        entry_points=[
            CommandHandler("import", start, filters=private),
            on(ImportList, start),
            MessageHandler(MESSAGE & table, receive),
            *WATCHING,
        ],
        states={
            Step.CLIENT: [*picking(_ask, _choose_client), document, other],
            Step.FILE: [document, other],
            Step.WATCHING: [],  # whatever is said meanwhile is meant for somebody else
        },
        fallbacks=[on(Back, back), on(Cancel, cancel), inner(again)],
        allow_reentry=True,
    )


class _TableFilter(filters.MessageFilter):
    """A document whose name is that of a spreadsheet."""

    def filter(self, message: object) -> bool:
        document = getattr(message, "document", None)
        name = PurePath(getattr(document, "file_name", None) or "").suffix.lower()
        return name.removeprefix(".") in TABLES

"""A new object by hand, for moderators and support.

    /new, «New object» -> [client] -> number -> name -> [plate] -> [VIN] -> [contact] -> [address]
        -> [position] -> comment -> summary -> «Create» -> its card

The client is not asked for when only one is seen. A number that is there already offers to open it.
"""

from enum import StrEnum

from telegram.ext import CommandHandler, MessageHandler, filters

from bot.buttons import Back, Cancel, Confirm, NewObject, Skip
from bot.context import END, Dialogue, Talk, button, step
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
from bot.screens.answers import people_told
from bot.screens.change import said_problem
from bot.screens.choosing import Picking
from bot.screens.fields import problem_of, with_problem
from bot.screens.new_object import ask_client, ask_comment, ask_field, new_summary
from bot.services.clients import PAGE, client_listing
from bot.services.corrections import read_position
from bot.services.objects import add_object, checked_field, client_for_object, may_create, told_of_new
from bot.texts import gettext as _
from domain.process import Kind, Reason, Refused, checked_comment
from storage.organisations import ClientFilter
from storage.tables import OrganisationRecord


class Step(StrEnum):
    """What the dialogue waits for; a field's step has its name."""

    CLIENT = "client"
    NUMBER = "number"
    NAME = "name"
    PLATE = "plate"
    VIN = "vin"
    CONTACT = "contact"
    ADDRESS = "address"
    POSITION = "position"
    COMMENT = "comment"
    SUMMARY = "summary"


OPTIONAL = (Step.PLATE, Step.VIN, Step.CONTACT, Step.ADDRESS, Step.POSITION)
FIELDS = (Step.NUMBER, Step.NAME, *OPTIONAL)


@step
def start(talk: Talk) -> object:
    """/new."""
    may_create(talk.me)
    seen = client_listing(talk.uow, talk.me, ClientFilter(), 0)
    only = seen.clients[0].id if seen.total == 1 else None
    begin(talk, client=only, asks_client=only is None, values={})
    return _ask(talk)


def _client(talk: Talk) -> OrganisationRecord:
    return client_for_object(talk.uow, talk.me, talk.draft["client"])


def _values(talk: Talk) -> dict[str, str]:
    return {field: talk.draft["values"].get(field, "") for field in FIELDS}


def _question(talk: Talk) -> Step:
    asked = [Step.CLIENT] if talk.draft["asks_client"] else []
    return waiting(talk, [*asked, *FIELDS, Step.COMMENT], Step.SUMMARY)


def _ask(talk: Talk) -> object:
    question = _question(talk)
    talk.show(_screen(talk, question))
    return question


def _screen(talk: Talk, question: Step) -> Screen:
    if question is Step.CLIENT:
        return ask_client(_picking(talk))
    client, values = _client(talk), _values(talk)
    if question is Step.COMMENT:
        return ask_comment(client.name, values)
    if question is Step.SUMMARY:
        hearers = told_of_new(talk.uow, talk.me, client, talk.now)
        return new_summary(client.name, values, talk.draft["comment"], hearers)
    return ask_field(question, client.name, values, optional=question in OPTIONAL)


def _picking(talk: Talk) -> Picking:
    words, page = looked_for(talk)
    found = client_listing(talk.uow, talk.me, ClientFilter(query=words), page)
    return Picking(found.clients, found.total, PAGE, page, words)


def _choose_client(talk: Talk, client_id: int) -> object:
    client = client_for_object(talk.uow, talk.me, client_id)
    keep_answer(talk, Step.CLIENT, client=client.id)
    return _ask(talk)


@step
def fill(talk: Talk) -> object:
    """A field was typed, or its place sent."""
    field = _question(talk)
    try:
        value = _read(talk, field)
    except Refused as refused:
        return _complain(talk, field, talk.refused(refused.reason))
    if field is Step.NUMBER and talk.uow.objects.by_number(talk.draft["client"], value):
        return _complain(talk, field, talk.refused(Reason.ALREADY_EXISTS), value)
    keep_answer(talk, field, values={**talk.draft["values"], field: value})
    return _ask(talk)


def _read(talk: Talk, field: Step) -> str:
    if field is not Step.POSITION:
        return checked_field(field, talk.said)
    latitude, longitude = talk.position or read_position(talk.said)
    return f"{latitude:.5f}, {longitude:.5f}"


def _complain(talk: Talk, field: Step, reason: Reason, number: str = "") -> object:
    other = talk.uow.objects.by_number(_client(talk).id or 0, number) if number else None
    talk.show(with_problem(_screen(talk, field), problem_of(field, reason), other))
    return field


@step
def skip(talk: Talk) -> object:
    """Leave this field out, or it and the rest of them."""
    pressed, field = button(talk, Skip), _question(talk)
    # A second tap names a field that is answered already.
    if pressed.question == field and field in OPTIONAL:
        left_out = OPTIONAL[OPTIONAL.index(field) :] if pressed.rest else (field,)
        for one in left_out:
            keep_answer(talk, one, values={**talk.draft["values"], one: ""})
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
    client, values = _client(talk), _values(talk)
    given: dict[str, object] = {field: value for field, value in values.items() if value}
    if values[Step.POSITION]:
        given["latitude"], given["longitude"] = read_position(values[Step.POSITION])
    hearers = told_of_new(talk.uow, talk.me, client, talk.now)
    try:
        with talk.uow.savepoint():
            record = add_object(talk.uow, talk.me, client, given, talk.draft["comment"], talk.now)
    except Refused as refused:
        if refused.reason is not Reason.ALREADY_EXISTS:
            raise
        take_back(talk, Step.NUMBER)
        return _complain(talk, Step.NUMBER, talk.refused(refused.reason), values[Step.NUMBER])
    talk.toast(people_told(_("{number} is created.").format(number=record.number), len(hearers)))
    show_case(talk, Kind.OBJECT, record.id or 0)
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
    typed = MessageHandler(MESSAGE & filters.TEXT, fill)
    place = MessageHandler(MESSAGE & (filters.TEXT | filters.LOCATION), fill)
    words = MessageHandler(MESSAGE & filters.TEXT, comment)
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return Dialogue(
        family,
        name="new_object",
        entry_points=[CommandHandler("new", start, filters=private), on(NewObject, start)],
        states={
            Step.CLIENT: picking(_ask, _choose_client),
            **{field: [typed, on(Skip, skip)] for field in FIELDS if field is not Step.POSITION},
            Step.POSITION: [place, on(Skip, skip)],
            Step.COMMENT: [words],
            Step.SUMMARY: [words, on(Confirm, create)],
        },
        fallbacks=[on(Back, back), on(Cancel, cancel), inner(again), MessageHandler(MESSAGE, again)],
        allow_reentry=True,
    )

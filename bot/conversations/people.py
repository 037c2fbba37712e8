"""People and their roles, for administrators.

/people -> organisations -> people -> a person <-> roles
                | a name                 +-> «Remove» -> sure? -> the organisation's people
                +-> those of that name -> a person
"""

from enum import StrEnum

from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.buttons import OpenPerson, PeopleList, RemovePerson, ToggleRole
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.parts import MESSAGE, on
from bot.conversations.ways import show_menu
from bot.screens.answers import stranger
from bot.screens.people import ask_removal, found_screen, people_screen, person_screen, staffing_screen
from bot.services.absences import whereabouts
from bot.services.administration import (
    Profile,
    check,
    people_named,
    people_of,
    profile,
    remove,
    staffing,
    toggle_role,
)
from bot.services.people import recognise
from bot.texts import gettext as _
from bot.texts.words import refusal, role_names
from domain.process import Reason, Refused


class Step(StrEnum):
    """What the dialogue waits for."""

    NAME = "name"


@step
def start(talk: Talk) -> object:
    """/people."""
    return _show(talk, PeopleList())


@step
def turn(talk: Talk) -> object:
    """A page of organisations, or of the people of one."""
    return _show(talk, button(talk, PeopleList))


def _show(talk: Talk, view: PeopleList) -> object:
    check(talk.me)
    page = max(view.page, 0)
    if view.organisation_id is None:
        talk.show(staffing_screen(staffing(talk.uow, talk.me, page), page))
    else:
        organisation, people = people_of(talk.uow, talk.me, view.organisation_id)
        talk.show(people_screen(organisation, people, page))
    return Step.NAME


@step
def find(talk: Talk) -> object:
    """A part of a name was sent; whoever is found alone is opened."""
    words = " ".join(talk.said.split())[:80]
    found = people_named(talk.uow, talk.me, words)
    if len(found) == 1:
        _show_person(talk, found[0])
    else:
        talk.show(found_screen(words, found))
    return Step.NAME


def _show_person(talk: Talk, found: Profile) -> None:
    where = whereabouts(talk.uow, found.person.id or 0, talk.now)
    talk.show(person_screen(found, where, talk.me.time_zone))


@step
def open_person(talk: Talk) -> object:
    """One person."""
    _show_person(talk, profile(talk.uow, talk.me, button(talk, OpenPerson).person_id))
    return END


@step
def give_or_take(talk: Talk) -> object:
    """A role was pressed."""
    pressed = button(talk, ToggleRole)
    if pressed.person_id is None:
        raise Refused(Reason.NOT_FOUND)
    try:
        with talk.uow.savepoint():
            has = toggle_role(talk.uow, talk.me, pressed.person_id, pressed.role, talk.now)
    except Refused as refused:
        return _keep(talk, pressed.person_id, refused)
    found = profile(talk.uow, talk.me, pressed.person_id)
    said = _("Given to {name}: {role}.") if has else _("Taken from {name}: {role}.")
    talk.toast(said.format(name=found.person.name, role=role_names(pressed.role)))
    if pressed.person_id == talk.me.id:
        return _show_myself(talk, pressed.person_id)
    _show_person(talk, found)
    return END


def _keep(talk: Talk, person_id: int, refused: Refused) -> object:
    """The last administrator stays."""
    if refused.reason is not Reason.LAST_ADMINISTRATOR:
        raise refused
    talk.toast(refusal(talk.refused(refused.reason)), alert=True)
    _show_person(talk, profile(talk.uow, talk.me, person_id))
    return END


def _show_myself(talk: Talk, person_id: int) -> object:
    """Who changes their own roles goes on with what is left of them."""
    me = recognise(talk.uow, talk.user_id)
    if me is None:
        talk.show(stranger())
        return END
    talk.me = me
    try:
        _show_person(talk, profile(talk.uow, me, person_id))
    except Refused:
        show_menu(talk)
    return END


@step
def take_out(talk: Talk) -> object:
    """«Remove»: asked twice."""
    pressed = button(talk, RemovePerson)
    found = profile(talk.uow, talk.me, pressed.person_id)
    if not pressed.sure:
        talk.show(ask_removal(found))
        return END
    try:
        with talk.uow.savepoint():
            name = remove(talk.uow, talk.me, pressed.person_id, talk.now)
    except Refused as refused:
        return _keep(talk, pressed.person_id, refused)
    talk.toast(_("{name} is removed.").format(name=name))
    if pressed.person_id == talk.me.id:
        talk.show(stranger())
        return END
    return _show(talk, PeopleList(0, found.organisation.id))


def build(family: list[Dialogue]) -> Dialogue:
    """The dialogue and its buttons; in the lists a text is a part of a name."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return Dialogue(
        family,
        name="people",
        entry_points=[
            CommandHandler("people", start, filters=private),
            on(PeopleList, turn),
            on(OpenPerson, open_person),
            on(RemovePerson, take_out),
            CallbackQueryHandler(give_or_take, pattern=rf"^{ToggleRole.TAG}:\d"),
        ],
        states={Step.NAME: [MessageHandler(MESSAGE & filters.TEXT, find)]},
        fallbacks=[],
        allow_reentry=True,
    )

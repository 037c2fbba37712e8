"""Naming the installer of an object, or the support employee responsible for its client.

card -> «Assign»: who [<-> support instead] -> the card
"""

from bot.buttons import Assign, AssignTo
from bot.context import END, Dialogue, Talk, button, step
from bot.conversations.parts import on
from bot.conversations.ways import show_case
from bot.screens.answers import people_told
from bot.screens.assignments import choose_person
from bot.services.assignments import assign, naming
from bot.texts import gettext as _
from domain.process import Kind


@step
def offer(talk: Talk) -> object:
    """Who is named, and who can be."""
    pressed = button(talk, Assign)
    found = naming(talk.uow, talk.me, pressed.object_id, support=pressed.support)
    talk.show(choose_person(found, max(pressed.page, 0)))
    return END


@step
def name(talk: Talk) -> object:
    """This person, or nobody."""
    pressed = button(talk, AssignTo)
    told = assign(talk.uow, talk.me, pressed.object_id, pressed.person_id, talk.now, support=pressed.support)
    found = naming(talk.uow, talk.me, pressed.object_id, support=pressed.support)
    if told is None:
        talk.toast(_("It was so already."))
    elif found.named is None:
        talk.toast(people_told(_("Nobody is named now."), told))
    else:
        talk.toast(people_told(_("{name} is named now.").format(name=found.named), told))
    show_case(talk, Kind.OBJECT, pressed.object_id)
    return END


def build(family: list[Dialogue]) -> Dialogue:
    """Two presses; no text is waited for."""
    return Dialogue(
        family,
        name="assign",
        entry_points=[on(Assign, offer), on(AssignTo, name)],
        states={},
        fallbacks=[],
        allow_reentry=True,
    )

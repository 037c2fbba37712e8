"""Asking on a card why something is not offered: the reasons, who can do it, and the way back."""

from domain.objects import ObjectStatus
from tests.e2e.world import World

S = ObjectStatus


def test_why_one_cannot_and_who_can(world: World) -> None:
    machine, anna = world.machine(S.VERIFIED), world.anna
    world.open(anna, machine)
    anna.press("Why can't I…?")
    anna.shows("Verified", "Active – not for your role: installer", "the client (until", "moderator Mona")
    anna.press("« Back")
    anna.shows(machine.number, "to answer")
    assert "History" in anna.buttons()


def test_a_helper_reads_from_when_and_the_way_back_is_the_card(world: World) -> None:
    machine, mona = world.machine(S.DIAGNOSTICS), world.mona
    world.open(mona, machine)
    mona.press("Why can't I…?")
    mona.shows("Service – you may from", "support Ivan", "manager Olga", "Nothing else follows Diagnostics")
    mona.press("« Back")
    mona.shows(machine.number, "Diagnostics", "left")


def test_a_client_reads_no_names(world: World) -> None:
    machine, clara = world.machine(S.ACTIVE), world.clara
    world.open(clara, machine)
    clara.press("Why can't I…?")
    clara.shows("ask for it: «Something is needed», «It broke down»", "technical support, a moderator")
    clara.shows_not("Ivan", "Mona", "Olga")
    clara.press("« Back")
    clara.press("Something is needed")


def test_from_the_next_statuses_one_comes_back_to_them(world: World) -> None:
    machine, olga = world.machine(S.EQUIPPED), world.olga
    world.open(olga, machine)
    olga.forge(f"why:o:{machine.id}:0")
    olga.shows("Verified – not for your role: manager", "support Ivan")
    olga.press("« Back")
    olga.shows("Faulty")


def test_there_is_no_way_on_from_the_end(world: World) -> None:
    machine, ivan = world.machine(S.DECOMMISSIONED), world.ivan
    world.open(ivan, machine)
    ivan.shows("Decommissioned", "This is for ever: there is no way on")
    assert "Why can't I…?" not in ivan.buttons()
    ivan.forge(f"why:o:{machine.id}:1")
    ivan.shows("This is for ever: there is no way on")
    ivan.press("« Back")
    ivan.shows(machine.number, "Decommissioned")

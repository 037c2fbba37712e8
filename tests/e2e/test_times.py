"""The times of an organisation, as an administrator sets them in chat."""

from datetime import datetime, timedelta

import pytest

from bot.services.times import rhythm_of, schedule_for
from domain.clients import ClientStatus
from domain.deadlines import Times
from domain.objects import ObjectStatus
from domain.roles import Role
from domain.spans import Span
from storage.organisation_settings import SettingChange
from storage.tables import ObjectRecord, OrganisationRecord
from tests.builders import add_client, add_object, add_partner, key
from tests.e2e.world import World
from tests.talk import BOUND

SERVICE = ObjectStatus.SERVICE


def client_with(world: World, *statuses: ObjectStatus) -> tuple[OrganisationRecord, list[ObjectRecord]]:
    """A client that no other test meets, with objects."""
    client = world.case(ClientStatus.WORKS)
    objects = [
        world.write(lambda unit, s=status: add_object(unit, client, s, since=world.now() - timedelta(days=1)))  # type: ignore[misc]  # the lambda binds its status
        for status in statuses
    ]
    return client, objects


def open_times(world: World, client: OrganisationRecord) -> None:
    adam = world.adam
    adam.starts()
    adam.press("More")
    adam.press("Times")
    adam.shows("Whose?")
    adam.says(client.name)
    adam.press(client.name)
    adam.shows("Times", client.name, "Service: 3 d / 7 d")


def times_of(world: World, client: OrganisationRecord, status: ObjectStatus) -> Times | None:
    return world.read(lambda unit: schedule_for(unit, client).policy.times_of(status))


def reload_main(world: World, machine: ObjectRecord) -> datetime:
    main_at = world.reload(machine).main_at
    assert main_at is not None
    return main_at


def reckoned_anew(world: World, client: OrganisationRecord, machine: ObjectRecord) -> None:
    """Wait until the bot has reckoned the deadline by the times that hold now."""
    schedule = world.read(lambda unit: schedule_for(unit, client))
    deadline = schedule.deadline(machine.status, machine.status_since)
    assert deadline is not None
    until = world.now() + timedelta(seconds=BOUND)
    while (world.reload(machine).main_at, world.reload(machine).urgent_at) != (
        deadline.main_at,
        deadline.urgent_at,
    ):
        assert world.now() < until, "the deadline stays as it was"
        world.stage.pass_time(0.05)


def trail(world: World, organisation: OrganisationRecord) -> list[SettingChange]:
    return world.read(lambda unit: list(unit.organisation_settings.trail(key(organisation))))


def test_the_times_of_a_status_are_set_and_taken_back(world: World) -> None:
    client, (first, _second, other, _green) = client_with(
        world, SERVICE, SERVICE, ObjectStatus.FAULTY, ObjectStatus.ACTIVE
    )
    adam = world.adam
    open_times(world, client)
    adam.press("Service")
    adam.shows("Service", "Now: 3 d / 7 d", "3 d / 7 d or 2 working days / 4 working days")
    adam.says("2 working days / 4 working days")
    adam.shows("3 d / 7 d → 2 working days / 4 working days", "2 machines", "reckoned anew")
    adam.press("Set it")
    adam.toast("It is set")
    adam.shows("Service: 2 working days / 4 working days (Adam,")
    assert times_of(world, client, SERVICE) == Times(Span(2, working=True), Span(4, working=True))
    reckoned_anew(world, client, first)
    assert world.reload(other).main_at == other.main_at
    adam.press("Service")
    adam.press("Back to 3 d / 7 d (default)")
    adam.shows("2 working days / 4 working days → 3 d / 7 d")
    adam.press("Set it")
    adam.shows("Service: 3 d / 7 d")
    assert times_of(world, client, SERVICE) == Times(Span(3), Span(7))
    adam.press("Trail")
    adam.shows(
        "trail",
        "· Adam\nService: 2 working days / 4 working days → back to 3 d / 7 d",
        "· Adam\nService: 3 d / 7 d → 2 working days / 4 working days",
    )
    assert [line.person for line in trail(world, client)] == ["Adam", "Adam"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("soon", "«soon» is no length of time"),
        ("3 d", "«3 d» has one time: write the main and the urgent time, such as 3 d / 7 d"),
        ("7 d / 3 d", "the urgent time has to end"),
        ("3 d / 999 d", "«999 d» is too long"),
        ("<i>3 d / 7 d", "«<i>3 d» is no length of time"),
        ("3 d / " + "9" * 3000, "That is longer than any setting"),
    ],
)
def test_what_cannot_be_is_said_with_an_example(world: World, typed: str, says: str) -> None:
    client, _objects = client_with(world)
    open_times(world, client)
    world.adam.press("Service")
    world.adam.says(typed)
    world.adam.shows(says, "Write the main and the urgent time")
    world.adam.says("1 d / 2 d")
    world.adam.shows("→ 1 d / 2 d", "0 machines")
    world.adam.press("Cancel")
    assert not trail(world, client)


def test_verified_has_a_main_time_only(world: World) -> None:
    client, _objects = client_with(world, ObjectStatus.VERIFIED)
    adam = world.adam
    open_times(world, client)
    adam.press("Verified")
    adam.shows("Red it is after 8 days, always")
    adam.says("9 d")
    adam.shows("Verified is urgent after 8 days of 24 hours, always")
    adam.says("3 working days")
    adam.shows("5 d / 8 d → 3 working days / 8 d", "1 machine")
    adam.press("Set it")
    adam.shows("Verified: 3 working days / 8 d (Adam,")


def test_the_calendar_of_a_partner_is_that_of_its_clients(world: World) -> None:
    north = world.write(lambda unit: add_partner(unit, "Polar"))
    agro = world.write(lambda unit: add_client(unit, north, "Ice"))
    machine = world.write(lambda unit: add_object(unit, agro, SERVICE))
    adam = world.adam
    adam.says("/times")
    adam.says("polar")
    adam.press("Polar")
    adam.shows("Times · Polar", "Working hours: Mon-Fri 09:00-18:00")
    adam.shows_not("Main time")
    for pressed, typed, change in (
        ("Working hours", "Mon-Sat 8-12, 13-17", "Mon-Fri 09:00-18:00 → Mon-Sat 08:00-12:00 13:00-17:00"),
        ("Time zone", "europe/kyiv", "UTC → Europe/Kyiv"),
        ("Public holidays", "de-by", "none → DE-BY"),
    ):
        adam.press(pressed)
        adam.says(typed)
        adam.shows(change, "a deadline by this calendar", *(["The next: "] if typed == "de-by" else []))
        adam.press("Set it")
        adam.toast("It is set")
    calendar = world.read(lambda unit: schedule_for(unit, agro)).calendar
    assert calendar.time_zone == "Europe/Kyiv"
    assert [len(day) for day in calendar.week] == [2, 2, 2, 2, 2, 2, 0]
    assert calendar.is_holiday(world.now().date().replace(month=1, day=6))
    adam.press("« Back")
    adam.says("ice")
    adam.press("Ice")
    adam.press("Service")
    adam.says("2 working days / 4 working days")
    adam.press("Set it")
    reckoned_anew(world, agro, machine)
    saturday_too = reload_main(world, machine)
    world.adam.says("/times")
    adam.says("polar")
    adam.press("Polar")
    adam.press("Working hours")
    adam.says("Wed 10:00-16:00")
    adam.press("Set it")
    reckoned_anew(world, agro, machine)
    assert reload_main(world, machine) > saturday_too
    assert world.read(lambda unit: unit.organisations.get(key(north))).time_zone == "Europe/Kyiv"  # type: ignore[union-attr]  # it is there
    adam.says("/times")
    adam.says("ice")
    adam.press("Ice")
    adam.shows("Public holidays: DE-BY (Polar, Adam,")
    adam.press("Public holidays")
    adam.press("No public holidays")
    adam.shows("DE-BY → none")
    adam.press("Set it")
    assert not world.read(lambda unit: schedule_for(unit, agro)).calendar.is_holiday(
        world.now().date().replace(month=1, day=6)
    )
    adam.press("Public holidays")
    adam.press("Back to DE-BY (Polar)")
    adam.press("Set it")
    adam.shows("Public holidays: DE-BY (Polar,")
    assert trail(world, agro)[0].record.value is None


def test_quiet_hours_and_the_digest_of_an_organisation(world: World) -> None:
    client, _objects = client_with(world, SERVICE)
    adam = world.adam
    open_times(world, client)
    adam.press("Quiet hours")
    adam.says("22:00")
    adam.shows("write 22:00-07:00")
    adam.says("22:00 – 7:00")
    adam.shows("22:00-07:00", "May red alerts")
    adam.press("Yes, red passes")
    adam.shows("none → 22:00-07:00, red passes", "messages to the people")
    adam.press("Set it")
    adam.shows("Quiet hours: 22:00-07:00, red passes (Adam,")
    adam.press("Digest")
    adam.says("8:30")
    adam.press("Set it")
    rhythm = world.read(lambda unit: rhythm_of(unit, client))
    assert rhythm.quiet is not None
    assert [f"{at:%H:%M}" for at in (*rhythm.quiet, rhythm.digest)] == ["22:00", "07:00", "08:30"]
    assert rhythm.red_passes
    adam.press("Quiet hours")
    adam.press("No quiet hours")
    adam.press("Set it")
    assert world.read(lambda unit: rhythm_of(unit, client)).quiet is None


def test_of_two_administrators_the_second_sees_that_somebody_was_faster(world: World) -> None:
    client, _objects = client_with(world, SERVICE)
    other = world.newcomer("Second", "Group", Role.ADMINISTRATOR)
    open_times(world, client)
    world.adam.press("Service")
    world.adam.says("1 d / 2 d")
    other.says("/times")
    other.says(client.name)
    other.press(client.name)
    other.press("Service")
    other.says("2 d / 4 d")
    other.press("Set it")
    world.adam.press("Set it")
    world.adam.toast("Somebody changed it meanwhile")
    world.adam.shows("Service: 2 d / 4 d (Second,")
    assert [line.person for line in trail(world, client)] == ["Second"]


def test_a_second_tap_shows_how_it_is_now(world: World) -> None:
    client, _objects = client_with(world, SERVICE)
    open_times(world, client)
    world.adam.press("Service")
    world.adam.says("1 d / 2 d")
    again = world.adam.data_of("Set it")
    world.adam.press("Set it")
    world.adam.forge(again)
    world.adam.shows("Service: 1 d / 2 d (Adam,")
    assert len(trail(world, client)) == 1


@pytest.mark.parametrize("name", ["Mona", "Gwen", "Ivan", "Clara", "Anna"])
def test_for_everybody_else_it_does_not_exist(world: World, name: str) -> None:
    person, agro = world.talks[name], key(world.organisations["Agro"])
    person.starts()
    person.press("More")
    assert "Times" not in person.buttons()
    for data in ("tms:", f"tms:{agro}", f"tset:{agro}:Service", f"ttrail:{agro}:0", f"tdo:{agro}:Service"):
        person.forge(data)
        person.toast("There is no such thing here")
    person.says("/times")
    person.shows("There is no such thing here")


def test_forged_buttons_set_nothing(world: World) -> None:
    client, _objects = client_with(world, SERVICE)
    adam = world.adam
    adam.starts()
    for data in (
        f"tset:{key(client)}:Active", f"tset:{key(client)}:claim", f"tset:{key(client)}:",
        "tset:999999:Service", "tms:999999", "ttrail:999999:0",
        f"tset:{key(world.organisations['North'])}:Service",
    ):  # fmt: skip
        adam.forge(data)
        adam.toast("There is no such thing here")
    open_times(world, client)
    adam.press("Service")
    for data in ("tval:Service:none", "tval:Service:back", "tval:hours:none", "tval:Service:red"):
        adam.forge(data)
    adam.forge(f"tdo:{key(client)}:Service")
    assert not trail(world, client)

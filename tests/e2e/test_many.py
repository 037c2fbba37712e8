"""Many objects at once, as people do it in chat."""

import io
import itertools
import re
import urllib.request
from collections.abc import Sequence
from datetime import timedelta

from python_calamine import CalamineWorkbook
from sqlalchemy import func
from sqlmodel import col, select

from domain.objects import ObjectStatus
from domain.roles import Role
from storage.queues import OutboxRecord
from storage.tables import ObjectRecord
from tests.builders import key
from tests.e2e.world import World
from tests.talk import Talk

S = ObjectStatus
_runs = itertools.count(1)


def fleet(world: World, *statuses: ObjectStatus, client: str = "Agro") -> list[ObjectRecord]:
    """Machines whose numbers nobody else has."""
    run = next(_runs)
    return [
        world.machine(status, client, number=f"B{run}-{at}", ago=timedelta(minutes=90 - at))
        for at, status in enumerate(statuses)
    ]


def select_by_numbers(talk: Talk, numbers: Sequence[str]) -> None:
    talk.says("/objects")
    talk.press("Select…")
    talk.shows("Select objects", "0 chosen")
    talk.says("\n".join(numbers))


def finished(talk: Talk, *fragments: str) -> str:
    """Wait for the results, which come beside the conversation."""
    return talk.shows("changed", *fragments)


def bulk_rows(world: World, kind: str, after: int = 0) -> list[OutboxRecord]:
    return world.read(
        lambda unit: list(
            unit.session.exec(
                select(OutboxRecord).where(OutboxRecord.kind == kind, col(OutboxRecord.id) > after)
            ).all()
        )
    )


def test_many_are_changed_with_one_comment_and_everybody_hears_once(world: World) -> None:
    machines = fleet(world, *[S.SERVICE] * 5, S.NEW)
    numbers = [machine.number for machine in machines]
    before = len(bulk_rows(world, "bulk"))
    alerts = len(bulk_rows(world, "alert"))
    anna = world.anna
    select_by_numbers(anna, [*numbers, "B-404", numbers[0]])
    anna.shows("6 chosen", "B-404", "No machine of yours", "1 was there twice")
    anna.press("Go on with 6 objects")
    # An installer assigns nobody, so the statuses come at once; none fits all six.
    anna.shows("no status that you can set on all", "Serviced", "5 of 6", "1 New")
    anna.press("Serviced: only these 5")
    anna.shows("5 objects", "Serviced", "Write one comment")
    anna.says("\u2800")
    anna.shows("A comment is needed")
    anna.sends_photo()
    anna.shows("1 photo is there")
    anna.press("« Back")
    anna.shows("What happened to all of them?", "5 objects")
    anna.press("Serviced")
    anna.says("Sensors replaced <everywhere>")
    anna.shows("5 objects → Serviced", "Sensors replaced <everywhere>", "Will be told", "Ivan", "Olga")
    assert all(world.status(machine) is not S.SERVICED for machine in machines)
    anna.press("Change 5 objects to Serviced")
    finished(anna, "6 objects", "5 changed", "1 refused", "B-404")
    assert [world.status(machine) for machine in machines] == [S.SERVICED] * 5 + [S.NEW]
    for machine in machines[:5]:
        line = world.history(machine)[0]
        assert (line.record.comment, line.photos) == ("Sensors replaced <everywhere>", 1)
    told = bulk_rows(world, "bulk")[before:]
    assert sorted(row.person_id or 0 for row in told) == sorted(
        key(world.people[name]) for name in ("Ivan", "Olga")
    )
    assert len(bulk_rows(world, "alert")) == alerts
    world.ivan.shows("5 objects · Serviced", "Anna changed them all", "Sensors replaced", "1 photo")
    world.ivan.press("Show these 5")
    world.ivan.shows("Changed together · 5", "by Anna")
    world.ivan.press(numbers[0])
    world.ivan.shows(numbers[0], "Serviced")

    anna.press("All of it as a file")
    anna.toast("Here it comes.")
    rows = sheet_of(world, anna)
    assert [row[0] for row in rows] == ["Number", "B-404", *numbers[:5]]
    assert rows[2][3:6] == ["Service", "Serviced", "changed"]
    assert rows[1][5:] == ["refused", "No machine of yours has this number."]


def sheet_of(world: World, talk: Talk) -> list[list[object]]:
    """The last file that the bot sent."""

    def is_file(call: dict[str, object]) -> bool:
        return call["method"] == "sendDocument" and str(call["chat_id"]) == str(talk.account)

    calls = world.stage.calls_until(0, lambda found: any(map(is_file, found)), "no file")
    sent = [call for call in calls if is_file(call)][-1]["result_message_id"]
    document = next(m["document"] for m in talk.messages() if m["message_id"] == sent)
    with urllib.request.urlopen(f"{world.stage.url}{document['url']}") as answer:  # noqa: S310  # ours
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.read()))
    return book.get_sheet_by_index(0).to_python()


def test_ticks_pages_a_whole_list_and_a_file_of_numbers(world: World) -> None:
    machines = fleet(world, *[S.FAULTY] * 9, client="Terra")
    stan = world.stan
    stan.says("/objects")
    stan.press("Select…")
    stan.shows("Select objects", "0 chosen")
    stan.press("⬜")
    stan.shows("1 chosen")
    stan.press("▶")
    stan.shows("1 chosen")
    stan.press("All ")
    chosen = re.search(r"(\d+) chosen", stan.shows("chosen", "Select objects"))
    assert chosen is not None
    assert int(chosen[1]) >= len(machines)
    stan.press("None")
    stan.shows("0 chosen")
    stan.forge("tick:999999:1")
    stan.toast("This one is not there any more.")
    foreign = world.machine(S.FAULTY, "Agro")
    stan.forge(f"tick:{foreign.id}:1")
    stan.toast("This one is not there any more.")
    stan.shows("0 chosen")
    content = ("\ufeff" + "\r\n".join(machine.number for machine in machines)).encode()
    stan.sends_file("numbers.csv", content)
    stan.shows("9 chosen", "Taken from your numbers: 9 objects")
    stan.press("Go on with 9 objects")
    stan.press("Change the status")
    stan.press("Diagnostics")
    stan.says("Back from the client")
    stan.press("« Back")
    stan.shows("Write one comment")
    stan.says("All back from the client")
    stan.press("Change the comment")
    stan.says("Machines are right again")
    stan.press("Change 9 objects to Diagnostics")
    finished(stan, "9 objects", "9 changed")
    stan.press("▶")
    stan.shows("9 changed")
    assert {world.status(machine) for machine in machines} == {S.DIAGNOSTICS}


def test_an_installer_is_assigned_to_many_and_hears_once(world: World) -> None:
    machines = fleet(world, S.NEW, S.SERVICE, S.NEW)
    fresh = world.newcomer("Nina", "North", Role.INSTALLER)
    olga = world.olga
    select_by_numbers(olga, [machine.number for machine in machines])
    olga.press("Go on with 3 objects")
    olga.press("Assign an installer")
    olga.shows("Who is it from now on?")
    olga.press("Nina")
    olga.shows("3 objects", "installer: Nina", "Will be told: Nina")
    olga.press("Assign Nina to 3 objects")
    finished(olga, "3 objects", "installer: Nina", "3 changed")
    fresh.shows("3 objects are yours now", "Olga assigned you.")
    fresh.press("Show these 3")
    fresh.shows("Changed together · 3")
    again = world.olga
    select_by_numbers(again, [machine.number for machine in machines])
    again.press("Go on with 3 objects")
    again.press("Assign an installer")
    again.press("Nina")
    again.press("Assign Nina to 3 objects")
    finished(again, "3 were so already", "0 changed")


def test_whoever_was_faster_is_respected_and_a_second_tap_does_nothing(world: World) -> None:
    machines = fleet(world, S.DIAGNOSTICS, S.DIAGNOSTICS)
    ivan = world.ivan
    select_by_numbers(ivan, [machine.number for machine in machines])
    ivan.press("Go on with 2 objects")
    ivan.press("Change the status")
    ivan.press(" Service")
    ivan.says("To be repaired")
    confirm = ivan.data_of("Change 2 objects to Service")
    world.open(world.olga, machines[0])
    world.olga.press("Change status")
    world.olga.press(" Verified")
    world.olga.says("Nothing found")
    world.olga.press("Change status to Verified")
    world.olga.toast("Verified")
    ivan.press("Change 2 objects to Service")
    finished(ivan, "1 changed", "1 refused", "Somebody was faster. It is Verified now.", machines[0].number)
    ivan.forge(confirm)
    finished(ivan, "1 changed", "1 refused")
    assert [world.status(machine) for machine in machines] == [S.VERIFIED, S.SERVICE]
    assert [len(world.history(machine)) for machine in machines] == [1, 1]
    ivan.press(machines[0].number)
    ivan.shows(machines[0].number, "Verified")


def test_what_cannot_be_undone_is_asked_twice_and_a_client_rates_once(world: World) -> None:
    gone = fleet(world, S.BLOCKED, S.BLOCKED)
    select_by_numbers(world.ivan, [machine.number for machine in gone])
    world.ivan.press("Go on with 2 objects")
    world.ivan.press("Change the status")
    world.ivan.press("Decommissioned")
    world.ivan.shows("This cannot be undone for 2 objects")
    world.ivan.press("Yes, I am sure")
    world.ivan.says("Sold")
    world.ivan.press("Change 2 objects to Decommissioned")
    finished(world.ivan, "2 changed")

    ready = fleet(world, S.VERIFIED, S.VERIFIED, client="Terra")
    select_by_numbers(world.tina, [machine.number for machine in ready])
    world.tina.press("Go on with 2 objects")
    world.tina.press("Active")
    world.tina.press("★★★★")
    world.tina.says("They work")
    world.tina.shows("★★★★", "They work")
    world.tina.press("Change 2 objects to Active")
    finished(world.tina, "2 changed")
    assert [world.history(machine)[0].record.rating for machine in ready] == [4, 4]

    select_by_numbers(world.tina, [machine.number for machine in ready])
    world.tina.press("Go on with 2 objects")
    world.tina.press("Out of service")
    world.tina.press("It broke down")
    world.tina.says("Both make noise")
    world.tina.press("Change 2 objects to Out of service")
    finished(world.tina, "2 changed")


def test_results_are_their_authors_alone(world: World) -> None:
    machines = fleet(world, S.SERVICE, S.SERVICE)
    select_by_numbers(world.anna, [machine.number for machine in machines])
    world.anna.press("Go on with 2 objects")
    world.anna.press("Serviced")
    world.anna.says("Done")
    world.anna.press("Change 2 objects to Serviced")
    finished(world.anna, "2 changed")
    data = world.anna.data_of("All of it as a file")
    bulk_id = data.split(":")[1]
    for name in ("Stan", "Tina", "Olga", "Mona"):
        talk = world.talks[name]
        talk.says("/menu")
        for forged in (data, f"brep:{bulk_id}:0", f"brep:{bulk_id}:99"):
            talk.forge(forged)
            talk.shows("no such thing")
            talk.says("/menu")
    for name in ("Stan", "Tina"):
        talk = world.talks[name]
        talk.forge(f"bobj:{bulk_id}:0")
        talk.shows("Nothing of that waits for you")
    for forged in ("brep:99999:0", "bfile:x", "bobj::", "bto:99:0", "bname:1", "tickall:1", "sel:1:2"):
        world.anna.says("/menu")
        world.anna.forge(forged)


def test_leaving_back_and_commands_in_the_middle(world: World) -> None:
    machines = fleet(world, S.SERVICE, S.SERVICE)
    anna = world.anna
    select_by_numbers(anna, [machine.number for machine in machines])
    anna.press("Go on with 2 objects")
    anna.press("Serviced")
    anna.press("« Back")
    anna.press("« Back")
    anna.shows("Select objects", "2 chosen")
    anna.press("« Back")
    anna.shows("Objects ·")
    anna.press("Select…")
    anna.shows("0 chosen")
    anna.press("Cancel")
    anna.toast("Nothing was changed.")
    anna.press("Select…")
    anna.says("/tasks")
    anna.shows("Your tasks")
    assert [world.status(machine) for machine in machines] == [S.SERVICE, S.SERVICE]


def test_a_bulk_change_goes_on_where_a_kill_left_it(world: World) -> None:
    machines = fleet(world, *[S.SERVICE] * 400)
    anna = world.anna
    before = len(bulk_rows(world, "bulk"))
    select_by_numbers(anna, [machine.number for machine in machines])
    anna.press("Go on with 400 objects")
    anna.press("Serviced")
    anna.says("The whole field")
    anna.press("Change 400 objects to Serviced", wait=False)
    caught = []
    for _ in range(3):
        seen = changed(world, machines)
        while changed(world, machines) == seen < len(machines):
            pass  # until the next step is committed
        world.stage.kill_bot()
        caught.append(changed(world, machines))
        world.stage.start_bot()
    finished(anna, "400 changed")
    assert all(len(world.history(machine)) == 1 for machine in machines)
    assert len(bulk_rows(world, "bulk")) == before + 2
    assert 0 < caught[0] < 400, "it was killed in the middle"


def changed(world: World, machines: Sequence[ObjectRecord]) -> int:
    """How many have come to Serviced."""
    ids = [key(machine) for machine in machines]
    query = select(func.count()).where(col(ObjectRecord.id).in_(ids), ObjectRecord.status == S.SERVICED)
    return world.read(lambda unit: unit.session.exec(query).one())

"""``greenlight demo --at``: the same company, that much later."""

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.commands.common import Stop
from bot.commands.demo_clock import go_to, lived_until, lives, read_at
from bot.services.forecast import Foretold, Form, forecast
from storage.database import Database
from storage.queues import OutboxRecord
from tests.bot.commands.conftest import Said
from tests.bot.commands.demonstrating import Demonstration, Start, until
from tests.builders import NOW

IVAN, MARTA = 7002, 7006
DAY = timedelta(days=1)
GREETED = re.compile(r"(\d+) needs? you today(?:, (\d+) of them red)?")


def opened(place: Path, name: str = "greenlight.db") -> Database:
    return Database(f"sqlite:///{place / 'demo-data' / name}")


def buttons(demo: Demonstration, person: int) -> list[list[str]]:
    """The labels of the bot's messages to somebody."""
    chat: Any = demo.ask(f"/sandbox/people/{person}/chat")
    mine = [message for message in chat["messages"] if message["from"] == "bot"]
    return [[key["text"] for line in message["keyboard"] for key in line] for message in mine]


def told_at(place: Path) -> datetime | None:
    """The tick at which all were told."""
    database = opened(place)
    try:
        with database.read() as unit:
            query = select(OutboxRecord.created_at).where(col(OutboxRecord.kind).in_(list(Form)))
            return unit.session.exec(query.order_by(col(OutboxRecord.id)).limit(1)).first()
    finally:
        database.close()


@pytest.mark.e2e
def test_three_days_later_everybody_gets_what_was_foretold_in_one_message(start: Start, place: Path) -> None:
    begins = datetime.now(UTC)
    quiet = start()
    assert quiet.line
    quiet.end()
    assert told_at(place) is None
    shutil.copy(place / "demo-data" / "greenlight.db", place / "demo-data" / "before.db")

    demo = start("--at", "+3d")
    at = until(lambda: told_at(place), "the tick")
    assert at >= begins + 3 * DAY
    before = opened(place, "before.db")
    with before.read() as unit:  # the same jump, foretold
        said = list(forecast(unit, begins, at, every=at - begins))
        accounts = {person.id: person.telegram_id for person in unit.people.all()}
    before.close()
    for person in (IVAN, MARTA):
        until(lambda person=person: demo.said(person), "a digest")  # type: ignore[misc]  # the lambda binds its person
        (foretold,) = (one for one in said if accounts[one.reader.id] == person)
        same(foretold, demo, person)
    demo.end()


def same(foretold: Foretold, demo: Demonstration, person: int) -> None:
    """What arrived is what was said to arrive: one digest, of as many, as many of them red."""
    (text,) = demo.said(person)
    counts = GREETED.search(text)
    assert counts
    red = sum(about.colour.name == "RED" for about in foretold.about)
    assert (int(counts[1]), int(counts[2] or 0)) == (len(foretold.about), red)
    assert foretold.form is Form.DIGEST
    numbers = {about.number for about in foretold.about}
    (labels,) = buttons(demo, person)
    assert len(labels) > 3
    assert all(any(f" {number} " in label for number in numbers) for label in labels if "·" in label)


@pytest.mark.e2e
def test_time_does_not_go_back_but_stays_where_it_was(start: Start, say: Said) -> None:
    start("--at", "+2w").end()

    code, _, err = say("demo", "--port", "0", "--at", "+3d")
    assert (code, err.count("\n")) == (2, 1)
    assert "time does not go back" in err

    again = start()
    assert again.line
    _, _, err = again.end()
    assert "In the demo company it is" in err


@pytest.mark.parametrize(
    ("text", "ahead"),
    [
        ("+12h", timedelta(hours=12)), ("+3d", 3 * DAY), ("2w", 14 * DAY), ("+0d", 0 * DAY),
        ("2026-03-03", timedelta(hours=19)),  # 09:00 in Kyiv is 07:00 in UTC, and it is noon
        ("2026-03-02 15:00", timedelta(hours=1)),
        ("2026-03-02T15:00Z", timedelta(hours=3)),
    ],
)  # fmt: skip
def test_what_may_be_written(text: str, ahead: timedelta) -> None:
    assert read_at(text, NOW) == ahead


@pytest.mark.parametrize("text", ["", "soon", "-3d", "+3", "3 days", "2026-13-01", "+9999w", "2026-03-01"])
def test_what_may_not(text: str, say: Said, place: Path) -> None:
    with pytest.raises(Stop):
        read_at(text, NOW)
    code, out, err = say(
        "demo", "--port", "0", "--reset", f"--at={'2020-01-01' if text == '2026-03-01' else text}"
    )
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert list(place.iterdir()) == []


def test_the_data_know_how_late_it_has_been(sqlite_database: Database) -> None:
    with sqlite_database.write() as unit:
        assert lived_until(unit) is None
        assert go_to(unit, None, NOW) == timedelta()
        assert go_to(unit, 3 * DAY, NOW) == 3 * DAY
        assert go_to(unit, None, NOW + DAY) == 3 * DAY
        lives(unit, NOW)
        assert lived_until(unit) == NOW + 4 * DAY
        with pytest.raises(Stop):
            go_to(unit, DAY, NOW + DAY)
        assert go_to(unit, DAY, NOW + 4 * DAY) == DAY

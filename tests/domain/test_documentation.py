"""docs/processes.md and the tables in the code say the same, in both directions."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.clients import CLIENT_PROCESS, ClientStatus
from domain.deadlines import DEFAULT_POLICY
from domain.objects import OBJECT_PROCESS, ObjectStatus
from domain.process import ClientReason, Condition
from domain.requests import ANSWERED_BY
from domain.roles import NOBODY, ROLES_OF, STAFF, OrganisationKind, Role

NOTHING = "\N{EN DASH}"
TEXT = (Path(__file__).parents[2] / "docs" / "processes.md").read_text(encoding="utf-8")

NEEDS = {
    "within 8 days": Condition.WITHIN_8_DAYS,
    "never Active": Condition.NEVER_ACTIVE,
    "was Active": Condition.WAS_ACTIVE,
    "rating": Condition.RATING,
    "reason": Condition.REASON,
    "confirmed twice": Condition.CONFIRM_TWICE,
    "automatic": Condition.AUTOMATIC,
}


def table(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its first row."""
    section = TEXT.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def words(text: str) -> Iterator[str]:
    return (word for part in text.split(",") if (word := part.strip()))


def roles(text: str) -> Role:
    found = NOBODY
    for word in words(text):
        found |= STAFF if word == "staff" else Role.from_key(word)
    return found


def test_the_changes_of_an_object() -> None:
    written = []
    for number, source, target, who, needs, _example in table("Changes of an object's status"):
        always, _, late = who.partition("; when late ")
        conditions = frozenset(NEEDS[word] for word in words(needs))
        before = None if source == NOTHING else ObjectStatus(source)
        written.append((int(number), before, ObjectStatus(target), roles(always), roles(late), conditions))
    coded = [
        (row.no, row.source, row.target, row.roles, row.late, frozenset(row.conditions))
        for row in OBJECT_PROCESS.rows
    ]
    assert written == coded
    assert len(coded) == 35


def test_the_changes_of_a_client() -> None:
    written = [
        (int(number), None if source == NOTHING else ClientStatus(source), ClientStatus(target), roles(who))
        for number, source, target, who in table("Statuses of a client")
    ]
    coded = [(row.no, row.source, row.target, row.roles) for row in CLIENT_PROCESS.rows]
    assert written == coded
    assert not any(row.late or row.conditions for row in CLIENT_PROCESS.rows)


def test_the_statuses_and_their_times() -> None:
    written = {}
    for name, _aliases, meaning, main, urgent in table("Statuses of an object"):
        assert meaning
        days = [timedelta(days=int(text.removesuffix(" d"))) for text in (main, urgent) if text]
        written[ObjectStatus(name)] = days
    coded = {
        status: [times.main.plain, times.urgent.plain] if (times := DEFAULT_POLICY.times_of(status)) else []
        for status in ObjectStatus
    }
    assert written == coded
    request = DEFAULT_POLICY.times_of(ObjectStatus.OUT_OF_SERVICE, open_request=True)
    assert request is not None
    assert f"request is open: {request.main.days} d and {request.urgent.days} d" in re.sub(r"\s+", " ", TEXT)


def test_the_roles_and_where_they_belong() -> None:
    written = {
        Role.from_key(name): {
            OrganisationKind(where.replace(" ", "-")) for where in words(places) if where != NOTHING
        }
        for name, _task, places in table("Who acts")
    }
    assert written == {role: {kind for kind in ROLES_OF if role in ROLES_OF[kind]} for role in Role}


def test_what_answers_a_request() -> None:
    asked = {
        "a breakdown": ClientReason.BREAKDOWN,
        "additional equipment": ClientReason.ADDITIONAL_EQUIPMENT,
        "a block": ClientReason.BLOCK,
    }
    assert {
        asked[request]: ObjectStatus(answer) for request, answer in table("What answers a request")
    } == ANSWERED_BY


@pytest.mark.parametrize("condition", Condition)
def test_every_condition_is_explained(condition: Condition) -> None:
    phrase = next(word for word, meant in NEEDS.items() if meant is condition)
    assert f"**{phrase}**" in TEXT

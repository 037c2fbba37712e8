"""Searching: what is found is what a plain reading of every object finds, for any words and any eyes."""

import string
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from domain.deadlines import Colour
from domain.objects import ObjectStatus
from domain.roles import Actor, OrganisationKind, Role, Sight
from domain.search import fold
from storage import object_lists, objects, search
from storage.database import Database, UnitOfWork
from storage.object_lists import MANY
from storage.object_terms import ObjectFilter, movable
from storage.search import LENGTH, searchable
from storage.tables import ObjectRecord, OrganisationRecord
from tests.builders import NOW, Company, add_client, add_company, add_object, key

ALL = Sight(everything=True)
DAY = timedelta(days=1)
ODD = "%_\\\"'*^():-+{}[]/. \u00a0\u200f\U0001f69c\ufe0f\ufffd\ufffe"
CYRILLIC = "\u0430\u0431\u0432\u0413\u0416\u0419\u0421\u0422\u0425\u042f\u0456\u0457\u0404\u0451\u0490"
# Few letters, so that words are parts of one another.
LETTERS = st.sampled_from("aAbBcJ178" + ODD + CYRILLIC)
KEPT = st.characters(exclude_characters="\0", codec="utf-8")  # without halves of characters
WORDS = st.text(LETTERS, max_size=8) | st.text(KEPT, max_size=5)
OPERATORS = st.sampled_from(["AND", "a OR b", "NOT a", "NEAR(a b)", "folded:a", 'a" OR "b', "a*", "^a"])
LONG = st.integers(20, 300).map(lambda times: "ab" * times)
QUERIES = (
    WORDS
    | st.text(LETTERS, min_size=1, max_size=2)
    | st.text(st.characters(), max_size=5)
    | OPERATORS
    | LONG
    | st.text(max_size=30)
)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def fields_of(record: ObjectRecord) -> list[str]:
    return [record.number, record.name, record.plate, record.vin, record.terminal or ""]


def has(record: ObjectRecord, query: str) -> bool:
    """The oracle: read every field; one or two letters are the beginning of a field, or of a word in it."""
    wanted = fold(query)
    if not wanted:
        return True
    fields = [fold(field) for field in fields_of(record)]
    if len(wanted) > 2:
        return any(wanted in field for field in fields)
    return any(field.startswith(wanted) for field in fields) or any(
        fold(word).startswith(wanted) for field in fields_of(record)[:3] for word in words(field)
    )


def words(text: str) -> Iterator[str]:
    """The runs of digits and of letters; each other sign alone."""
    kind, run = "", ""
    for letter in text.casefold():
        now = "digit" if letter.isdecimal() else "letter" if letter.isalnum() else ""
        if now and now == kind:
            run += letter
            continue
        if run:
            yield run
        kind, run = now, letter
    if run:
        yield run


def in_order(record: ObjectRecord) -> tuple[int, object, int]:
    return (-colour(record).value, record.status_since, key(record))


def colour(record: ObjectRecord) -> Colour:
    if record.main_at is None or record.urgent_at is None:
        return Colour.GREEN
    if record.urgent_at <= NOW:
        return Colour.RED
    return Colour.YELLOW if record.main_at <= NOW else Colour.BLUE


def check(unit: UnitOfWork, records: Sequence[ObjectRecord], view: Sight, wanted: ObjectFilter) -> None:
    """Pages and counts are those of the objects that a plain reading finds."""
    owners = {owner.id: owner.parent_id for owner in unit.session.exec(select(OrganisationRecord))}
    expected = [r for r in records if has(r, wanted.query) and view.covers(r.client_id, owners[r.client_id])]
    if wanted.colour is not None:
        expected = [r for r in expected if colour(r) is wanted.colour]
    if wanted.movable_by is not None:
        statement = select(ObjectRecord.id).where(movable(wanted.movable_by, NOW))
        may = set(unit.session.exec(statement))
        expected = [r for r in expected if r.id in may and r.main_at is not None]
    expected.sort(key=in_order)
    found = unit.objects.find(view, wanted, NOW, offset=1, limit=5)
    assert [seen.object.id for seen in found.seen] == [r.id for r in expected[1:6]]
    assert found.total == min(object_lists.MANY, len(expected))
    ids = unit.objects.ids(view, wanted, NOW, len(records))
    assert ids == [r.id for r in expected], "all are reached, each once"
    if wanted.query:
        return
    counted = [colour(r) for r in expected[: object_lists.MANY]]
    counts = {c: counted.count(c) for c in Colour if c in counted}
    assert unit.objects.counts_by_colour(view, wanted, NOW) == counts


def sights(company: Company) -> list[Sight]:
    return [
        ALL, Sight(looked_after_by=key(company.partner)), Sight(own=key(company.group_client)),
        Sight(looked_after_by=99_999), Sight(),
    ]  # fmt: skip


@SLOW
@given(
    # Met on a walk, counted with or without the index; or looked up in the index.
    st.sampled_from([(0, 0), (0, 99), (3, 0), (search.NARROW, 99)]),
    st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=6),
    QUERIES,
)
@example((search.NARROW, 99), [("T-17", "\u0416\u0443\u043a", "\u0410\u0412 1234")], "\u0436\u0423")
@example((search.NARROW, 99), [("T-17", "50% of", ""), ("500", "", "")], "50%")
@example((search.NARROW, 99), [("T-17", "ab\\c", ""), ("abc", "", "")], "b\\c")
# Alike for the index of SQLite, and for that of PostgreSQL.
@example((0, 0), [("\ufffe\ufffe\ufffe", "", "")], "\ufffd\ufffd\ufffd")
@example((search.NARROW, 99), [("\ufffe\ufffe\ufffe", "", "")], "\ufffd\ufffd\ufffd")
@example((search.NARROW, 99), [("Qjab", "", ""), ("\u0436ab", "", "")], "\u0436ab")
def test_a_search_finds_what_a_plain_reading_finds(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    ways: tuple[int, int],
    texts: list[tuple[str, str, str]],
    query: str,
) -> None:
    monkeypatch.setattr(search, "NARROW", ways[0])
    monkeypatch.setattr(search, "_SPARSE", ways[1])
    unit = database.write()
    try:
        company = add_company(unit)
        records = []
        for place, (number, name, plate) in enumerate(texts):
            client = (company.client, company.group_client)[place % 2]
            records.append(
                add_object(
                    unit, client, (ObjectStatus.NEW, ObjectStatus.ACTIVE)[place % 3 == 0],
                    since=NOW - 3 * place * DAY, number=f"{number[:30]}~{place}", name=name, plate=plate,
                    terminal=f"8630{place}",
                )
            )  # fmt: skip
        part = records[0].folded.replace("\n", "")[1:6]
        for view, asked in product(sights(company), (query, part, texts[0][1])):
            check(unit, records, view, ObjectFilter(query=asked))
        # Corrected objects are found by their new words alone.
        for record in records:
            record.name, record.plate = record.plate, record.name[:20]
            unit.objects.save(record)
        check(unit, records, ALL, ObjectFilter(query=query))
    finally:
        unit.rollback()


# Met on a walk, and counted with the index or without; or looked up and more than is counted.
@pytest.mark.parametrize(("narrow", "sparse"), [(5, 0), (5, 99), (99, 99), (13, 99)])
def test_lists_that_are_long_are_ordered_and_counted_like_short_ones(
    database: Database, monkeypatch: pytest.MonkeyPatch, narrow: int, sparse: int
) -> None:
    monkeypatch.setattr(search, "NARROW", narrow)
    monkeypatch.setattr(search, "_SPARSE", sparse)
    monkeypatch.setattr(object_lists, "MANY", 12)
    monkeypatch.setattr(object_lists, "_DENSE", 4)
    moderator = Actor(1, 1, OrganisationKind.ADMINISTRATIVE_GROUP, Role.MODERATOR)
    late = Actor(1, 1, OrganisationKind.ADMINISTRATIVE_GROUP, Role.ADMINISTRATOR)
    with database.write() as unit:
        company = add_company(unit)
        records = [
            add_object(
                unit,
                client,
                status,
                since=NOW - (age * 7 % 13) * DAY,
                name=("KamAZ", "Volvo")[age % 2],
                vin="863",
            )
            for age, (status, client) in enumerate(
                product(ObjectStatus, (company.client, company.group_client))
            )
        ]
        for view, query, colour_, by in product(
            sights(company), ("", "kamaz", "v", "863"), (None, *Colour), (None, moderator, late)
        ):
            check(unit, records, view, ObjectFilter(query=query, colour=colour_, movable_by=by))
        assert unit.objects.count(ALL, ObjectFilter(), NOW) == 12
        assert unit.objects.page(ALL, ObjectFilter(), NOW, offset=12) == []
        assert len(unit.objects.page(ALL, ObjectFilter(), NOW, limit=99)) == len(records)


def test_more_objects_than_a_statement_takes_values_are_read(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "_PORTION", 2)
    with sqlite_database.write() as unit:
        client = add_company(unit).client
        made = [key(add_object(unit, client)) for _ in range(5)]
        assert [key(seen.object) for seen in unit.objects.page(ALL, ObjectFilter(), NOW, limit=9)] == made


def test_a_client_that_changes_hands_is_found_by_the_new_ones(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        client = add_client(unit, company.group)
        made = add_object(unit, client, name="Pump")
        for owner in (company.group, company.partner):
            client.parent_id = owner.id
            unit.session.flush()
            for other in (company.group, company.partner):
                view = Sight(looked_after_by=key(other))
                found = unit.objects.page(view, ObjectFilter(query="pum"), NOW)
                assert [seen.object.id for seen in found] == ([made.id] if other is owner else [])


def test_letters_without_a_latin_look_alike_keep_apart() -> None:
    alphabet = "".join(map(chr, range(0x430, 0x450))) + "\u0456\u0457\u0454\u0491\u045e"
    for letters in (alphabet, string.ascii_lowercase):
        kept = {searchable(letter, "", "", "", None) for letter in letters}
        assert len(kept) == len(letters)
        assert all(text.isascii() for text in kept), "the trigrams of PostgreSQL know ASCII in any locale"


def test_the_longest_object_fits(database: Database) -> None:
    wide = "\ufb03"  # one letter that is three without case
    with database.write() as unit:
        made = add_object(
            unit, add_company(unit).client, number=wide * 40, name=wide * 80, plate=wide * 20, vin=wide * 20,
            terminal="8" * 32,
        )  # fmt: skip
        assert len(made.folded) == LENGTH
        assert unit.objects.count(ALL, ObjectFilter(query="ffiffi"), NOW) == 1


def test_what_is_searched_has_the_words_beginnings_once() -> None:
    assert searchable("T-17", "17 Pumps", "", "", None) == "\n\nt17\n\n17pumps\n\npu"


def test_no_list_counts_further_than_a_thousand() -> None:
    assert MANY == 1_000


def test_what_the_index_alone_takes_for_found_is_not_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "NARROW", 0)
    monkeypatch.setattr(object_lists, "MANY", 1)
    with database.write() as unit:
        add_object(unit, add_company(unit).client, number="\ufffe\ufffe\ufffe")
        assert unit.objects.count(ALL, ObjectFilter(query="\ufffe\ufffe\ufffe"), NOW) == 1
        assert unit.objects.count(ALL, ObjectFilter(query="\ufffd\ufffd\ufffd"), NOW) == 0

"""The forecast against what happens: the same messages, to the same people, at the same ticks."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.claims import take
from bot.services.deployment import Deployment, put_in_force
from bot.services.forecast import Foretold, Form, forecast
from bot.services.objects import add_note
from bot.services.people import as_me
from bot.services.time_values import Quiet
from domain.alerts import CLIENT_HEARS
from domain.deadlines import DEFAULT_POLICY, Colour, Times, parse_times
from domain.objects import ObjectStatus
from domain.process import ClientReason, Refused
from storage.absences import Absences
from storage.ahead import AbsencesAhead, ClaimsAhead, OutboxAhead
from storage.claims import Claims
from storage.database import Database, UnitOfWork
from storage.notices import Notices
from storage.notices_ahead import NoticesAhead
from storage.outbox import Outbox
from storage.queues import OutboxRecord
from storage.scope import Scope
from storage.tables import ObjectRecord, PersonRecord
from storage.watch import Watch
from storage.watch_ahead import WatchAhead
from tests.bot.services.passing import Time
from tests.builders import NOW, Company, add_company, add_object, key
from tests.conftest import Databases

ICONS = {"🔴": Colour.RED, "🟡": Colour.YELLOW, "🔵": Colour.BLUE, "🟢": Colour.GREEN}
NUMBER = re.compile(r"T-\d+")
STEP = timedelta(minutes=70)
PEOPLE = (
    "moderator", "administrator", "group_installer", "group_support", "group_manager", "group_client_user",
    "installer", "support", "manager", "client_user",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What arrived, or is said to arrive."""

    at: datetime
    kind: str
    chat_id: int
    objects: frozenset[tuple[str, Colour | None, int | None]]


@dataclass
class Watched(Time):
    """Time that passes, and what arrives meanwhile: read off the screens, and of alerts also the stages."""

    told: list[Told] = field(default_factory=list)

    def _written(self, unit: UnitOfWork, record: OutboxRecord) -> Any:
        written = super()._written(unit, record)
        if written is not None:
            shown = _shown(written.screen.text, [k.label for line in written.screen.keyboard for k in line])
            stages = _stages(unit, record) if record.kind == Form.ALERT else {}
            objects = frozenset((number, colour, stages.get(number)) for number, colour in shown.items())
            self.told.append(Told(self.now, record.kind, record.chat_id, objects))
        return written


def _shown(text: str, labels: list[str]) -> dict[str, Colour | None]:
    """The objects of a message with their colours; none: they are only named."""
    found: dict[str, Colour | None] = {}
    for line in [*text.splitlines(), *labels]:
        colour = next((ICONS[one] for one in line if one in ICONS), None)
        for number in NUMBER.findall(line):
            found[number] = found.get(number) or colour
    return found


def _stages(unit: UnitOfWork, record: OutboxRecord) -> dict[str, int]:
    found: dict[str, int] = {}
    items: Any = record.payload["items"]
    for object_id, _version, stage, _history in items:
        number = unit.session.get_one(ObjectRecord, object_id).number
        found[number] = max(stage, found.get(number, 0))
    return found


def as_told(foretold: Foretold, unit: UnitOfWork) -> Told:
    person = unit.session.get_one(PersonRecord, foretold.reader.id)
    chat = foretold.group.chat_id if foretold.group else person.telegram_id
    alert = foretold.form is Form.ALERT
    objects = [
        (
            one.number,
            None if one.stage.name == "HEARD_ONCE" else one.colour,
            one.stage.value if alert else None,
        )
        for one in foretold.about
    ]
    return Told(foretold.at, foretold.form, chat or 0, frozenset(objects))


spans = st.sampled_from(["5 h / 9 h", "1 d / 30 h", "1 d 3 h / 2 d", "2 d / 3 d"])
quiet_hours = st.one_of(
    st.none(),
    st.builds(
        Quiet,
        st.sampled_from([time(20), time(23, 30)]),
        st.sampled_from([time(6), time(8, 20)]),
        st.booleans(),
    ),
)
machine = st.fixed_dictionaries({
    "status": st.sampled_from([*ObjectStatus, *DEFAULT_POLICY.times, *CLIENT_HEARS]),
    "ago": st.integers(0, 5 * 24 * 60),
    "partner": st.booleans(),
    "commissioned": st.booleans(),
    "named": st.booleans(),
})  # fmt: skip


@dataclass(frozen=True)
class World:
    """A company as it is drawn."""

    deployment: Deployment
    zones: tuple[str, str]
    machines: list[dict[str, Any]]
    named_support: bool
    bound: bool
    silent: list[str]
    away: dict[str, tuple[str | None, int]]
    before: int
    taken: list[int]
    notes: list[int]
    days: int


@st.composite
def worlds(draw: st.DrawFn) -> World:
    names = list(draw(st.lists(st.sampled_from([*ObjectStatus]), unique=True)))
    times: dict[str, Times] = {}
    for name in names:
        if name in {"Verified", "Canceled", "Active", "Out of service", "Decommissioned"}:
            continue
        times[name] = parse_times(name, draw(spans))
    deployment = Deployment(
        times, digest=draw(st.sampled_from([time(9), time(7, 10)])), quiet=draw(quiet_hours)
    )
    away = draw(
        st.dictionaries(
            st.sampled_from(PEOPLE),
            st.tuples(st.sampled_from([None, *PEOPLE]), st.integers(1, 80)),
            max_size=3,
        )
    )
    return World(
        deployment=deployment,
        zones=draw(st.tuples(*[st.sampled_from(["UTC", "Europe/Kyiv", "America/New_York"])] * 2)),
        machines=draw(st.lists(machine, min_size=1, max_size=6)),
        named_support=draw(st.booleans()),
        bound=draw(st.booleans()),
        silent=draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=3)),
        away={name: one for name, one in away.items() if one[0] != name},
        before=draw(st.integers(0, 20)),
        taken=draw(st.lists(st.integers(0, 5), unique=True, max_size=2)),
        notes=draw(st.lists(st.integers(0, 5), unique=True, max_size=2)),
        days=draw(st.integers(1, 3)),
    )


def build(database: Database, world: World) -> tuple[Watched, Company, list[int]]:
    with database.write() as unit:
        company = add_company(unit)
        put_in_force(unit, world.deployment, NOW)
        for organisation, zone in ((company.group, world.zones[0]), (company.partner, world.zones[1])):
            organisation.time_zone = zone
            unit.session.add(organisation)
        if world.named_support:
            company.client.support_id = key(company.support)
            unit.session.add(company.client)
        ids = [_machine(unit, company, one) for one in world.machines]
        unit.reckoning.everything_anew()
        if world.bound:
            unit.bound_chats.bind(-100, 7, "Night watch", key(company.moderator), NOW)
        for name in world.silent:
            unit.people.set_reachable(getattr(company, name).telegram_id, reachable=False)
        for name, (stand_in, hours) in world.away.items():
            instead = key(getattr(company, stand_in)) if stand_in else None
            unit.absences.start(key(getattr(company, name)), instead, NOW, NOW + timedelta(hours=hours))
    blocked = {getattr(company, name).telegram_id for name in world.silent}
    passing = Watched(database, NOW, blocked=blocked)
    passing.passes(timedelta(hours=world.before), STEP)
    with database.write() as unit:
        _act(unit, company, world, ids, passing.now)
    passing.send()
    passing.told.clear()
    return passing, company, ids


def _machine(unit: UnitOfWork, company: Company, drawn: dict[str, Any]) -> int:
    client = company.client if drawn["partner"] else company.group_client
    installer = company.installer if drawn["partner"] else company.group_installer
    status = drawn["status"]
    record = add_object(
        unit,
        client,
        status,
        since=NOW - timedelta(minutes=drawn["ago"], seconds=drawn["ago"] % 59),
        request=ClientReason.BLOCK if status is ObjectStatus.OUT_OF_SERVICE else None,
        commissioned=drawn["commissioned"],
        installer_id=key(installer) if drawn["named"] else None,
    )
    return key(record)


def _act(unit: UnitOfWork, company: Company, world: World, ids: list[int], now: datetime) -> None:
    """What people did before the forecast: they took objects, and wrote notes in somebody's quiet hours."""
    moderator = as_me(unit, unit.session.get_one(PersonRecord, key(company.moderator)))
    manager = as_me(unit, unit.session.get_one(PersonRecord, key(company.manager)))
    for index, position in enumerate(world.taken):
        object_id = ids[position % len(ids)]
        record = unit.session.get_one(ObjectRecord, object_id)
        try:
            take(unit, (moderator, manager)[index], object_id, record.version, now)
        except Refused:
            continue
    for position in world.notes:
        add_note(unit, moderator, ids[position % len(ids)], "Nobody answers the door.", [], now)


def compare(database: Database, world: World) -> None:
    passing, _company, _ids = build(database, world)
    until = passing.now + timedelta(days=world.days)
    with database.read() as unit:
        said = [as_told(one, unit) for one in forecast(unit, passing.now, until, every=STEP)]
        unit.session.expunge_all()
    while passing.now + STEP <= until:
        passing.passes(STEP, STEP)
    assert sorted(said, key=repr) == sorted(passing.told, key=repr)
    assert [one.at for one in said] == sorted(one.at for one in said)


def check(databases: Databases, kind: str, world: World) -> None:
    database = databases.fresh(kind)
    try:
        compare(database, world)
    finally:
        databases.drop(database)


@given(world=worlds())
@settings(max_examples=20, deadline=None)
def test_what_is_foretold_is_what_arrives(databases: Databases, world: World) -> None:
    check(databases, "sqlite", world)


@given(world=worlds())
@settings(max_examples=4, deadline=None)
def test_on_postgresql_as_well(databases: Databases, world: World) -> None:
    check(databases, "postgresql", world)


def test_one_object_is_foretold_as_among_all_the_others(sqlite_database: Database) -> None:
    with sqlite_database.write() as unit:
        company = add_company(unit)
        ids = [key(add_object(unit, company.client, ObjectStatus.SERVICE)) for _ in range(3)]
    with sqlite_database.read() as unit:
        until = NOW + timedelta(days=9)
        whole = list(forecast(unit, NOW, until))
        alone = list(forecast(unit, NOW, until, scope=Scope(object_id=ids[1])))

    assert alone == [
        replace(one, about=[about for about in one.about if about.object_id == ids[1]]) for one in whole
    ]
    assert {one.reader.id for one in alone} >= {key(company.installer), key(company.moderator)}


@pytest.mark.parametrize(
    ("ahead", "base", "inherited"),
    [
        (NoticesAhead, Notices, {"count_as_told", "forget", "forget_chat"}),
        (WatchAhead, Watch, {"version", "digest_soon"}),
        (ClaimsAhead, Claims, {"held", "last_of", "add"}),
        (AbsencesAhead, Absences, {"start", "end", "stood_in_by", "end_with", "get"}),
        (OutboxAhead, Outbox, {"waiting", "is_waiting", "lanes", "of_lane", "settle", "forget", "counts",
                               "newest_at", "dead", "forget_old"}),
    ],
)  # fmt: skip
def test_whatever_the_ticks_ask_is_answered_ahead(ahead: type, base: type, inherited: set[str]) -> None:
    """A question that is added has to be answered there, or be none of the ticks' (and stand here)."""
    own = {name for name in vars(base) if not name.startswith("_")}
    assert own - set(vars(ahead)) == inherited


def test_looking_ahead_writes_nothing(sqlite_database: Database) -> None:
    with sqlite_database.write() as unit:
        company = add_company(unit)
        add_object(unit, company.client, ObjectStatus.EQUIPPED)
    with sqlite_database.write() as unit:
        assert list(forecast(unit, NOW, NOW + timedelta(days=9)))
        assert not unit.session.dirty
        assert not unit.session.new
    with sqlite_database.read() as unit:
        assert unit.outbox.counts() == {}
        assert unit.notices.ears(NOW + timedelta(days=99), 9) == []

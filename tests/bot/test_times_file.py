"""The operator's file of times: what it may say, and that a mistake is one clear line."""

import tomllib
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.deployment import Deployment, WrongTimes, as_data, parse, read_file
from bot.services.time_values import Quiet
from bot.settings import WrongSetting
from bot.texts.deadlines import EXAMPLE
from domain.deadlines import DEFAULT_POLICY, Times
from domain.hours import read_week
from domain.spans import Span

WHOLE = """
[times]
New = "4 d / 8 d"
Verified = "3 working days"
"Additional order" = "36 h / 7 d"
Request = "4 working h / 1 working day"
[calendar]
time_zone = "europe/kyiv"
holidays = "DE-BY"
days_off = ["2027-01-02", 2026-12-31, "2026-12-31", "0026-01-05"]
[calendar.hours]
"Mon-Fri" = ["09:00-13:00", "14:00-18:00"]
"Sat" = ["10:00-14:00"]
[digest]
at = "08:30"
[quiet]
from = "22:00"
to = "07:00"
red_passes = true
[claims]
hours = 2
"""

MANY_DAYS = [f"{date(2026, 1, 1) + timedelta(days=number)}" for number in range(501)]


def test_everything_that_may_be_said() -> None:
    found = parse(tomllib.loads(WHOLE))
    assert found == Deployment(
        times={
            "New": Times(Span(4), Span(8)),
            "Verified": Times(Span(3, working=True), Span(8)),
            "Additional order": Times(Span(0, 36), Span(7)),
            "Request": Times(Span(0, 4, working=True), Span(1, working=True)),
        },
        time_zone="Europe/Kyiv",
        hours=read_week("Mon-Fri 9-13 14-18; Sat 10-14"),
        holidays="DE-BY",
        days_off=(date(26, 1, 5), date(2026, 12, 31), date(2027, 1, 2)),
        digest=time(8, 30),
        quiet=Quiet(time(22), time(7), red_passes=True),
        claim=timedelta(hours=2),
    )
    assert parse(as_data(found)) == found


def test_nothing_said_is_the_defaults(tmp_path: Path) -> None:
    empty = tmp_path / "times.toml"
    empty.write_text("")
    assert read_file(None) == read_file(empty) == parse({}) == Deployment()
    assert as_data(Deployment()) == {}


def test_the_example_is_right_and_names_the_defaults() -> None:
    example = tomllib.loads(EXAMPLE)
    assert set(parse(example).times) == {"Service"}
    named = EXAMPLE.split("[calendar]", maxsplit=1)[0].replace('\nService = "', '\n# Service = "none')
    lines = [
        line.removeprefix("# ") for line in named.splitlines() if line.startswith("# ") and ' = "' in line
    ]
    commented = tomllib.loads("\n".join(line for line in lines if "none" not in line))
    said = {name: str(times) for name, times in parse({"times": commented}).times.items()}
    assert said == {name: str(times) for name, times in DEFAULT_POLICY.named().items()}


@pytest.mark.parametrize(
    ("file", "key", "says"),
    [
        ("[times]\nService = 5", "[times] Service", "has to be a text"),
        ('[times]\nService = "5 d"', "[times] Service", "has one time"),
        ('[times]\nService = "7 d / 3 d"', "[times] Service", "has to end"),
        ('[times]\nService = "3 d / 5 m"', "[times] Service", "«5 m» is no length of time: write 5 d"),
        ('[times]\nVerified = "5 d / 9 d"', "[times] Verified", "8 days of 24 hours"),
        ('[times]\nVerified = "9 d"', "[times] Verified", "8 days of 24 hours"),
        ('[times]\nActive = "5 d / 9 d"', "[times] Active", "has no deadline"),
        ('[times]\nservice = "5 d / 9 d"', "[times] service", "is unknown; here one may set New, Equipped"),
        ("times = 5", "[times]", "has to be a section"),
        ("[time]", "time", "is unknown; here one may set times, calendar"),
        (
            '[calendar]\ntime_zone = "Kyiv"',
            "[calendar] time_zone",
            "no time zone «Kyiv»; one is called Europe/Kyiv",
        ),
        ('[calendar]\ntime_zone = "../../etc/passwd"', "[calendar] time_zone", "no time zone"),
        ('[calendar]\nholidays = "XX"', "[calendar] holidays", "of «XX» are not known"),
        ('[calendar]\nholidays = "DE-XX"', "[calendar] holidays", "Those that there are: DE: BB"),
        ('[calendar]\ndays_off = "2026-12-31"', "[calendar] days_off", "has to be a list of days"),
        ("[calendar]\ndays_off = [2026]", "[calendar] days_off", "has to be a list of days"),
        ("[calendar]\ndays_off = [2026-12-31T09:00:00]", "[calendar] days_off", "has to be a list of days"),
        (
            '[calendar]\ndays_off = ["2026-02-30"]',
            "[calendar] days_off",
            "«2026-02-30» is no day: write 2026",
        ),
        ('[calendar]\ndays_off = ["31.12.2026"]', "[calendar] days_off", "«31.12.2026» is no day"),
        (f"[calendar]\ndays_off = {MANY_DAYS}", "[calendar] days_off", "501 days off are too many: 500"),
        ('[calendar]\nhours = "Mon-Fri"', "[calendar.hours]", "has to be a section"),
        ('[calendar.hours]\nMon = "9-18"', "[calendar.hours] Mon", "has to be a list of texts"),
        ("[calendar.hours]\nMon = [9]", "[calendar.hours] Mon", "has to be a list of texts"),
        ('[calendar.hours]\nMon = ["9-25"]', "[calendar] hours", "«9-25» is no time of the day"),
        ('[calendar.hours]\nMon = ["22:00-06:00"]', "[calendar] hours", "22:00-24:00 and 00:00-06:00"),
        ('[calendar.hours]\nMon = ["9-13", "12-18"]', "[calendar] hours", "overlap"),
        ('[calendar.hours]\nMoon = ["9-13"]', "[calendar] hours", "are no working hours"),
        ('[calendar.hours]\nMon = ["9-10"]', "[calendar] hours", "5 working hours at least"),
        ("[calendar.hours]", "[calendar] hours", "5 working hours at least"),
        ('[digest]\nat = "25:00"', "[digest] at", "no time of the day"),
        ('[quiet]\nfrom = "22:00"', "[quiet]", "needs both ends"),
        ('[quiet]\nfrom = "22:00"\nto = "22:00"', "[quiet]", "another end"),
        ('[quiet]\nred_passes = "yes"', "[quiet] red_passes", "true or false"),
        ("[claims]\nhours = 0", "[claims] hours", "from 1 to 72"),
        ("[claims]\nhours = 1.5", "[claims] hours", "from 1 to 72"),
        ("[claims]\nhours = true", "[claims] hours", "from 1 to 72"),
        ("[times", "", "is no TOML file"),
        ("\ufeff[times]", "", "is no TOML file"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, file: str, key: str, says: str) -> None:
    path = tmp_path / "times.toml"
    path.write_text(file, encoding="utf-8")
    with pytest.raises(WrongSetting) as wrong:
        read_file(path)
    line = str(wrong.value)
    assert line.startswith(f"GREENLIGHT_TIMES {path}: {key}")
    assert says in line
    assert "\n" not in line


def test_what_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    for name, says in (("nothing", "cannot be read"), (".", "cannot be read"), ("latin", "is no TOML file")):
        with pytest.raises(WrongSetting, match=says):
            read_file(tmp_path / name)


KEYS = st.sampled_from(
    ["times", "calendar", "hours", "quiet", "from", "to", "digest", "at", "Service", "Mon", "days_off"]
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=3)
    ),
)


@given(st.dictionaries(KEYS, JSON, max_size=4))
def test_whatever_the_file_says_is_taken_or_refused(data: dict[str, object]) -> None:
    try:
        found = parse(data)
    except WrongTimes as wrong:
        assert wrong.line  # noqa: PT017  # either is right
    else:
        assert parse(as_data(found)) == found

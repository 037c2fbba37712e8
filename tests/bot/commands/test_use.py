"""What is wrong is one line on stderr that says what to do; everything explains itself."""

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bot.commands.conftest import ROOT, TOKEN, Said, foreign, newer


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "nonsense", "must look like sqlite:///"),
        ("DATABASE_URL", "mysql://a/b", "must be a sqlite:/// or postgresql:// address"),
        ("DATABASE_URL", "sqlite:////nowhere/at/all.db", "unable to open"),
        ("DATABASE_URL", "postgresql://me:hushhush@127.0.0.1:1/x", "cannot be used"),
        ("TELEGRAM_TOKEN", "nonsense", "must look like 123456:ABC"),
        ("TELEGRAM_API", "ftp://x", "must start with http"),
        ("LOG_LEVEL", "LOUD", "must be DEBUG"),
        ("MONITOR", "9464", "must be an address and a port"),
    ],
)
@pytest.mark.parametrize(
    "command", [("run",), ("invite", "--role", "moderator"), ("object", "add", "T-1", "--client", "A")]
)
def test_a_wrong_setting_is_one_line_that_names_it(
    say: Said, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("GREENLIGHT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv(f"GREENLIGHT_{name}", value)

    code, out, err = say(*command)

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert f"GREENLIGHT_{name}" in err
    assert words in err
    assert "hushhush" not in err


@pytest.mark.parametrize(
    ("name", "more"), [("MONITOR", {}), ("LISTEN", {"WEBHOOK_URL": "https://bot.example/hook"})]
)
@pytest.mark.usefixtures("reachable")
def test_an_address_that_is_taken_is_one_line_that_names_its_setting(
    say: Said, monkeypatch: pytest.MonkeyPatch, name: str, more: dict[str, str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        for setting, value in {name: address, **more}.items():
            monkeypatch.setenv(f"GREENLIGHT_{setting}", value)

        code, out, err = say("run")

    said = f"greenlight: GREENLIGHT_{name} {address}: Address already in use\n"
    assert (code, out, err.splitlines(keepends=True)[-1]) == (2, "", said)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (newer, "newer than this program (revision f999)"),
        (foreign, "did not make"),
        (
            lambda path: path.write_text("this is a letter, not a database, and it is long enough " * 20),
            "not a database",
        ),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_and_stays_as_it_is(
    say: Said, place: Path, make: Callable[[Path], object], words: str
) -> None:
    path = place / "greenlight.db"
    make(path)
    before = path.read_bytes()

    code, out, err = say("organisation", "add", "Group", "--type", "administrative-group")

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nonsense",), "No such command 'nonsense'"),
        (("organisation",), "Missing command"),
        (("object", "add", "T-1"), "Missing option '--client'"),
        (("invite",), "--role with one of installer"),
        (
            ("invite", "--role", "king"),
            "roles are: installer, support, manager, moderator, administrator, client",
        ),
        (("organisation", "add", "A", "--type", "club"), "types are: administrative-group, partner, client"),
        (
            ("organisation", "add", "A", "--type", "client", "--time-zone", "Mars/Base"),
            "no time zone «Mars/Base»",
        ),
        (("organisation", "add", "A", "--type", "client", "--time-zone", "../etc"), "no time zone"),
        (("organisation", "add", "A", "--type", "client"), "First add who looks after it"),
        (("organisation", "add", "A", "--type", "administrative-group", "--parent", "B"), "nobody above it"),
        (("object", "add", "T-1", "--client", "Nobody"), "no organisation «Nobody»"),
        (("invite", "--role", "client"), "set GREENLIGHT_TELEGRAM_TOKEN"),
        (("demo", "--port", "70000"), "0 to 65535"),
        (("run",), "GREENLIGHT_TELEGRAM_TOKEN is not set"),
    ],
)
def test_a_wrong_use_is_one_line_that_says_what_to_do(
    say: Said, arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = say(*arguments)

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_a_token_in_the_wrong_place_is_not_shown(say: Said) -> None:
    code, _, err = say("invite", "--role", TOKEN)

    assert code == 2
    assert "There is no role" in err
    assert "AAAA" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("run",), ("demo",), ("invite",), ("organisation",), ("organisation", "add"), ("object",),
        ("object", "add"), ("processes",), ("doctor",),
    ],
)  # fmt: skip
def test_every_command_explains_itself(say: Said, arguments: tuple[str, ...]) -> None:
    code, out, err = say(*arguments, "--help")

    assert (code, err) == (0, "")
    assert "Usage: greenlight" in out


def test_without_a_command_it_lists_them(say: Said) -> None:
    code, out, _ = say()

    assert code == 0
    assert all(
        word in out for word in ("run", "demo", "invite", "organisation", "object", "processes", "doctor")
    )


def test_the_module_is_the_program(place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"], env={"PYTHONPATH": str(ROOT)}, cwd=place,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("greenlight: GREENLIGHT_TELEGRAM_TOKEN is not set")
    assert done.stderr.count("\n") == 1

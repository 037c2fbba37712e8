"""``greenlight demo`` as a newcomer starts, kills, ends and resets it."""

import asyncio
import os
import re
import signal
import socket
import sys
from pathlib import Path

import pytest

from bot.commands import children
from bot.commands.children import Child, KeepsFailing
from tests.bot.commands.conftest import Said
from tests.bot.commands.demonstrating import Start, until

ANNA, NEWCOMER, STRANGER = 7001, 7013, 7014


def alive(number: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")


@pytest.mark.e2e
@linux
def test_a_newcomer_starts_it_presses_kills_the_bot_and_comes_back(start: Start, place: Path) -> None:
    demo = start()
    assert re.search(rf"http://127\.0\.0\.1:{demo.port}/ ", demo.line)
    people = {account["id"]: account for account in demo.ask("/sandbox/accounts")["accounts"]}
    assert len(people) == 14
    secret = re.search(r"/start (\S+)", people[NEWCOMER]["hint"])
    assert secret

    demo.ask(f"/sandbox/people/{ANNA}/start", {})
    until(lambda: "Anna Kovalenko" in " ".join(demo.said(ANNA)), "Anna's menu")
    demo.ask(f"/sandbox/people/{STRANGER}/start", {})
    demo.ask(f"/sandbox/people/{NEWCOMER}/start", {"payload": secret[1]})
    until(lambda: "North Partner" in " ".join(demo.said(NEWCOMER)), "the newcomer's welcome")
    assert "North Partner" not in " ".join(demo.said(STRANGER))

    before = demo.children()
    assert set(before) == {"bot", "sandbox"}
    os.kill(before["bot"], signal.SIGKILL)
    until(lambda: demo.children().get("bot", before["bot"]) != before["bot"], "another bot")
    known = len(demo.said(ANNA))
    demo.ask(f"/sandbox/people/{ANNA}/text", {"text": "/tasks"})
    until(lambda: len(demo.said(ANNA)) > known, "an answer of the new bot")

    last = demo.children()
    code, out, err = demo.end(signal.SIGINT)
    assert (code, out) == (0, "")
    assert err.count("killed by signal 9") == 1
    assert not [name for name, number in last.items() if alive(number)]
    assert not (place / "real.db").exists()

    again = start()
    assert "North Partner" in " ".join(again.said(NEWCOMER))
    assert "Came by an invitation" in str(again.ask("/sandbox/accounts"))


@pytest.mark.e2e
@linux
def test_nothing_is_left_behind_when_the_supervisor_is_killed_and_a_reset_takes_its_own(
    start: Start, place: Path
) -> None:
    demo = start()
    demo.ask(f"/sandbox/people/{ANNA}/start", {})
    until(lambda: demo.said(ANNA), "Anna's menu")
    left = demo.children()
    demo.end(signal.SIGKILL)
    until(lambda: not any(map(alive, left.values())), "the children's end")
    (place / "demo-data" / "mine.txt").write_text("not the demonstration's")

    fresh = start("--reset")

    assert fresh.said(ANNA) == []
    assert (place / "demo-data" / "mine.txt").exists()


@pytest.mark.e2e
def test_two_demonstrations_do_not_share_a_folder(start: Start, say: Said) -> None:
    demo = start()
    assert demo.line

    code, out, err = say("demo", "--port", "0", "--reset")

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "runs on" in err
    assert len(demo.ask("/sandbox/accounts")["accounts"]) == 14


def test_a_used_port_is_one_line_and_leaves_nothing(say: Said, place: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        code, out, err = say("demo", "--port", str(other.getsockname()[1]))

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "in use" in err
    assert "--port" in err
    assert list(place.iterdir()) == []


def program(place: Path, code: str) -> Child:
    return Child("program", [sys.executable, "-c", code], dict(os.environ), place, place / "program.log")


async def test_a_program_that_never_starts_is_given_up_with_its_last_words(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "PAUSE", 0.001)
    child = program(place, "raise SystemExit('no such thing')")
    told: list[int] = []
    await child.start()

    with pytest.raises(KeepsFailing):
        await child.keep(lambda _child, code: told.append(code))

    assert told == [1] * (children.PATIENCE - 1)
    assert child.last_words() == "no such thing"


async def test_a_program_that_does_not_listen_is_ended_all_the_same(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "GRACE", 0.05)
    stubborn = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    child = program(place, stubborn)
    await child.start()
    await asyncio.to_thread(until, lambda: child.last_words() == "deaf", "the program's first words")

    await child.stop(asyncio.Event())

    assert child.process
    assert child.process.returncode == -signal.SIGKILL

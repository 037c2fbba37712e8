"""Faults on demand, the log of calls, and a restart in the middle of everything."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from sandbox.server import Options, Sandbox
from tests.sandbox.acting import ANNA, TOKEN, Client, meet

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("kind", "status", "description"),
    [
        ("429", 429, "Too Many Requests: retry after 7"),
        ("500", 500, "Internal Server Error"),
        ("502", 502, "Bad Gateway"),
    ],
)
async def test_a_fault_strikes_as_often_as_ordered(
    client: Client, kind: str, status: int, description: str
) -> None:
    await client.post(
        "/sandbox/faults", {"method": "sendMessage", "kind": kind, "times": 2, "retry_after": 7}
    )
    assert (await client.call("getMe"))[0] == 200
    for _ in range(2):
        code, answer = await client.call("sendMessage", chat_id=ANNA, text="x")
        assert (code, answer["description"]) == (status, description)
        assert answer.get("parameters") == ({"retry_after": 7} if kind == "429" else None)
    assert (await client.call("sendMessage", chat_id=ANNA, text="x"))[0] == 200


@pytest.mark.parametrize(("kind", "arrived"), [("reset", []), ("lost", ["x"])])
async def test_a_broken_connection_may_or_may_not_have_carried_out(
    client: Client, kind: str, arrived: list[str]
) -> None:
    await client.post("/sandbox/faults", {"kind": kind, "chat_id": ANNA})
    with pytest.raises(aiohttp.ClientError):
        await client.call("sendMessage", chat_id=ANNA, text="x")
    assert [m["text"] for m in (await client.chat())["messages"]] == arrived
    (call,) = (await client.get("/sandbox/log"))["calls"]
    assert (call["fault"], call["ok"], call["result_message_id"]) == (
        kind,
        kind == "lost",
        1 if arrived else None,
    )


@pytest.mark.parametrize("kind", ["500", "502"])
async def test_a_call_may_be_done_though_its_answer_says_otherwise(client: Client, kind: str) -> None:
    await client.post("/sandbox/faults", {"kind": kind, "chat_id": ANNA, "done": True})
    assert (await client.call("sendMessage", chat_id=ANNA, text="x"))[0] == int(kind)
    assert [m["text"] for m in (await client.chat())["messages"]] == ["x"]
    (call,) = (await client.get("/sandbox/log"))["calls"]
    assert (call["fault"], call["ok"], call["result_message_id"]) == (kind, True, 1)


async def test_a_hanging_call_ends_without_an_answer(client: Client) -> None:
    await client.post("/sandbox/faults", {"kind": "hang", "seconds": 0.01})
    with pytest.raises(aiohttp.ClientError):
        await client.call("getMe")


async def test_a_slow_call_is_answered_in_the_end(client: Client) -> None:
    await client.post("/sandbox/faults", {"kind": "slow", "seconds": 0.01})
    assert (await client.call("getMe"))[0] == 200


async def test_faults_are_called_off(client: Client) -> None:
    await client.post("/sandbox/faults", {"kind": "500", "times": 9})
    async with client.http.delete("/sandbox/faults") as response:
        assert (await response.json())["faults"] == []
    assert (await client.call("getMe"))[0] == 200
    assert (await client.post("/sandbox/faults", {"kind": "flood"}))[0] == 400


async def test_the_log_names_every_call_but_never_the_token(client: Client) -> None:
    await client.call("getMe")
    await client.call("sendMessage", chat_id=ANNA, text="x")
    await client.call("sendMessage", chat_id=1, text="x")
    log = await client.get("/sandbox/log?after=1&method=sendmessage")
    assert [
        (c["n"], c["chat_id"], c["ok"], c["error_code"], c["result_message_id"]) for c in log["calls"]
    ] == [
        (2, ANNA, True, None, 1),
        (3, 1, False, 400, None),
    ]
    assert log["counts"] == {"getMe": 1, "sendMessage": 2}
    assert TOKEN not in str(log)


async def test_a_reset_forgets_all_but_the_numbers(client: Client) -> None:
    before = await client.act("text", text="x")
    await client.call("getMe")
    await client.post("/sandbox/reset")
    assert (await client.get("/sandbox/log"))["calls"] == []
    await client.call("getMe")
    assert [call["n"] for call in (await client.get("/sandbox/log"))["calls"]] == [2]
    assert (await client.get("/sandbox/accounts"))["accounts"] == []
    await meet(client)
    after = await client.act("text", text="x")
    assert after["update_ids"] > before["update_ids"]
    assert after["message_ids"] > before["message_ids"]


@pytest.mark.parametrize("people", [None, [{}], [{"id": 1}], [{"id": 1, "first_name": "A", "age": 3}]])
async def test_an_account_that_makes_no_sense_is_refused(client: Client, people: object) -> None:
    assert (await client.post("/sandbox/accounts", {"accounts": people}))[0] == 400


async def test_a_restart_keeps_all_and_reuses_nothing(tmp_path: Path) -> None:
    options = Options(token=TOKEN, port=0, data=tmp_path / "state")
    first = Sandbox(options)
    await first.start()
    async with aiohttp.ClientSession(first.url) as http:
        client = Client(http)
        await meet(client)
        said = await client.act("text", text="before")
        keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
        await client.call("sendMessage", chat_id=ANNA, text="choose", reply_markup=keyboard)
        await client.act("press", button="Go")
        await client.act("photo")
        before = await client.chat()
        calls = await client.get("/sandbox/log")
    # No orderly end: everything must be on the disk already.
    second = Sandbox(options)
    await second.start()
    async with aiohttp.ClientSession(second.url) as http:
        client = Client(http)
        assert await client.chat() == before
        assert (await client.get("/sandbox/log"))["calls"] == calls["calls"]
        updates = await client.updates()
        assert [next(iter(set(u) - {"update_id"})) for u in updates] == [
            "message",
            "callback_query",
            "message",
        ]
        async with http.get(before["messages"][-1]["photos"][0]) as picture:
            assert picture.status == 200
        more = await client.act("text", text="after")
        assert more["update_ids"][0] == updates[-1]["update_id"] + 1
        assert more["message_ids"][0] == before["messages"][-1]["message_id"] + 1
        assert said["message_ids"] == [1]
        query = updates[1]["callback_query"]["id"]
        assert (await client.call("answerCallbackQuery", callback_query_id=query))[0] == 200
    await second.stop()
    await first.stop()


async def run(port: int) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "sandbox", "--token", TOKEN, "--port", str(port))
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=pipe, stderr=pipe, env=os.environ)


async def test_the_process_says_where_it_listens_and_ends_cleanly() -> None:
    process = await run(0)
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    assert line.startswith("sandbox for @greenlight_demo_bot is listening on http://127.0.0.1:")
    port = int(line.rpartition(":")[2])
    other = await run(port)
    _, complaint = await other.communicate()
    assert other.returncode == 2
    assert complaint.decode().startswith(f"cannot listen on 127.0.0.1:{port}: ")
    assert complaint.count(b"\n") == 1
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0


async def test_the_page_comes_with_a_strict_policy(client: Client) -> None:
    async with client.http.get("/") as response:
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert '<script type="module" src="/page/app.js">' in await response.text()
    async with client.http.get("/page/app.js") as response:
        assert response.content_type.endswith("/javascript")
    async with client.http.get("/page/nothing.js") as response:
        assert response.status == 404


async def test_the_stream_tells_everybody_and_then_what_changed(client: Client) -> None:
    async with client.http.get("/sandbox/events") as stream, asyncio.timeout(10):
        assert b"Ivan" in await stream.content.readuntil(b"\n\n")
        await client.call("sendMessage", chat_id=ANNA, text="news for Anna")
        event = await stream.content.readuntil(b"\n\n")
    assert b"news for Anna" in event
    assert b"Ivan" not in event

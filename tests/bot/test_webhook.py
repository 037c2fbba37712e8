"""Updates that are brought: whoever knows the secret is answered once they are stored; nobody else is."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from sqlmodel import text

from bot.web.webhook import SECRET_HEADER, secret_of
from tests.bot.conftest import TOKEN, Running

pytestmark = pytest.mark.filterwarnings("ignore:.*per_message", "ignore:.*PTB_TIMEDELTA")
SECRET = {SECRET_HEADER: secret_of(TOKEN)}


@pytest.fixture
def hook(free_ports: list[int]) -> str:
    """Where updates are brought."""
    return f"http://127.0.0.1:{free_ports[0]}/hook"


@pytest.fixture
async def outside(running: Running) -> AsyncIterator[aiohttp.ClientSession]:
    """What the world sees of a bot that listens at /hook."""
    running.start()
    await running.sent(lambda calls: any(call["method"] == "setWebhook" for call in calls))
    async with aiohttp.ClientSession(f"http://{running.settings.listen}") as session:
        yield session


def stored(running: Running) -> list[int]:
    """The ids of all updates that were ever kept."""
    return running.read(
        lambda unit: [
            row[0] for row in unit.session.connection().execute(text("SELECT update_id FROM inbox"))
        ]
    )


@pytest.mark.usefixtures("outside")
async def test_a_person_is_answered_whose_updates_are_brought(running: Running) -> None:
    anna = running.company.installer.telegram_id
    await running.says(anna, "/menu")
    assert running.company.installer.name in (await running.texts(anna, 1))[0]
    calls = await running.sent(lambda calls: any(call["method"] == "sendMessage" for call in calls))
    assert not any(call["method"] == "getUpdates" for call in calls)
    [hook] = [call for call in calls if call["method"] == "setWebhook"]
    assert "callback_query" in str(hook["params"]["allowed_updates"])


@pytest.mark.parametrize("said", [None, "", secret_of(TOKEN)[:-1], "é", TOKEN])
async def test_who_does_not_know_the_secret_finds_nothing_there(
    running: Running, outside: aiohttp.ClientSession, said: str | None
) -> None:
    headers = {} if said is None else {SECRET_HEADER: said}
    for path in ("/hook", "/nothing-here"):
        async with outside.post(path, json={"update_id": 7}, headers=headers) as answer:
            assert answer.status == 404
            assert await answer.text() == "404: Not Found"
            assert answer.headers["Server"] == "Greenlight"
    assert stored(running) == []


@pytest.mark.parametrize("path", ["/", "/hook/", "/hook/more", "/healthz", "/metrics", "/HOOK"])
async def test_nothing_else_is_answered(outside: aiohttp.ClientSession, path: str) -> None:
    async with outside.get(path, headers=SECRET) as answer:
        assert answer.status == 404
    async with outside.post(path, json={"update_id": 7}, headers=SECRET) as answer:
        assert answer.status == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS", "DELETE"])
@pytest.mark.parametrize("headers", [SECRET, {}])
async def test_the_hook_is_not_there_for_any_other_method(
    outside: aiohttp.ClientSession, running: Running, method: str, headers: dict[str, str]
) -> None:
    async with outside.request(method, "/hook", headers=headers, json={"update_id": 7}) as answer:
        assert answer.status == 404
        assert "Allow" not in answer.headers
    assert stored(running) == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[]", b"7", b'{"update_id": "7"}', b'{"update_id": true}']
)
async def test_what_is_no_update_is_refused(
    running: Running, outside: aiohttp.ClientSession, body: bytes
) -> None:
    async with outside.post("/hook", data=body, headers=SECRET) as answer:
        assert answer.status == 400
    assert stored(running) == []


async def test_what_is_far_too_long_is_refused(running: Running, outside: aiohttp.ClientSession) -> None:
    async with outside.post("/hook", data=BytesIO(b" " * 1_100_000), headers=SECRET) as answer:
        assert answer.status == 413
    assert stored(running) == []


async def test_an_update_that_is_brought_twice_is_handled_once(
    running: Running, outside: aiohttp.ClientSession
) -> None:
    anna = running.company.installer.telegram_id
    update = says(anna, "/menu")
    for _ in range(2):
        async with outside.post("/hook", json=update, headers=SECRET) as answer:
            assert answer.status == 200
    await running.says(anna, "/help")
    await running.until(lambda unit: not unit.inbox.waiting_ids() and len(stored(running)) == 2)
    assert len(await running.texts(anna, 2)) == 2


async def test_an_update_that_cannot_be_stored_is_not_taken_and_is_regretted(
    running: Running, outside: aiohttp.ClientSession
) -> None:
    anna = running.company.installer.telegram_id
    with running.database.write() as unit:
        unit.session.connection().execute(text("ALTER TABLE inbox RENAME TO away"))
    update = says(anna, "/menu")
    for _ in range(2):
        async with outside.post("/hook", json=update, headers=SECRET) as answer:
            assert answer.status == 503
    assert (await running.texts(anna, 1)) == [  # said once
        "Greenlight cannot save anything right now. What you just did is kept, and is done as soon as it can."
    ]
    with running.database.write() as unit:
        unit.session.connection().execute(text("ALTER TABLE away RENAME TO inbox"))
    async with outside.post("/hook", json=update, headers=SECRET) as answer:
        assert answer.status == 200
    assert running.company.installer.name in (await running.texts(anna, 2))[1]


def says(account: int | None, words: str) -> dict[str, Any]:
    """An update as Telegram brings it."""
    return {
        "update_id": 900_001,
        "message": {
            "message_id": 1, "date": 1, "text": words, "chat": {"id": account, "type": "private"},
            "from": {"id": account, "is_bot": False, "first_name": "Anna"},
            "entities": [{"type": "bot_command", "offset": 0, "length": len(words)}],
        },
    }  # fmt: skip

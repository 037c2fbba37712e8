"""The transport against real servers on 127.0.0.1, driven through telegram.Bot."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.logs import HIDDEN
from bot.transport import AiohttpRequest, NetworkInTransaction, NeverSent, Timeouts, _timeout
from tests.bot.servers import (
    PATIENT,
    QUICK,
    SHORT,
    TOKEN,
    Api,
    Raw,
    everything_about,
    running,
    serving,
    talking,
)

LONG = {"read_timeout": 30.0, "write_timeout": 30.0, "connect_timeout": 30.0, "pool_timeout": 30.0}


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with serving() as api:
        yield api


@pytest.fixture
async def raw() -> AsyncIterator[Raw]:
    async with talking() as start:
        yield start


@pytest.fixture
def refusing() -> Iterator[str]:
    """Give host:port where nobody listens; bound, so that nobody else can."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{bound.getsockname()[1]}"


async def fails(bot: Bot, method: str = "anything", **timeouts: float) -> TelegramError:
    """Call, expect a failure, and that it shows neither the token nor the address."""
    with pytest.raises(TelegramError) as caught:
        await bot.do_api_request(method, api_kwargs={"chat_id": 5}, **timeouts)  # type: ignore[arg-type]  # wrong on purpose, or passed on
    shown = everything_about(caught.value)
    assert TOKEN not in shown
    assert f"/{method}" not in shown
    return caught.value


@pytest.mark.parametrize("method", ["hang", "reset", "half", "stall"])
@pytest.mark.parametrize("lost", [TimedOut, NetworkError])
async def test_no_answer_after_sending_is_lost(api: Api, method: str, lost: type[NetworkError]) -> None:
    async with running(AiohttpRequest(timeouts=QUICK, lost=lost), api.base) as bot:
        error = await fails(bot, method)
    assert type(error) is lost
    assert len(api.seen) == 1, "sent once, never repeated"


@pytest.mark.parametrize("lost", [TimedOut, NetworkError])
async def test_a_refused_connection_is_never_sent(refusing: str, lost: type[NetworkError]) -> None:
    async with running(AiohttpRequest(timeouts=PATIENT, lost=lost), f"http://{refusing}") as bot:
        error = await fails(bot)
    assert type(error) is NeverSent
    assert "Connect call failed" in error.message


@pytest.mark.parametrize("base", ["http://127.0.0.1:1", "https://127.0.0.1:1"])
async def test_a_dead_proxy_is_never_sent(refusing: str, base: str) -> None:
    proxy = f"http://anna:s3cret@{refusing}"
    async with running(AiohttpRequest(timeouts=PATIENT, proxy=proxy), base) as bot:
        error = await fails(bot)
    assert type(error) is NeverSent
    assert "s3cret" not in everything_about(error)


async def test_an_unknown_host_is_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    async with running(AiohttpRequest(timeouts=PATIENT), "http://nowhere.invalid") as bot:
        assert type(await fails(bot)) is NeverSent


async def test_a_full_pool_is_never_sent(api: Api) -> None:
    request = AiohttpRequest(1, timeouts=Timeouts(read=30, write=30, connect=SHORT, pool=SHORT))
    async with running(request, api.base) as bot, asyncio.TaskGroup() as tasks:
        tasks.create_task(bot.do_api_request("hang", **LONG))  # type: ignore[arg-type]  # wrong on purpose, or passed on
        await api.entered.wait()
        async with asyncio.timeout(5):
            error = await fails(bot)
        api.leave.set()
    assert type(error) is NeverSent
    assert len(api.seen) == 1


async def test_a_broken_tls_handshake_is_never_sent(raw: Raw) -> None:
    async def hang_up(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read(1)

    base = f"https://{await raw(hang_up)}"
    async with running(AiohttpRequest(timeouts=PATIENT), base) as bot:
        assert type(await fails(bot)) is NeverSent


async def test_a_refused_tunnel_is_never_sent(raw: Raw) -> None:
    heads: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    proxy = f"http://{await raw(refuse)}"
    async with running(AiohttpRequest(timeouts=PATIENT, proxy=proxy), "https://api.invalid") as bot:
        assert type(await fails(bot)) is NeverSent
    assert heads[0].startswith(b"CONNECT api.invalid:443 ")


async def test_an_upload_nobody_reads_is_lost_in_time(raw: Raw) -> None:
    done = asyncio.Event()

    async def read_nothing(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await done.wait()

    request = AiohttpRequest(timeouts=Timeouts(SHORT, 30, SHORT, SHORT, media_write=SHORT))
    async with running(request, f"http://{await raw(read_nothing)}") as bot:
        with pytest.raises(TimedOut) as caught:
            async with asyncio.timeout(5):
                await bot.send_document(5, bytes(2**24))
        done.set()
    assert TOKEN not in everything_about(caught.value)


async def test_a_calls_own_timeouts_win(api: Api) -> None:
    async with running(AiohttpRequest(timeouts=PATIENT), api.base) as bot:
        short = dict.fromkeys(LONG, SHORT)
        async with asyncio.timeout(5):
            assert type(await fails(bot, "hang", **short)) is TimedOut
            # the sum of the others lets the answer come; the read timeout alone must end the wait
            assert type(await fails(bot, "stall", read_timeout=SHORT)) is TimedOut


async def test_a_stopped_transport_never_sends_and_starts_again(api: Api) -> None:
    request = AiohttpRequest(timeouts=PATIENT)
    bot = Bot(TOKEN, f"{api.base}/bot", request=request)
    assert type(await fails(bot)) is NeverSent
    for _ in range(2):
        await request.initialize()
        await request.initialize()
        assert (await bot.send_message(5, "hi")).message_id == 1
        await request.shutdown()
        await request.shutdown()
        assert type(await fails(bot)) is NeverSent
    assert len(api.seen) == 2


async def test_shutdown_fails_what_is_under_way(api: Api) -> None:
    request = AiohttpRequest(timeouts=PATIENT)
    async with running(request, api.base) as bot, asyncio.TaskGroup() as tasks:
        under_way = tasks.create_task(fails(bot, "hang"))
        await api.entered.wait()
        await request.shutdown()
    assert type(under_way.result()) is TimedOut


@pytest.mark.parametrize(
    ("method", "expected", "words"),
    [
        ("flood", RetryAfter, "Retry in"),
        ("bad", BadRequest, "Chat not found"),
        ("moved", NetworkError, "Found (302)"),
    ],
)
async def test_refusals_are_the_librarys_own(
    api: Api, method: str, expected: type[TelegramError], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # or RetryAfter warns of what its attribute will be
    async with running(AiohttpRequest(timeouts=PATIENT), api.base) as bot:
        error = await fails(bot, method)
    assert type(error) is expected
    assert words in str(error)


async def test_an_error_page_that_quotes_the_address_loses_the_token(api: Api) -> None:
    async with running(AiohttpRequest(timeouts=PATIENT), api.base) as bot:
        with pytest.raises(NetworkError, match="Bad Gateway") as caught:
            await bot.do_api_request("page")
    assert f"/bot{HIDDEN}/page" in caught.value.message
    assert TOKEN not in everything_about(caught.value)


async def test_a_slow_answer_is_read_whole(api: Api) -> None:
    async with running(AiohttpRequest(timeouts=PATIENT), api.base) as bot:
        assert await bot.do_api_request("slow") == 7


async def test_the_proxy_gets_the_request_and_the_credentials(raw: Raw) -> None:
    heads: list[bytes] = []

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n{"ok": true, "result": 42}')
        await writer.drain()

    proxy = f"http://anna:s3cret@{await raw(forward)}"
    async with running(AiohttpRequest(timeouts=PATIENT, proxy=proxy), "http://api.invalid") as bot:
        assert await bot.do_api_request("anything") == 42
    assert heads[0].startswith(b"POST http://api.invalid/bot")
    assert b"Proxy-Authorization: Basic YW5uYTpzM2NyZXQ=" in heads[0]


@pytest.mark.parametrize("proxy", ["socks5://u:s3cret@h:1", "h:1", "http://", "http://u:s3cret@h:port", ""])
def test_another_proxy_is_refused_without_its_password(proxy: str) -> None:
    with pytest.raises(ValueError, match="SOCKS is not supported") as caught:
        AiohttpRequest(proxy=proxy)
    assert "s3cret" not in everything_about(caught.value)


async def test_the_guard_stops_the_request_loudly(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    inside = False
    request = AiohttpRequest(timeouts=PATIENT, forbidden=lambda: inside)
    async with running(request, api.base) as bot:
        await bot.send_message(5, "before")
        inside = True
        with pytest.raises(NetworkInTransaction):
            await bot.send_message(5, "within")
        with pytest.raises(NetworkInTransaction):
            await bot.request.retrieve(f"{api.base}/file/bot{TOKEN}/photo.jpg")
        inside = False
        await bot.send_message(5, "after")
    assert [form["text"] for form in api.seen] == ["before", "after"]
    assert [record.levelname for record in caplog.records] == ["CRITICAL", "CRITICAL"]


def test_the_read_timeout_is_told() -> None:
    assert AiohttpRequest().read_timeout == 5.0
    assert AiohttpRequest(timeouts=QUICK).read_timeout == SHORT


def test_a_download_is_limited_between_bytes_but_not_as_a_whole() -> None:
    assert _timeout(PATIENT, whole=True).total == 120
    assert _timeout(PATIENT, whole=False).total is None
    assert _timeout(PATIENT, whole=False).sock_read == 30
    assert _timeout(Timeouts(write=None), whole=True).total is None, "waits for ever where any phase may"

"""Servers on 127.0.0.1 for the transport to meet: a Bot API that misbehaves on request, and raw sockets."""

import asyncio
import contextlib
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web
from telegram import Bot

from bot.transport import AiohttpRequest, Timeouts

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_"  # noqa: S105 - nobody's
SHORT = 0.05  # seconds: what a test waits for something that never comes
QUICK = Timeouts(read=SHORT, write=SHORT, connect=SHORT, pool=SHORT, media_write=SHORT)
PATIENT = Timeouts(read=30, write=30, connect=30, pool=30, media_write=30)
MESSAGE = {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}, "text": "hi"}
RESULTS: dict[str, object] = {
    "getMe": {"id": 1, "is_bot": True, "first_name": "Green", "username": "green_bot"},
    "sendMediaGroup": [MESSAGE],
}
REFUSALS: dict[str, dict[str, object]] = {
    "flood": {"ok": False, "error_code": 429, "description": "Wait", "parameters": {"retry_after": 9}},
    "bad": {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"},
}

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Raw = Callable[[Talk], Awaitable[str]]


@dataclass
class Api:
    """A Bot API whose methods are named after how they behave.

    Attributes:
        base: where it is, ``http://127.0.0.1:port``.
        seen: the form of every request, with files as (name, type, content).
        entered: set when ``hang`` has begun.
        leave: set to end every ``hang`` and ``stall``.
    """

    base: str = ""
    seen: list[dict[str, object]] = field(default_factory=list)
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    leave: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Note the form and behave as the method says."""
        form: dict[str, object] = {"content_type": request.content_type}
        for name, value in (await request.post()).items():
            form[name] = value
            if isinstance(value, web.FileField):
                form[name] = value.filename, value.content_type, value.file.read()
        self.seen.append(form)
        method = request.match_info["method"]
        if method in {"half", "stall", "slow"}:
            return await self._in_pieces(request, method)
        if method == "hang":
            self.entered.set()
            await self.leave.wait()
        if method == "reset":
            _abort(request)
        return _answer(request, method)

    async def _in_pieces(self, request: web.Request, method: str) -> web.StreamResponse:
        """Answer half and abort, half and hang, or all of it, piece by piece."""
        response = web.StreamResponse(headers={} if method == "slow" else {"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"ok": true')
        if method == "half":
            _abort(request)
        elif method == "stall":
            await self.leave.wait()
        else:
            await response.write(b', "result"')
            await response.write(b": 7}")
        return response

    async def file(self, _request: web.Request) -> web.Response:
        """Give a file's bytes."""
        return web.Response(body=b"\x00\xffbytes")


def _abort(request: web.Request) -> None:
    """Reset the connection."""
    assert request.transport
    request.transport.abort()


def _answer(request: web.Request, method: str) -> web.Response:
    """Answer as Telegram, or something on the way to it, does."""
    if method == "page":  # as a proxy's error page: it quotes the address
        return web.Response(text=f"<p>no way to {request.url} or {request.path}</p>", status=502)
    if method == "moved":
        return web.Response(status=302, headers={"Location": "/elsewhere"})
    if method in REFUSALS:
        refusal = REFUSALS[method]
        return web.json_response(refusal, status=int(str(refusal["error_code"])))
    return web.json_response({"ok": True, "result": RESULTS.get(method, MESSAGE)})


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[Api]:
    """Run an Api."""
    api = Api()
    app = web.Application(client_max_size=2**24)
    app.router.add_post("/bot{token}/{method}", api.answer)
    app.router.add_get("/file/bot{token}/{path}", api.file)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield api
    api.leave.set()
    await runner.cleanup()


@contextlib.asynccontextmanager
async def talking() -> AsyncIterator[Raw]:
    """Give a function that starts a server speaking only what it is told, and returns its host:port."""
    async with contextlib.AsyncExitStack() as stack:

        async def start(talk: Talk) -> str:
            async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                try:
                    await talk(reader, writer)
                finally:
                    writer.transport.abort()

            server = await asyncio.start_server(accept, "127.0.0.1", 0)
            stack.callback(server.close)
            return f"127.0.0.1:{server.sockets[0].getsockname()[1]}"

        yield start


@contextlib.asynccontextmanager
async def running(request: AiohttpRequest, base: str) -> AsyncIterator[Bot]:
    """Give a bot whose transport is open."""
    async with request:
        yield Bot(TOKEN, f"{base}/bot", f"{base}/file/bot", request=request)


def everything_about(error: BaseException) -> str:
    """Return all that a log or an error tracker could show of it, hidden contexts included."""
    shown = "".join(traceback.format_exception(error))
    follow: BaseException | None = error
    while follow:
        shown += repr(follow) + str(follow)
        follow = follow.__cause__ or follow.__context__
    return shown

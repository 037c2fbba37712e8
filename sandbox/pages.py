"""The page, and the stream that tells it which chats have changed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.state import Room, World
from sandbox.view import account_view

PAGE = Path(__file__).with_name("page")
HEARTBEAT_SECONDS = 10.0
GATHER_SECONDS = 0.03
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Page:
    """Serves ``/``, the files below ``/page`` and ``/sandbox/events``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_routes(self, app: web.Application) -> None:
        """Hang the routes into the application."""
        app.router.add_get("/", self.index)
        app.router.add_get("/page/{name:[a-z]+\\.(?:js|css|svg)}", self.asset)
        app.router.add_get("/sandbox/events", self.events)

    async def index(self, _: web.Request) -> web.StreamResponse:
        """The page itself."""
        return web.FileResponse(PAGE / "index.html", headers=HEADERS)

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """A script or a style sheet of the page."""
        path = PAGE / request.match_info["name"]
        if not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=HEADERS)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Everybody at first, then whoever's chat has changed, as server-sent events of accounts."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        told: dict[int, tuple[Any, ...]] = {}
        while True:
            ring = self._world.changed.wait(HEARTBEAT_SECONDS)
            news = self._news(told)
            body = (
                f"data: {json.dumps(news, ensure_ascii=False)}\n\n" if news else "event: alive\ndata: 1\n\n"
            )
            try:
                await response.write(body.encode())
            except ConnectionResetError:
                ring.close()
                return response
            if await ring:
                # One act changes several things: tell them together.
                await asyncio.sleep(GATHER_SECONDS)

    def _news(self, told: dict[int, tuple[Any, ...]]) -> dict[str, Any]:
        here = {room.id for room in self._world.rooms()}
        changed = [room for room in self._world.rooms() if told.get(room.id) != _mark(room)]
        everybody = not told
        gone = [number for number in told if number not in here]
        told.update({room.id: _mark(room) for room in changed})
        for person in gone:
            del told[person]
        if not changed and not gone:
            return {}
        accounts = [account_view(self._world, room) for room in changed]
        return {"bot": self._world.bot.user(), "accounts": accounts, "gone": gone, "everybody": everybody}


def _mark(room: Room) -> tuple[Any, ...]:
    """What tells one state of a chat from another, without looking through its messages."""
    return room.seq, room.read_seq, room.typing_until, room.born

"""The routes of the control API by which one acts as a person."""

from __future__ import annotations

import time
from collections.abc import Callable

from aiohttp import web

from sandbox.bodies import Body, number_of, read
from sandbox.errors import PersonError
from sandbox.inline import ask_inline, choose
from sandbox.params import Upload
from sandbox.people import People
from sandbox.stands import Act, Stand
from sandbox.state import World

LONGEST_WAIT = 60.0
_Alone = Callable[[int, Body], Act]
_There = Callable[[Stand, Body, list[Upload]], Act]


class Acts:
    """``POST /sandbox/people/ID/<act>``, and what the bot answered to an inline query."""

    def __init__(self, world: World) -> None:
        self._world = world
        people = self._people = People(world)
        # In a chat: ``chat_id`` and ``thread_id`` of the body say which.
        self._there: dict[str, _There] = {
            "text": lambda at, body, _: people.text(
                at, str(body.get("text", "")), int(body.get("reply_to") or 0)
            ),
            "press": lambda at, body, _: people.press(at, body),
            "photo": lambda at, body, files: people.photos(at, files, str(body.get("caption", ""))),
            "document": lambda at, body, files: people.documents(at, files, str(body.get("caption", ""))),
            "location": lambda at, body, _: people.location(at, *_place(body)),
            "contact": lambda at, body, _: people.contact(
                at, str(body.get("phone_number", "")), _owner(body)
            ),
            "forward": lambda at, body, _: people.forward(at, body),
            "edit": lambda at, body, _: people.edit(
                at, int(body.get("message_id", 0)), str(body.get("text", ""))
            ),
            "choose": lambda at, body, _: choose(world, at, body),
        }
        # Between the person and the bot alone.
        self._alone: dict[str, _Alone] = {
            "block": lambda person, _: people.block(person, blocked=True),
            "unblock": lambda person, _: people.block(person, blocked=False),
            "start": lambda person, body: people.start(person, str(body.get("payload") or "")),
            "open": lambda person, body: people.open_link(person, str(body.get("url", ""))),
            "inline": lambda person, body: ask_inline(world, person, body),
            "read": self._read,
        }

    def add_routes(self, app: web.Application) -> None:
        """Hang both routes into the application."""
        app.router.add_post("/sandbox/people/{id:\\d+}/{act:[a-z]+}", self.act)
        app.router.add_get("/sandbox/inline/{id}", self.answers)

    async def act(self, request: web.Request) -> web.Response:
        """Do one thing in the name of a person."""
        person, name = int(request.match_info["id"]), request.match_info["act"]
        self._world.chat_of(person)
        body, uploads = await read(request)
        try:
            return web.json_response(self._do(person, name, body, uploads).json())
        except (KeyError, TypeError, ValueError) as error:
            raise PersonError(f"cannot read the request: {error}", status=400) from None

    def _do(self, person: int, name: str, body: Body, uploads: list[Upload]) -> Act:
        if name in self._alone:
            return self._alone[name](person, body)
        if name not in self._there:
            raise PersonError(f"nobody can «{name}» here", status=404)
        return self._there[name](self._people.at(person, body), body, uploads)

    def _read(self, person: int, body: Body) -> Act:
        room = self._world.room(int(body.get("chat_id") or person))
        self._world.read(room, int(body.get("seq", 0)))
        return Act()

    async def answers(self, request: web.Request) -> web.Response:
        """What the bot answered to an inline query, at once or when it does."""
        question = self._world.inline.of(request.match_info["id"])
        deadline = time.monotonic() + min(number_of(request, "wait"), LONGEST_WAIT)
        while question.answer is None and (left := deadline - time.monotonic()) > 0:
            await self._world.inline.answered.wait(left)
        return web.json_response(question.view())


def _place(body: Body) -> tuple[float, float]:
    """Where a person is: the middle of Kyiv unless they say otherwise."""
    return float(body.get("latitude", 50.4501)), float(body.get("longitude", 30.5234))


def _owner(body: Body) -> Body:
    return {name: value for name, value in body.items() if name in {"first_name", "last_name", "user_id"}}

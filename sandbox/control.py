"""The control API: plain JSON with which tests and the page act as people. ``README.md`` lists the routes."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import time
from collections.abc import Callable
from dataclasses import asdict, fields
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from aiohttp import web

from sandbox.calls import PAGE, CallLog
from sandbox.errors import ApiError, PersonError
from sandbox.faults import Faults
from sandbox.params import Upload
from sandbox.people import Act, People
from sandbox.state import Account, World
from sandbox.view import account_view, chat_view

LONGEST_WAIT = 60.0
_FIELDS = {field.name for field in fields(Account)}

Body = dict[str, Any]


@web.middleware
async def refusals(request: web.Request, handler: Any) -> web.StreamResponse:  # noqa: ANN401 - aiohttp's own type is private
    """Answer what cannot be done with a JSON object that says why."""
    try:
        response: web.StreamResponse = await handler(request)
    except PersonError as error:
        return web.json_response({"error": str(error)}, status=error.status)
    except ApiError as error:
        return web.json_response({"error": error.description}, status=error.code)
    return response


class Control:
    """Routes below ``/sandbox``."""

    def __init__(self, world: World, faults: Faults, calls: CallLog) -> None:
        self._world = world
        self._people = People(world)
        self._faults = faults
        self._calls = calls

    def add_routes(self, app: web.Application) -> None:
        """Hang every route into the application."""
        app.router.add_routes(
            [
                web.get("/sandbox/accounts", self.list_accounts),
                web.post("/sandbox/accounts", self.declare_accounts),
                web.get("/sandbox/people/{id:\\d+}/chat", self.chat),
                web.post("/sandbox/people/{id:\\d+}/{act:[a-z]+}", self.act),
                web.get("/sandbox/files/{file_id}", self.file),
                web.get("/sandbox/log", self.log),
                web.post("/sandbox/faults", self.order_fault),
                web.delete("/sandbox/faults", self.clear_faults),
                web.get("/sandbox/state", self.state),
                web.post("/sandbox/reset", self.reset),
            ],
        )

    async def list_accounts(self, _: web.Request) -> web.Response:
        """Everybody, in the order they were declared."""
        accounts = [account_view(self._world, chat) for chat in self._world.chats.values()]
        return web.json_response({"accounts": accounts, "bot": self._world.bot.user()})

    async def declare_accounts(self, request: web.Request) -> web.Response:
        """Add people or change them."""
        given = (await _body(request)).get("accounts")
        if not isinstance(given, list):
            raise PersonError("accounts must be a list", status=400)
        for entry in given:
            _check_account(entry, known=self._world.chats)
        for entry in given:
            self._world.declare(entry)
        return await self.list_accounts(request)

    async def chat(self, request: web.Request) -> web.Response:
        """The chat as the person sees it, at once or when it changes."""
        chat = self._world.chat_of(int(request.match_info["id"]))
        after, limit = _number(request, "after"), int(_number(request, "limit"))
        until_idle = request.query.get("until") == "idle"
        deadline = time.monotonic() + min(_number(request, "wait"), LONGEST_WAIT)
        while (left := deadline - time.monotonic()) > 0:
            if until_idle:
                if chat_view(self._world, chat, chat.seq)["idle"]:
                    break
                await _first(chat.changed.wait(left), self._world.updates.confirmed.wait(left))
            elif chat.seq > after:
                break
            else:
                await chat.changed.wait(left)
        return web.json_response(chat_view(self._world, chat, int(after), limit))

    async def act(self, request: web.Request) -> web.Response:
        """Do one thing in the name of a person."""
        person, name = int(request.match_info["id"]), request.match_info["act"]
        self._world.chat_of(person)
        body, uploads = await _read(request)
        if name == "read":
            self._world.read(self._world.chat_of(person), int(body.get("seq", 0)))
            return web.json_response(Act().json())
        try:
            return web.json_response(self._act(person, name, body, uploads).json())
        except (TypeError, ValueError) as error:
            raise PersonError(f"cannot read the request: {error}", status=400) from None

    def _act(self, person: int, name: str, body: Body, uploads: list[Upload]) -> Act:
        people = self._people
        caption = str(body.get("caption", ""))
        acts: dict[str, Callable[[], Act]] = {
            "text": lambda: people.text(person, str(body.get("text", "")), int(body.get("reply_to") or 0)),
            "press": lambda: people.press(person, body),
            "photo": lambda: people.photos(person, uploads, caption),
            "document": lambda: people.documents(person, uploads, caption),
            "location": lambda: people.location(person, *_place(body)),
            "contact": lambda: people.contact(person, str(body.get("phone_number", "")), _owner(body)),
            "edit": lambda: people.edit(person, int(body.get("message_id", 0)), str(body.get("text", ""))),
            "block": lambda: people.block(person, blocked=True),
            "unblock": lambda: people.block(person, blocked=False),
            "start": lambda: people.start(person, str(body.get("payload") or "")),
            "open": lambda: people.open_link(person, str(body.get("url", ""))),
        }
        if name not in acts:
            raise PersonError(f"nobody can «{name}» here", status=404)
        return acts[name]()

    async def file(self, request: web.Request) -> web.Response:
        """A file of the chats, for the page: pictures to show, anything else to save."""
        kept = self._world.files.by_id(request.match_info["file_id"])
        found = self._world.files.by_path(kept.path) if kept else None
        if kept is None or found is None:
            raise PersonError("no such file", status=404)
        response = web.Response(body=found[1], content_type=kept.mime_type)
        response.headers["Cache-Control"] = "private, max-age=86400"
        if kept.folder != "photos":
            # An HTML file must not open as a page of this origin.
            response.content_type = "application/octet-stream"
            response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(kept.name)}"
        return response

    async def log(self, request: web.Request) -> web.Response:
        """The bot's calls after a number, at once or when there are some."""
        after, method = int(_number(request, "after")), request.query.get("method", "")
        limit = int(_number(request, "limit")) or PAGE
        deadline = time.monotonic() + min(_number(request, "wait"), LONGEST_WAIT)
        calls = self._calls.after(after, method, limit)
        while not calls and (left := deadline - time.monotonic()) > 0:
            await self._calls.grew.wait(left)
            calls = self._calls.after(after, method, limit)
        return web.json_response({"calls": calls, "last": self._calls.last, "counts": self._calls.counts})

    async def order_fault(self, request: web.Request) -> web.Response:
        """Order a failure."""
        self._faults.order(await _body(request))
        return await self.state(request)

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Call off every failure."""
        self._faults.clear()
        return await self.state(request)

    async def state(self, _: web.Request) -> web.Response:
        """Counts of everything; answers as soon as the sandbox listens."""
        world = self._world
        return web.json_response(
            {
                "bot": world.bot.user(),
                "accounts": len(world.chats),
                "messages": sum(len(chat.messages) for chat in world.chats.values()),
                "pending": len(world.updates.pending),
                "next_update_id": world.updates.next_id,
                "allowed_updates": world.updates.allowed,
                "unanswered": len(world.queries),
                "calls": self._calls.last,
                "counts": self._calls.counts,
                "faults": [asdict(fault) for fault in self._faults.ordered],
            },
        )

    async def reset(self, request: web.Request) -> web.Response:
        """Begin anew; ids go on."""
        self._world.reset()
        self._faults.clear()
        self._calls.clear()
        return await self.state(request)


def _place(body: Body) -> tuple[float, float]:
    """Where a person is: the middle of Kyiv unless they say otherwise."""
    return float(body.get("latitude", 50.4501)), float(body.get("longitude", 30.5234))


def _owner(body: Body) -> Body:
    return {name: value for name, value in body.items() if name in {"first_name", "last_name", "user_id"}}


def _check_account(entry: object, known: dict[int, Any]) -> None:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), int) or entry["id"] <= 0:
        raise PersonError("every account needs a positive whole id", status=400)
    if unknown := set(entry) - _FIELDS:
        raise PersonError(f"an account has no field {', '.join(sorted(unknown))}", status=400)
    if entry["id"] not in known and not entry.get("first_name"):
        raise PersonError(f"account {entry['id']} needs a first_name", status=400)


async def _body(request: web.Request) -> Body:
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        raise PersonError("the body is not JSON", status=400) from None
    if not isinstance(body, dict):
        raise PersonError("the body must be a JSON object", status=400)
    return body


async def _read(request: web.Request) -> tuple[Body, list[Upload]]:
    """The fields and the files of an act: multipart, or JSON with base64."""
    uploads: list[Upload] = []
    if request.content_type.startswith("multipart/"):
        body: Body = {}
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads.append(Upload(value.filename, value.file.read(), value.content_type))
            else:
                body[name] = value
        return body, uploads
    body = await _body(request)
    try:
        for number, encoded in enumerate(body.get("photos") or [], 1):
            uploads.append(
                Upload(f"photo_{number}.jpg", base64.b64decode(encoded, validate=True), "image/jpeg")
            )
        if "content" in body:
            content = base64.b64decode(body["content"], validate=True)
            uploads.append(Upload(str(body.get("file_name") or "file.bin"), content, ""))
    except (binascii.Error, TypeError):
        raise PersonError("files in JSON are base64", status=HTTPStatus.BAD_REQUEST) from None
    return body, uploads


def _number(request: web.Request, name: str) -> float:
    try:
        return float(request.query.get(name) or 0)
    except ValueError:
        raise PersonError(f"{name} must be a number", status=400) from None


async def _first(*waits: Any) -> None:  # noqa: ANN401 - coroutines of any result
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()

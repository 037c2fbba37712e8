"""The control API: plain JSON with which tests and the page arrange things.

``README.md`` lists the routes.
"""

from __future__ import annotations

import time
from dataclasses import asdict, fields
from typing import Any
from urllib.parse import quote

from aiohttp import web

from sandbox.acts import LONGEST_WAIT
from sandbox.bodies import body_of, first, number_of
from sandbox.calls import PAGE, CallLog
from sandbox.errors import PersonError
from sandbox.faults import Faults
from sandbox.groups import Groups
from sandbox.pace import Pace
from sandbox.state import Account, World
from sandbox.view import account_view, chat_view

_FIELDS = {field.name for field in fields(Account)}


class Control:
    """Routes below ``/sandbox``."""

    def __init__(
        self, world: World, faults: Faults, calls: CallLog, pace: Pace, violations: list[str]
    ) -> None:
        self._world = world
        self._pace = pace
        self._violations = violations
        self._groups = Groups(world)
        self._faults = faults
        self._calls = calls

    def add_routes(self, app: web.Application) -> None:
        """Hang every route into the application."""
        app.router.add_routes(
            [
                web.get("/sandbox/accounts", self.list_accounts),
                web.post("/sandbox/accounts", self.declare_accounts),
                web.get("/sandbox/people/{id:\\d+}/chat", self.chat),
                web.get("/sandbox/groups", self.list_groups),
                web.post("/sandbox/groups", self.declare_groups),
                web.get("/sandbox/groups/{id:-\\d+}/chat", self.chat),
                web.get("/sandbox/files/{file_id}", self.file),
                web.get("/sandbox/log", self.log),
                web.post("/sandbox/faults", self.order_fault),
                web.delete("/sandbox/faults", self.clear_faults),
                web.get("/sandbox/settings", self.settings),
                web.post("/sandbox/settings", self.change_settings),
                web.post("/sandbox/clock", self.advance_clock),
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
        given = (await body_of(request)).get("accounts")
        if not isinstance(given, list):
            raise PersonError("accounts must be a list", status=400)
        for entry in given:
            _check_account(entry, known=self._world.chats)
        for entry in given:
            self._world.declare(entry)
        return await self.list_accounts(request)

    async def list_groups(self, _: web.Request) -> web.Response:
        """Every group."""
        return web.json_response(
            {"groups": [self._groups.view(room) for room in self._world.groups.values()]}
        )

    async def declare_groups(self, request: web.Request) -> web.Response:
        """Add groups or change them, with the bot's coming and going."""
        given = (await body_of(request)).get("groups")
        if not isinstance(given, list):
            raise PersonError("groups must be a list", status=400)
        for entry in given:
            self._groups.check(entry)
        done = [self._groups.declare(entry) for entry in given]
        views = [self._groups.view(room) for room, _ in done]
        update_ids = [update_id for _, act in done for update_id in act.update_ids]
        return web.json_response({"groups": views, "update_ids": update_ids})

    async def chat(self, request: web.Request) -> web.Response:
        """The chat as those who are in it see it, at once or when it changes."""
        chat = self._world.room(int(request.match_info["id"]))
        after, limit = number_of(request, "after"), int(number_of(request, "limit"))
        before = int(number_of(request, "before"))
        until_idle = request.query.get("until") == "idle"
        deadline = time.monotonic() + min(number_of(request, "wait"), LONGEST_WAIT)
        while (left := deadline - time.monotonic()) > 0:
            if until_idle:
                if chat_view(self._world, chat, chat.seq)["idle"]:
                    break
                await first(chat.changed.wait(left), self._world.updates.confirmed.wait(left))
            elif chat.seq > after:
                break
            else:
                await chat.changed.wait(left)
        return web.json_response(chat_view(self._world, chat, int(after), limit, before))

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
        after, method = int(number_of(request, "after")), request.query.get("method", "")
        limit = int(number_of(request, "limit")) or PAGE
        deadline = time.monotonic() + min(number_of(request, "wait"), LONGEST_WAIT)
        calls = self._calls.after(after, method, limit)
        while not calls and (left := deadline - time.monotonic()) > 0:
            await self._calls.grew.wait(left)
            calls = self._calls.after(after, method, limit)
        return web.json_response({"calls": calls, "last": self._calls.last, "counts": self._calls.counts})

    async def order_fault(self, request: web.Request) -> web.Response:
        """Order a failure."""
        self._faults.order(await body_of(request))
        return await self.state(request)

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Call off every failure."""
        self._faults.clear()
        return await self.state(request)

    async def settings(self, _: web.Request) -> web.Response:
        """What is set."""
        return web.json_response(asdict(self._world.settings))

    async def change_settings(self, request: web.Request) -> web.Response:
        """Change what is named."""
        self._world.settings = self._world.settings.changed(await body_of(request))
        self._world.ring()
        return await self.settings(request)

    async def advance_clock(self, request: web.Request) -> web.Response:
        """Let time pass at once: presses grow old, limits ease, the webhook is tried again."""
        seconds = (await body_of(request)).get("advance")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool) or seconds < 0:
            raise PersonError("advance must be a number of seconds", status=400)
        self._world.clock.advance(seconds)
        self._world.ring()
        return web.json_response({"ahead": self._world.clock.ahead})

    async def state(self, _: web.Request) -> web.Response:
        """Counts of everything; answers as soon as the sandbox listens."""
        world = self._world
        return web.json_response(
            {
                "bot": world.bot.user(),
                "accounts": len(world.chats),
                "groups": len(world.groups),
                "messages": sum(len(room.messages) for room in world.rooms()),
                "pending": len(world.updates.pending),
                "next_update_id": world.updates.next_id,
                "allowed_updates": world.updates.allowed,
                "webhook": world.updates.hook.url if world.updates.hook else "",
                "unanswered": len(world.queries),
                "violations": self._violations,
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
        self._pace.clear()
        return await self.state(request)


def _check_account(entry: object, known: dict[int, Any]) -> None:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), int) or entry["id"] <= 0:
        raise PersonError("every account needs a positive whole id", status=400)
    if unknown := set(entry) - _FIELDS:
        raise PersonError(f"an account has no field {', '.join(sorted(unknown))}", status=400)
    if entry["id"] not in known and not entry.get("first_name"):
        raise PersonError(f"account {entry['id']} needs a first_name", status=400)

"""The HTTP side of the Bot API: one route for every method, one for files.

The order of a call: the token, then a fault ordered for it, then the rate limits, the method, the log.
"""

from __future__ import annotations

import asyncio
import hmac
import inspect
import socket
import struct
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.api import METHODS
from sandbox.calls import CallLog
from sandbox.errors import ApiError, not_found, too_many_requests, unauthorized
from sandbox.faults import Fault, Faults
from sandbox.pace import Pace
from sandbox.params import Described, Params, read_params
from sandbox.state import World
from sandbox.strict import SandboxError

if TYPE_CHECKING:
    from sandbox.strict.check import Strict

HANG_SECONDS = 3600.0
_CLOSE_AT_ONCE = struct.pack("ii", 1, 0)
_SERVER_ERRORS = {
    "500": (HTTPStatus.INTERNAL_SERVER_ERROR, "Internal Server Error"),
    "502": (HTTPStatus.BAD_GATEWAY, "Bad Gateway"),
}


class _ConnectionLostError(Exception):
    """The answer never reaches the bot."""


class _AnswerFailedError(ApiError):
    """The call was carried out, and is in the log; the bot is told that it failed."""


@dataclass(frozen=True)
class Guards:
    """What stands before and after every method: rate limits, and the schema in strict mode."""

    pace: Pace
    strict: Strict | None = None


class BotApi:
    """Serves ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""

    def __init__(self, world: World, token: str, faults: Faults, calls: CallLog, guards: Guards) -> None:
        self._world = world
        self._token = token
        self._faults = faults
        self._calls = calls
        self._guards = guards

    def add_routes(self, app: web.Application) -> None:
        """Hang both routes into the application."""
        app.router.add_route("*", "/bot{token:[^/]*}/{method:[^/]*}", self.call)
        app.router.add_route("*", "/bot{token:[^/]*}/{method:[^/]*}/", self.call)
        app.router.add_get("/file/bot{token:[^/]*}/{path:.+}", self.download)

    def _right(self, request: web.Request) -> bool:
        return hmac.compare_digest(request.match_info["token"].encode(), self._token.encode())

    async def call(self, request: web.Request) -> web.Response:
        """Answer one call of the bot."""
        if not self._right(request):
            return _refusal(unauthorized())
        method = request.match_info["method"]
        params = Params()
        try:
            params = await read_params(request)
            result = await self._meet_fault(method, params)
            self._log(method, params, {"ok": True, "result_message_id": _message_id(result)})
            if isinstance(result, Described):
                said = {"ok": True, "result": result.result, "description": result.description}
                return web.json_response(said)
            return web.json_response({"ok": True, "result": result})
        except ApiError as error:
            if not isinstance(error, _AnswerFailedError):
                outcome = {"ok": False, "error_code": error.code, "description": error.description}
                self._log(method, params, outcome)
            return _refusal(error)
        except SandboxError as error:
            # It is in the log already; the bot is told what it could do nothing about.
            outcome = {"ok": False, "error_code": 500, "description": f"Internal Server Error: {error}"}
            self._log(method, params, outcome)
            return web.json_response(outcome, status=500)
        except _ConnectionLostError:
            _cut(request)
            return web.Response()

    async def _meet_fault(self, method: str, params: Params) -> object:
        fault = self._faults.take(method, params.text("chat_id"))
        if fault is None:
            return await self._run(method, params)
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds or 1.0)
            return await self._run(method, params)
        if fault.kind == "429":
            raise too_many_requests(fault.retry_after)
        if fault.kind in _SERVER_ERRORS and not fault.done:
            raise ApiError(*_SERVER_ERRORS[fault.kind])
        await self._lose(fault, method, params)
        if fault.kind in _SERVER_ERRORS:
            raise _AnswerFailedError(*_SERVER_ERRORS[fault.kind])
        raise _ConnectionLostError

    async def _lose(self, fault: Fault, method: str, params: Params) -> None:
        """What happens before an answer fails: a call that is done all the same is carried out first."""
        outcome: dict[str, Any] = {"ok": False, "fault": fault.kind}
        if fault.done:
            result = await self._run(method, params)
            outcome |= {"ok": True, "result_message_id": _message_id(result)}
        self._log(method, params, outcome)
        if fault.kind == "hang":
            await asyncio.sleep(fault.seconds or HANG_SECONDS)

    async def _run(self, method: str, params: Params) -> object:
        handler = METHODS.get(method.lower())
        if handler is None:
            raise not_found()
        if self._world.settings.limits:
            self._guards.pace.meet(method, params)
        strict = self._guards.strict
        if strict is not None:
            strict.check_request(method, params)
        result = handler(self._world, params)
        if inspect.isawaitable(result):
            result = await result
        if strict is not None:
            strict.check_result(method, result.result if isinstance(result, Described) else result)
        return result

    def _log(self, method: str, params: Params, outcome: dict[str, Any]) -> None:
        chat_id = params.text("chat_id")
        self._calls.add(
            {
                "method": method,
                "chat_id": int(chat_id) if chat_id.lstrip("-").isdecimal() else chat_id or None,
                "params": params.described(),
                "error_code": None,
                "description": None,
                "result_message_id": None,
                **outcome,
            },
        )

    async def download(self, request: web.Request) -> web.Response:
        """The bytes of a file, by the path that getFile gave."""
        if not self._right(request):
            return _refusal(unauthorized())
        found = self._world.files.by_path(request.match_info["path"])
        if found is None:
            return _refusal(not_found())
        return web.Response(body=found[1], content_type="application/octet-stream")


def _refusal(error: ApiError) -> web.Response:
    return web.json_response(error.body(), status=error.code)


def _message_id(result: object) -> int | list[int] | None:
    if isinstance(result, dict):
        return result.get("message_id")
    if isinstance(result, list) and result and isinstance(result[0], dict) and "message_id" in result[0]:
        return [message["message_id"] for message in result]
    return None


def _cut(request: web.Request) -> None:
    """End the connection with a reset, not with an orderly close."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _CLOSE_AT_ONCE)
    transport.abort()

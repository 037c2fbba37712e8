"""How the control API reads its requests, and says what cannot be done."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from http import HTTPStatus
from typing import Any

from aiohttp import web

from sandbox.errors import ApiError, PersonError
from sandbox.params import Upload
from sandbox.strict import SandboxError

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
    except SandboxError as error:
        return web.json_response({"error": str(error)}, status=500)
    return response


async def body_of(request: web.Request) -> Body:
    """The JSON object of a request."""
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        raise PersonError("the body is not JSON", status=400) from None
    if not isinstance(body, dict):
        raise PersonError("the body must be a JSON object", status=400)
    return body


async def read(request: web.Request) -> tuple[Body, list[Upload]]:
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
    body = await body_of(request)
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


def number_of(request: web.Request, name: str) -> float:
    """A number of the query string, 0 by default."""
    try:
        return float(request.query.get(name) or 0)
    except ValueError:
        raise PersonError(f"{name} must be a number", status=400) from None


async def first(*waits: Any) -> None:  # noqa: ANN401 - coroutines of any result
    """Wait until one of them is over."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()

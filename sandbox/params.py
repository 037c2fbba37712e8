"""One call's parameters, read the way the Bot API reads them.

A query string, an urlencoded or multipart body and a JSON body mean the same; an object is JSON text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.errors import bad_request


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes
    mime_type: str


@dataclass(frozen=True)
class Described:
    """A result that Telegram answers with a sentence beside it."""

    result: object
    description: str


@dataclass
class Params:
    """The texts and the uploads of one call, by name."""

    texts: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The parameter, or an empty string."""
        return self.texts.get(name, "")

    def integer(self, name: str, default: int = 0) -> int:
        """The parameter as a whole number; anything else is the default, as in Telegram."""
        try:
            return int(self.texts.get(name, default))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Whether the parameter says yes."""
        return self.text(name).lower() in {"true", "1", "yes", "t"}

    def json(self, name: str, kind: str) -> Any:  # noqa: ANN401 - JSON is any of six types
        """The parsed parameter, or None when it is missing; ``kind`` names it in the refusal."""
        text = self.text(name)
        if not text or text == "null":
            return None
        try:
            return json.loads(text)
        except ValueError:
            raise bad_request(f"can't parse {kind} JSON object") from None

    def described(self) -> dict[str, str]:
        """What the log keeps: texts as they came, an upload as its name and size."""
        files = {
            name: f"{upload.name} ({len(upload.content)} bytes)" for name, upload in self.uploads.items()
        }
        return self.texts | files


async def read_params(request: web.Request) -> Params:
    """Read a request of any of the accepted forms."""
    params = Params(dict(request.query))
    if request.content_type == "application/json":
        await _read_json(request, params)
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                params.uploads[name] = Upload(value.filename, value.file.read(), value.content_type)
            else:
                params.texts[name] = (
                    value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
                )
    return params


async def _read_json(request: web.Request, params: Params) -> None:
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON body")
    for name, value in body.items():
        params.texts[name] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

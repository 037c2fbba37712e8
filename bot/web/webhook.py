"""The webhook: Telegram brings updates instead of being asked for them.

Every process of a deployment takes them into the inbox, also one that stands by. An update is answered
with 200 when it is stored; with anything else Telegram brings it again.
"""

import hmac
import json
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.hdrs import METH_POST
from yarl import URL

from bot.intake import Intake
from bot.logs import logger_of, said

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the header's name
AT_ONCE: Final = 40
"""Connections that Telegram opens at a time."""

logger = logger_of(__name__)


def secret_of(token: str) -> str:
    """What Telegram says with each update, so that nobody else can: the same in every process."""
    return hmac.new(token.encode(), b"webhook", sha256).hexdigest()


class Webhook:
    """Answers at the path of ``url`` whoever knows the secret."""

    def __init__(self, url: str, token: str, intake: Intake) -> None:
        self.url = url
        self.secret = secret_of(token)
        self._intake = intake

    @property
    def route(self) -> web.RouteDef:
        """Where updates are taken."""
        return web.route("*", URL(self.url).path, self._take)

    async def _take(self, request: web.Request) -> web.Response:
        shown = request.headers.get(SECRET_HEADER, "")
        known = hmac.compare_digest(shown.encode("utf-8", "replace"), self.secret.encode())
        if not known or request.method != METH_POST:
            raise web.HTTPNotFound  # as any other path
        update = _read(await request.read())
        if update is None:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        try:
            await self._intake.store([update])
        except Exception as error:  # noqa: BLE001  # whatever it was, Telegram brings it again
            logger.warning("an update cannot be stored: to be brought again", error=said(error))
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        return web.Response()


def _read(body: bytes) -> dict[str, object] | None:
    try:
        update = json.loads(body)
    except ValueError:
        return None
    known = isinstance(update, dict) and type(update.get("update_id")) is int
    return update if known else None

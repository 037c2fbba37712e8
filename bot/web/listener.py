"""An address on which routes are answered, and nothing else."""

import os
from collections.abc import Iterable

from aiohttp import web

LARGEST = 1_000_000
"""Bytes of a request; Telegram's updates are far below."""


class NotToBeHad(Exception):  # noqa: N818  # named by what is the case
    """An address on which one cannot listen; the text is one line for the operator."""


class Listener:
    """Listens on ``host:port``, the value of a setting, while it is started."""

    def __init__(self, setting: str, address: str, routes: Iterable[web.RouteDef]) -> None:
        self._shown = f"{setting} {address}"
        host, _, port = address.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port)
        application = web.Application(client_max_size=LARGEST)
        application.add_routes(routes)
        application.on_response_prepare.append(_say_nothing_of_ourselves)
        # The access log would show addresses, which may hold secrets.
        self._runner = web.AppRunner(application, access_log=None)

    async def start(self) -> None:
        """Begin to listen; ``NotToBeHad`` when the address cannot be had."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
            raise NotToBeHad(f"{self._shown}: {why}") from None

    async def stop(self) -> None:
        """Answer what is in hand, and listen no more."""
        await self._runner.cleanup()


async def _say_nothing_of_ourselves(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = "Greenlight"

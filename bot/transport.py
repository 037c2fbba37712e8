"""python-telegram-bot's HTTP, over aiohttp.

What a sender has to know after a failure is whether Telegram can have acted on the request:

- :class:`NeverSent`: it cannot have; send again freely. Refused, no such host, dead proxy, pool full.
- ``lost`` (``TimedOut`` unless told otherwise): it may have. No answer, or the connection broke after the
  first byte may have gone out.

aiohttp says which by its ``on_request_headers_sent`` signal, fired just before the first byte is written;
the CONNECT of a proxy tunnel does not fire it.

An aiohttp error names the address, and the address holds the bot's token. So none leaves this module: not
in a message, nor as a cause or context.
"""

import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.logs import logger_of, redact

if TYPE_CHECKING:
    from telegram._utils.types import ODVInput

_LOGGER: Final = logger_of(__name__)
_UNSET: Final = BaseRequest.DEFAULT_NONE
_UNFIT_IN_A_NAME: Final = re.compile(r'[\x00-\x1f\x7f"\\/\ud800-\udfff]')
_TOKEN_IN_URL: Final = re.compile(r"/bot([^/]+)/")
_SAYS_ONLY_HOST: Final = (aiohttp.ClientConnectorError, aiohttp.ClientConnectorCertificateError)


class NeverSent(NetworkError):  # noqa: N818 - reads as what happened, like TimedOut
    """The request certainly did not reach Telegram: sending it again cannot double its effect."""


class NetworkInTransaction(RuntimeError):  # noqa: N818 - the same
    """The network was used where it is forbidden: a mistake in the program, not a fault of the network.

    Deliberately no TelegramError, which senders expect and survive.
    """


@dataclass(frozen=True)
class Timeouts:
    """How long to wait, in seconds; None waits for ever. The defaults are python-telegram-bot's.

    Attributes:
        read: for the next bytes of an answer.
        write: for a request without files to be written.
        connect: for a connection, TLS and a proxy's tunnel included.
        pool: for a free place among the connections, on top of ``connect``.
        media_write: for a request with files to be written.
    """

    read: float | None = 5.0
    write: float | None = 5.0
    connect: float | None = 5.0
    pool: float | None = 1.0
    media_write: float | None = 20.0


class AiohttpRequest(BaseRequest):
    """A request object for ``ApplicationBuilder.request()`` and ``get_updates_request()``.

    It runs between ``initialize()`` and ``shutdown()``, any number of times; both may be repeated.
    The environment's proxy variables and netrc are not looked at.

    Args:
        pool_size: connections at a time; further requests wait for ``timeouts.pool``.
        proxy: an ``http://`` or ``https://`` URL, credentials allowed; None goes straight.
        timeouts: used where a call brings none of its own.
        lost: what to raise when the request went out and no whole answer came back. ``TimedOut`` for
            sending. ``NetworkError`` for getUpdates, whose loop backs off from it, not from TimedOut.
        forbidden: asked before each request, in the caller's context; true raises NetworkInTransaction.
        allowed: asked right before each request; false raises NeverSent: it is not this process's to send.

    Raises:
        ValueError: the proxy is of another kind, such as SOCKS, or its URL cannot be read.
    """

    def __init__(
        self,
        pool_size: int = 256,
        *,
        proxy: str | None = None,
        timeouts: Timeouts | None = None,
        lost: type[NetworkError] = TimedOut,
        forbidden: Callable[[], bool] = lambda: False,
        allowed: Callable[[], bool] = lambda: True,
    ) -> None:
        self._pool_size = pool_size
        self._proxy = _proxy_url(proxy)
        self._timeouts = timeouts or Timeouts()
        self._lost = lost
        self._forbidden = forbidden
        self._allowed = allowed
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """The default read timeout in seconds; the library adds it to a long poll's own."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Open the connection pool; does nothing when it is open."""
        if self._session is not None:
            return
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_note_sent)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._pool_size),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
            proxy=self._proxy,
            trace_configs=[trace],
        )

    async def shutdown(self) -> None:
        """Close the connections, failing what is under way; does nothing when they are closed."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _request_wrapper(self, *args: Any, **kwargs: Any) -> bytes:  # noqa: ANN401 - passed on
        """Let NetworkInTransaction out as itself.

        The library makes a NetworkError of whatever do_request raises, and `except TelegramError` would
        hide it. `post` and `retrieve` are final, so this is the one place to undo that. A BaseException
        would pass the library untouched, but its error handlers, which fail the unit of work, too. Should
        the library rename this method, do_request still refuses, only less loudly.
        """
        try:
            return await super()._request_wrapper(*args, **kwargs)
        except NetworkError as error:
            if isinstance(error.__cause__, NetworkInTransaction):
                raise error.__cause__ from None
            raise

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: "ODVInput[float]" = _UNSET,
        write_timeout: "ODVInput[float]" = _UNSET,
        connect_timeout: "ODVInput[float]" = _UNSET,
        pool_timeout: "ODVInput[float]" = _UNSET,
    ) -> tuple[int, bytes]:
        """Send one request; return the HTTP status and the body. Timeouts are in seconds.

        Raises:
            NeverSent: it did not go out, or the transport is not running.
            NetworkError: of the type ``lost``: it went out and its outcome is unknown.
            NetworkInTransaction: ``forbidden()`` said so.
        """
        if self._forbidden():
            message = "network used inside a transaction: it would stop every chat"
            _LOGGER.critical(message)
            raise NetworkInTransaction(message)
        if self._session is None:
            raise NeverSent("Never sent: the transport is not running")
        if not self._allowed():
            raise NeverSent("Never sent: this process may have lost the right to")
        files = request_data.multipart_data if request_data else {}
        write = self._timeouts.media_write if files else self._timeouts.write
        timeout = _timeout(
            Timeouts(
                read=_given(read_timeout, self._timeouts.read),
                write=_given(write_timeout, write),
                connect=_given(connect_timeout, self._timeouts.connect),
                pool=_given(pool_timeout, self._timeouts.pool),
            ),
            whole=method != "GET",
        )
        trip = SimpleNamespace(sent=False)
        try:
            async with self._session.request(
                method,
                url,
                data=_body(request_data) if request_data else None,
                timeout=timeout,
                allow_redirects=False,  # a POST would be repeated as a GET
                trace_request_ctx=trip,
            ) as response:
                payload = await response.read()
        except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
            reason = _reason(error)
            failure = (
                self._lost(f"Answer lost: {reason}") if trip.sent else NeverSent(f"Never sent: {reason}")
            )
        else:
            return response.status, payload if response.ok else _without_token(payload, url)
        raise failure  # out here it has neither cause nor context, which would name the address


async def _note_sent(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
    """Mark the request as (about to be) on the wire."""
    context.trace_request_ctx.sent = True


def _proxy_url(proxy: str | None) -> URL | None:
    """Read the proxy's URL; the error does not repeat it, since it may hold a password."""
    if proxy is None:
        return None
    try:
        url = URL(proxy)
    except ValueError:
        url = URL()
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError("the proxy must be an http:// or https:// URL; SOCKS is not supported")
    return url


def _given(value: "ODVInput[float]", default: float | None) -> float | None:
    """Return a call's own timeout, or the default where it brought none."""
    return default if value is _UNSET else cast("float | None", value)


def _timeout(wait: Timeouts, *, whole: bool) -> aiohttp.ClientTimeout:
    """Translate; aiohttp has no write timeout, so ``whole`` limits the sum of all phases instead.

    A download is not limited as a whole: it writes next to nothing and may rightly take long to read.
    """
    connect = _sum(wait.pool, wait.connect)
    return aiohttp.ClientTimeout(
        total=_sum(connect, wait.write, wait.read) if whole else None,
        connect=connect,
        sock_connect=wait.connect,
        sock_read=wait.read,
    )


def _sum(*seconds: float | None) -> float | None:
    """Add up; for ever if any of them is."""
    known = [each for each in seconds if each is not None]
    return sum(known) if len(known) == len(seconds) else None


def _body(data: RequestData) -> aiohttp.FormData:
    """Return the parameters urlencoded or, with files, as multipart with names as Telegram shows them."""
    form = aiohttp.FormData(data.json_parameters, quote_fields=False)
    for field, (name, content, mime) in (data.multipart_data or {}).items():
        form.add_field(
            field,
            io.BytesIO(content) if isinstance(content, bytes) else content,  # read in pieces, not at a stroke
            filename=_UNFIT_IN_A_NAME.sub("_", name),
            content_type=mime,
        )
    return form


def _reason(error: Exception) -> str:
    """Say what went wrong without the address."""
    name = type(error).__name__
    if isinstance(error, _SAYS_ONLY_HOST):
        return f"{name}: {error}"
    number = error.errno if isinstance(error, OSError) else None
    return f"{name}: {os.strerror(number)}" if number else name


def _without_token(payload: bytes, url: str) -> bytes:
    """Hide the token in an error page: proxies like to quote the address, and the library the page."""
    token = _TOKEN_IN_URL.search(url)
    return redact(payload.decode(errors="replace"), token[1] if token else "").encode()

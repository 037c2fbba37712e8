"""The start of the bot's work, when Telegram is not to be had at once."""

import asyncio
from collections.abc import Callable

import pytest
from telegram.error import NetworkError, RetryAfter, TelegramError

from bot import work
from bot.work import Work


@pytest.mark.parametrize(
    ("refuse", "pauses"), [(lambda: NetworkError("no route"), [1, 2]), (lambda: RetryAfter(7), [7, 7])]
)
async def test_the_start_waits_until_telegram_answers(
    monkeypatch: pytest.MonkeyPatch, refuse: Callable[[], TelegramError], pauses: list[float]
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # or RetryAfter warns of what its attribute will be
    refusals, waited = [refuse(), refuse()], []

    async def ask() -> None:
        if refusals:
            raise refusals.pop()

    async def wait_for(waiting: "asyncio.Future[bool]", seconds: float) -> None:
        waiting.close()  # type: ignore[attr-defined]  # a coroutine in truth
        waited.append(seconds)
        raise TimeoutError

    monkeypatch.setattr(work.asyncio, "wait_for", wait_for)
    assert await Work._insist(ask, asyncio.Event())
    assert waited == pauses

"""Asking for updates goes on, whatever goes wrong."""

import asyncio
from typing import Any

import pytest
from telegram import Bot, Update
from telegram.error import Conflict, NetworkError

from bot import intake
from bot.intake import Polling
from bot.leading import Alone
from bot.metrics import Metrics


class Asked(Bot):
    """A bot that meets each of these, one after the other, and then has nothing."""

    def __init__(self, *meets: BaseException | tuple[Update, ...]) -> None:
        super().__init__("424242:a-token-of-no-bot")
        self._unfreeze()
        self.meets = list(meets)
        self.offsets: list[int | None] = []
        self.over = asyncio.Event()

    async def get_updates(self, offset: int | None = None, **_: Any) -> tuple[Update, ...]:  # type: ignore[override]  # what is asked here
        """Meet the next."""
        self.offsets.append(offset)
        if not self.meets:
            self.over.set()
            await asyncio.Event().wait()
        met = self.meets.pop(0)
        if isinstance(met, BaseException):
            raise met
        return met


async def test_polling_goes_on_after_whatever_it_meets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "PAUSES", (0.0,))
    bot = Asked(
        (Update(7), Update(8)),
        NetworkError("away"),
        Conflict("another"),
        ValueError("a mistake"),
        (Update(9),),
    )
    polling = Polling(bot, Alone(None), metrics := Metrics())
    polling.start()
    async with asyncio.timeout(10):
        await bot.over.wait()
    assert bot.offsets == [None, 9, 9, 9, 9, 10]
    said = metrics.text("")[0].decode()
    assert 'greenlight_polls_total{outcome="done"} 2.0' in said
    assert 'greenlight_polls_total{outcome="failed"} 3.0' in said
    bot.meets = [()]
    await polling.stop()
    assert bot.offsets[-1] == 10  # Telegram is told what was taken

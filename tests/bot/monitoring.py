"""What an operator's tools see of a bot."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

Figures = dict[str, float]
BOUND = 10


def read_figures(text: str) -> Figures:
    """The series by their names as Prometheus writes them; ``name{a=x,b=y}`` with the labels in order."""
    found: Figures = {}
    for family in text_string_to_metric_families(text):
        for name, labels, value, *_ in family.samples:
            said = ",".join(f"{key}={labels[key]}" for key in sorted(labels))
            found[f"{name}{{{said}}}" if said else name] = value
    return found


@dataclass
class Tools:
    """Asks one address."""

    http: aiohttp.ClientSession

    async def get(self, path: str) -> tuple[int, str]:
        """The status and the text of an answer."""
        async with self.http.get(path) as answer:
            return answer.status, await answer.text()

    async def says(self, path: str) -> tuple[int, str, list[str]]:
        """The status, what the process does, and what is wrong with that."""
        async with self.http.get(path) as answer:
            said: dict[str, Any] = await answer.json()
            assert said["ok"] == (answer.status == 200)  # HTTP's «OK»
            return answer.status, said["standing"], said["why"]

    async def figures(self) -> Figures:
        """All figures."""
        status, text = await self.get("/metrics")
        assert status == 200  # HTTP's «OK»
        return read_figures(text)

    async def until(self, holds: Callable[[Figures], bool]) -> Figures:
        """The figures as soon as something holds of them."""
        async with asyncio.timeout(BOUND):
            while not holds(found := await self.figures()):  # noqa: ASYNC110  # figures ring no bell
                await asyncio.sleep(0.01)
        return found

    async def ready(self, *wanted: str) -> list[str]:
        """Wait until the process stands so, with nothing or all of this wrong."""
        standing, *why = wanted
        async with asyncio.timeout(BOUND):
            while True:
                try:
                    status, stands, wrong = await self.says("/readyz")
                except aiohttp.ClientConnectorError:
                    status, stands, wrong = 0, "", []  # it does not listen yet
                if status and stands == standing and bool(wrong) == bool(why) and {*why} <= {*wrong}:
                    return wrong
                await asyncio.sleep(0.01)

"""Files from Telegram. Photos are kept beside the database: Telegram's own ids of them may end."""

import asyncio
from pathlib import Path

from telegram import Bot
from telegram.error import BadRequest

from domain.imports import BadFile, Problem


class Files:
    """The folder ``GREENLIGHT_FILES``; a file is named by Telegram's unique id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, bot: Bot, file_id: str, unique_id: str) -> None:
        """Fetch a photo unless it is kept already; whole or not at all."""
        path = self.path(unique_id)
        if await asyncio.to_thread(path.exists):
            return
        content = await _content(bot, file_id)
        await asyncio.to_thread(_write_whole, path, content)

    def path(self, unique_id: str) -> Path:
        """Where the photo is kept."""
        safe = "".join(c for c in unique_id if c.isalnum() or c in "-_")
        return self._folder / f"{safe}.jpg"


async def fetch_list(bot: Bot, file_id: str) -> bytes:
    """Fetch a list that somebody sent; ``BadFile`` when Telegram does not give it away."""
    try:
        return await _content(bot, file_id)
    except BadRequest as error:
        raise BadFile(Problem.TOO_BIG if "too big" in error.message.lower() else Problem.GONE) from error


async def _content(bot: Bot, file_id: str) -> bytes:
    remote = await bot.get_file(file_id)
    return bytes(await remote.download_as_bytearray())


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)

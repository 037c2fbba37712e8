"""Photos, kept beside the database: Telegram's own ids of them belong to one bot and may end."""

import asyncio
from pathlib import Path

from telegram import Bot


class Files:
    """The folder ``GREENLIGHT_FILES``; a file is named by Telegram's unique id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, bot: Bot, file_id: str, unique_id: str) -> None:
        """Fetch a photo unless it is kept already; whole or not at all."""
        path = self.path(unique_id)
        if await asyncio.to_thread(path.exists):
            return
        remote = await bot.get_file(file_id)
        content = bytes(await remote.download_as_bytearray())
        await asyncio.to_thread(_write_whole, path, content)

    def path(self, unique_id: str) -> Path:
        """Where the photo is kept."""
        safe = "".join(c for c in unique_id if c.isalnum() or c in "-_")
        return self._folder / f"{safe}.jpg"


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)

"""Files that went through the chats: one number each, opaque ids and a path to download by."""

from __future__ import annotations

import base64
import mimetypes
import re
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.errors import bad_request
from sandbox.limits import PHOTO_BYTES, PHOTO_SIDES
from sandbox.params import Upload
from sandbox.pictures import size_of
from sandbox.store import Store

THUMBNAIL_SIDE = 320


@dataclass(frozen=True)
class StoredFile:
    """One file; ``folder`` is «photos» or «documents», width and height are 0 for a document."""

    number: int
    folder: str
    name: str
    mime_type: str
    size: int
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        """Where it is downloaded from, below ``/file/bot<token>/``."""
        suffix = re.sub(r"[^A-Za-z0-9.]", "", "." + self.name.rpartition(".")[2])[:10]
        return f"{self.folder}/file_{self.number}{suffix}"

    def file_id(self, variant: str = "x") -> str:
        """An opaque id; ``variant`` tells the sizes of one photo apart."""
        plain = f"{self.folder}:{self.number}:{variant}:sandbox"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    def unique_id(self, variant: str = "x") -> str:
        """An id that stays the same however often the file is sent."""
        return f"AQAD{self.number:08d}{variant}"

    def photo(self) -> list[dict[str, Any]]:
        """The PhotoSizes, smallest first. The small one has the same bytes."""
        scale = min(1.0, THUMBNAIL_SIDE / max(self.width, self.height))
        sizes = [("m", round(self.width * scale), round(self.height * scale)), ("x", self.width, self.height)]
        return [
            {
                "file_id": self.file_id(variant),
                "file_unique_id": self.unique_id(variant),
                "file_size": self.size,
                "width": max(1, width),
                "height": max(1, height),
            }
            for variant, width, height in sizes
        ]

    def document(self) -> dict[str, Any]:
        """The Document."""
        return {
            "file_id": self.file_id(),
            "file_unique_id": self.unique_id(),
            "file_size": self.size,
            "file_name": self.name,
            "mime_type": self.mime_type,
        }


class Files:
    """All files, by number, id and path."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._files = {int(key): StoredFile(**body) for key, body in store.rows("file")}
        self._last = max(self._files, default=0)

    def add(self, upload: Upload, folder: str) -> StoredFile:
        """Keep an upload; a photo must be a picture Telegram could read."""
        if not upload.content:
            raise bad_request("file must be non-empty")
        width = height = 0
        if folder == "photos":
            if len(upload.content) > PHOTO_BYTES:
                raise bad_request(f"file of size {len(upload.content)} bytes is too big for a photo")
            width, height = size_of(upload.content)
            if not width:
                raise bad_request("IMAGE_PROCESS_FAILED")
            if width + height > PHOTO_SIDES:
                raise bad_request("PHOTO_INVALID_DIMENSIONS")
        self._last += 1
        mime = mimetypes.guess_type(upload.name)[0] or upload.mime_type or "application/octet-stream"
        kept = StoredFile(self._last, folder, upload.name or "file", mime, len(upload.content), width, height)
        self._files[kept.number] = kept
        self._store.put("file", kept.number, asdict(kept))
        self._store.put_blob(kept.path, upload.content)
        return kept

    def by_id(self, file_id: str) -> StoredFile | None:
        """The file a bot names, or None."""
        try:
            parts = base64.urlsafe_b64decode(file_id + "=" * (-len(file_id) % 4)).decode().split(":")
            number = int(parts[1])
        except (ValueError, IndexError):
            return None
        return self._files.get(number)

    def by_path(self, path: str) -> tuple[StoredFile, bytes] | None:
        """A file and its bytes, by its download path."""
        found = re.fullmatch(r"(?:photos|documents)/file_(\d+)[.A-Za-z0-9]*", path)
        kept = self._files.get(int(found[1])) if found else None
        content = self._store.blob(path) if kept else None
        return None if kept is None or content is None else (kept, content)

    def clear(self) -> None:
        """Forget every file; numbers go on."""
        self._files.clear()

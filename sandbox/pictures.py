"""Just enough about pictures: how large one is, and a small one to send when none is at hand."""

from __future__ import annotations

import struct
import zlib

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_COLOURS = ((46, 125, 50), (21, 101, 192), (249, 168, 37), (198, 40, 40), (106, 27, 154), (0, 121, 107))


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height in pixels of a PNG, JPEG, GIF or WebP; (0, 0) for anything else."""
    try:
        if content.startswith(_PNG):
            width, height = struct.unpack(">II", content[16:24])
            return width, height
        if content[:3] == b"GIF":
            width, height = struct.unpack("<HH", content[6:10])
            return width, height
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
        if content.startswith(b"\xff\xd8"):
            return _jpeg(content)
    except (struct.error, IndexError):
        pass
    return 0, 0


def _jpeg(content: bytes) -> tuple[int, int]:
    at = 2
    while content[at] == 0xFF:  # noqa: PLR2004 - every JPEG marker begins with it
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0


def _webp(content: bytes) -> tuple[int, int]:
    kind = content[12:16]
    if kind == b"VP8X":
        return (
            1 + int.from_bytes(content[24:27], "little"),
            1 + int.from_bytes(content[27:30], "little"),
        )
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", content[26:30])
    return width & 0x3FFF, height & 0x3FFF


def sample(number: int, width: int = 320, height: int = 240) -> bytes:
    """A PNG: a field under a sky, its colour told by ``number``, so that two photos can be told apart."""
    red, green, blue = _COLOURS[number % len(_COLOURS)]
    horizon = height * 11 // 20
    centre, radius = (width * (2 + number % 5) // 8, height // 4), height // 9
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            if (x - centre[0]) ** 2 + (y - centre[1]) ** 2 < radius**2:
                rows += bytes((255, 236, 179))
            elif y < horizon:
                light = 190 + y * 50 // horizon
                rows += bytes((light - 25, light, min(255, light + 15)))
            else:
                shade = 100 - 30 * ((x + 2 * y) // 24 % 2)
                rows += bytes((red * shade // 100, green * shade // 100, blue * shade // 100))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    return _PNG + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

"""What the transport puts on the wire, as the server reads it, and what it brings back."""

import io
from collections.abc import AsyncIterator

import pytest
from telegram import InputFile, InputMediaPhoto

from bot.transport import AiohttpRequest
from tests.bot.servers import PATIENT, TOKEN, Api, running, serving


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with serving() as api:
        yield api


async def test_parameters_go_urlencoded(api: Api) -> None:
    async with running(AiohttpRequest(timeouts=PATIENT), api.base) as bot:
        await bot.send_message(5, "зелёный & «+»", disable_notification=True)
    assert api.seen == [
        {
            "content_type": "application/x-www-form-urlencoded",
            "chat_id": "5",
            "text": "зелёный & «+»",
            "disable_notification": "true",
        }
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("отчёт за май.txt", "отчёт за май.txt"),
        ('a"b\\c/d.txt', "a_b_c_d.txt"),
        ("a\r\nX-Evil: 1.txt", "a__X-Evil: 1.txt"),
        ("a\udcff.txt", "a_.txt"),
    ],
)
async def test_a_file_goes_as_multipart_with_a_clean_name(api: Api, name: str, shown: str) -> None:
    content = bytes(range(256)) * 8192  # 2 MiB: beyond what aiohttp takes at a stroke
    async with running(AiohttpRequest(timeouts=PATIENT), api.base) as bot:
        await bot.send_document(5, InputFile(content, name), caption="Отчёт «май»")
    assert api.seen == [
        {
            "content_type": "multipart/form-data",
            "chat_id": "5",
            "caption": "Отчёт «май»",
            "document": (shown, "text/plain", content),
        }
    ]


async def test_an_album_and_an_open_file_go_as_multipart(api: Api) -> None:
    async with running(AiohttpRequest(timeouts=PATIENT), api.base) as bot:
        await bot.send_media_group(5, [InputMediaPhoto(b"one"), InputMediaPhoto(b"two")])
        await bot.send_document(5, InputFile(io.BytesIO(b"three"), "3.bin", read_file_handle=False))
    album, single = api.seen
    parts = [value[2] for value in album.values() if isinstance(value, tuple)]
    assert parts == [b"one", b"two"]
    assert single["document"] == ("3.bin", "application/octet-stream", b"three")


async def test_a_file_is_fetched(api: Api) -> None:
    async with running(AiohttpRequest(timeouts=PATIENT), api.base) as bot:
        assert await bot.request.retrieve(f"{api.base}/file/bot{TOKEN}/photo.jpg") == b"\x00\xffbytes"

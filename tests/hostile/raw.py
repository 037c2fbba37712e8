"""Updates as Telegram writes them."""

import itertools
from typing import Any

Json = dict[str, Any]
SENT = 1_772_452_800
GROUP_CHAT = -1_001_234_567_890
_ids = itertools.count(1)


def account(number: int) -> Json:
    """Somebody's Telegram account."""
    return {"id": number, "is_bot": False, "first_name": f"Name {number % 1000}", "language_code": "en"}


def private(number: int) -> Json:
    """Their chat with the bot."""
    return {"id": number, "type": "private", "first_name": f"Name {number % 1000}"}


def group() -> Json:
    """A group that the bot is in."""
    return {"id": GROUP_CHAT, "type": "supergroup", "title": "Yard"}


def sent(number: int, **content: Any) -> Json:
    """A message of any content to the bot."""
    head = {"message_id": next(_ids), "date": SENT, "chat": private(number), "from": account(number)}
    return head | content


def words(text: str) -> Json:
    """The content of a text message: a command is marked as Telegram marks it."""
    content: Json = {"text": text}
    if text.startswith("/") and len(text) > 1:
        content["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    return content


def says(number: int, text: str) -> Json:
    """A text or a command."""
    return {"message": sent(number, **words(text))}


def says_in_group(number: int, text: str, thread: int = 0) -> Json:
    """A text or a command in the group, or in a topic of it."""
    topic = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
    return {"message": {**sent(number, **words(text)), "chat": group()} | topic}


def sends(number: int, **content: Any) -> Json:
    """A message of any other content."""
    return {"message": sent(number, **content)}


def presses(number: int, data: str | None, **fields: Any) -> Json:
    """A button of a message in the private chat."""
    shown = {"message_id": next(_ids), "date": SENT, "chat": private(number), "text": "…"}
    query = {
        "id": str(next(_ids)),
        "from": account(number),
        "chat_instance": "1",
        "message": shown,
        "data": data,
    }
    return {"callback_query": {key: value for key, value in (query | fields).items() if value is not None}}


def asks(number: int, query: str) -> Json:
    """An inline query."""
    return {"inline_query": {"id": str(next(_ids)), "from": account(number), "query": query, "offset": ""}}


def photo(name: str, **content: Any) -> Json:
    """The content of a photo in two sizes."""
    sizes = [
        {"file_id": f"{name}-s", "file_unique_id": f"{name}-us", "width": 90, "height": 90},
        {"file_id": name, "file_unique_id": f"{name}-u", "width": 900, "height": 900},
    ]
    return {"photo": sizes} | content


def membership(number: int, status: str) -> Json:
    """The bot was blocked, or let in again."""
    bot = {"id": 424242, "is_bot": True, "first_name": "Greenlight", "username": "greenlight_bot"}
    new: Json = {"user": bot, "status": status}
    if status == "kicked":
        new["until_date"] = 0
    return {
        "my_chat_member": {
            "chat": private(number),
            "from": account(number),
            "date": SENT,
            "old_chat_member": {"user": bot, "status": "member"},
            "new_chat_member": new,
        }
    }

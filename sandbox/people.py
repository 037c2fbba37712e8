"""What people do: write, press, send photos, block. Each act becomes the updates Telegram would send."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.entities import parse
from sandbox.errors import PersonError
from sandbox.limits import START_PAYLOAD
from sandbox.params import Upload
from sandbox.pictures import sample
from sandbox.state import Chat, Message, Wire, World


@dataclass
class Act:
    """What one act of a person brought about."""

    update_ids: list[int] = field(default_factory=list)
    message_ids: list[int] = field(default_factory=list)

    def json(self) -> Wire:
        """The answer of the control API."""
        return asdict(self)


class People:
    """Acts in the name of any declared person."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _chat(self, person: int) -> Chat:
        chat = self._world.chat_of(person)
        if chat.account.blocked:
            raise PersonError(f"{chat.account.first_name} has blocked the bot: unblock it first")
        return chat

    def _say(self, chat: Chat, contents: list[Wire]) -> Act:
        """Post messages and queue an update for each; whoever writes has started the bot."""
        act = Act()
        if not chat.account.started:
            self._world.declare({"id": chat.account.id, "started": True})
        for content in contents:
            message = self._world.post(chat, content, from_bot=False)
            act.message_ids.append(message.message_id)
            act.update_ids.append(self._world.updates.add(chat.account.id, "message", message.wire))
        return act

    def text(self, person: int, text: str, reply_to: int = 0) -> Act:
        """Write a text; a leading slash makes it a command."""
        chat = self._chat(person)
        plain, entities = parse(text)
        if not plain:
            raise PersonError("the text is empty", status=400)
        content: Wire = {"text": plain} | ({"entities": entities} if entities else {})
        if reply_to:
            content["reply_to_message"] = self._message(chat, reply_to).wire
        return self._say(chat, [content])

    def start(self, person: int, payload: str = "") -> Act:
        """Press Start, from a deep link when there is a payload; lifts a block first."""
        if not START_PAYLOAD.fullmatch(payload):
            raise PersonError("a payload is at most 64 of A-Z a-z 0-9 _ -", status=400)
        lifted = Act()
        if self._world.chat_of(person).account.blocked:
            lifted = self.block(person, blocked=False)
        act = self.text(person, f"/start {payload}".strip())
        return Act(lifted.update_ids + act.update_ids, act.message_ids)

    def open_link(self, person: int, url: str) -> Act:
        """Follow a link: to this bot with a start payload it is a press of Start, else nothing."""
        parts = urlsplit(url)
        query = parse_qs(parts.query, keep_blank_values=True)
        username = self._world.bot.username.lower()
        web_link = (
            parts.netloc.lower() in {"t.me", "telegram.me"} and parts.path.strip("/").lower() == username
        )
        app_link = (
            parts.scheme == "tg"
            and parts.netloc == "resolve"
            and query.get("domain", [""])[0].lower() == username
        )
        if (web_link or app_link) and "start" in query:
            return self.start(person, query["start"][0])
        return Act()

    def press(self, person: int, body: Wire) -> Act:
        """Press a button named by ``data`` or by its label (``button``); ``forge`` sends any data."""
        chat = self._chat(person)
        number = int(body.get("message_id") or 0)
        if body.get("forge"):
            return self._query(chat, number, str(body.get("data", "")))
        message = self._message(chat, number) if number else self._newest_keyboard(chat)
        button = _find_button(message, body)
        if "url" in button:
            return self.open_link(person, button["url"])
        if "callback_data" not in button:
            raise PersonError(f"button «{button['text']}» has no callback_data: the sandbox cannot press it")
        return self._query(chat, message.message_id, button["callback_data"])

    def _message(self, chat: Chat, number: int) -> Message:
        message = chat.messages.get(number)
        if message is None or message.deleted:
            raise PersonError(f"message {number} is not in the chat of {chat.account.first_name}")
        return message

    def _newest_keyboard(self, chat: Chat) -> Message:
        for message in reversed(chat.messages.values()):
            if not message.deleted and "reply_markup" in message.wire:
                return message
        raise PersonError(f"no message in the chat of {chat.account.first_name} has buttons")

    def _query(self, chat: Chat, number: int, data: str) -> Act:
        account = chat.account
        query_id = f"{account.id}{self._world.next('query'):09d}"
        message = chat.messages.get(number)
        gone: Wire = {"chat": account.chat(), "message_id": number, "date": 0}
        self._world.queries[query_id] = {
            "id": query_id,
            "person": account.id,
            "message_id": number,
            "data": data,
        }
        self._world.store.put("query", query_id, self._world.queries[query_id])
        body = {
            "id": query_id,
            "from": account.user(),
            "message": gone if message is None or message.deleted else message.wire,
            "chat_instance": f"-{account.id}",
            "data": data,
        }
        update_id = self._world.updates.add(account.id, "callback_query", body)
        self._world.touch(chat)
        return Act([update_id], [number])

    def photos(self, person: int, uploads: list[Upload], caption: str = "") -> Act:
        """Send pictures, a generated one when there are none; several are an album, each its own update."""
        chat = self._chat(person)
        if not uploads:
            number = self._world.next("sample")
            uploads = [Upload(f"photo_{number}.png", sample(number), "image/png")]
        contents: list[Wire] = [{"photo": self._world.files.add(u, "photos").photo()} for u in uploads]
        return self._say(chat, self._grouped(contents, caption))

    def documents(self, person: int, uploads: list[Upload], caption: str = "") -> Act:
        """Send files under their names."""
        chat = self._chat(person)
        if not uploads:
            raise PersonError("no file in the request", status=400)
        contents: list[Wire] = [
            {"document": self._world.files.add(u, "documents").document()} for u in uploads
        ]
        return self._say(chat, self._grouped(contents, caption))

    def _grouped(self, contents: list[Wire], caption: str) -> list[Wire]:
        """Bind several files into an album; the caption belongs to the first."""
        if len(contents) > 1:
            group = f"2{self._world.next('album'):016d}"
            contents = [content | {"media_group_id": group} for content in contents]
        text, entities = parse(caption)
        if text:
            contents[0]["caption"] = text
        if entities:
            contents[0]["caption_entities"] = entities
        return contents

    def location(self, person: int, latitude: float, longitude: float) -> Act:
        """Send a point on the map, in degrees."""
        return self._say(self._chat(person), [{"location": {"latitude": latitude, "longitude": longitude}}])

    def contact(self, person: int, phone: str, owner: Wire) -> Act:
        """Share a contact: the person's own unless ``owner`` names another."""
        chat = self._chat(person)
        own = {"first_name": chat.account.first_name, "user_id": person}
        contact: dict[str, Any] = {"phone_number": phone or chat.account.phone or "+380441234567"}
        return self._say(chat, [{"contact": contact | (owner or own)}])

    def edit(self, person: int, number: int, text: str) -> Act:
        """Change the text, or the caption, of one's own message."""
        chat = self._chat(person)
        message = self._message(chat, number)
        if message.from_bot:
            raise PersonError("people edit their own messages only")
        plain, entities = parse(text)
        kind, marks = ("text", "entities") if "text" in message.wire else ("caption", "caption_entities")
        message.wire = message.wire | {kind: plain, marks: entities, "edit_date": int(time.time())}
        self._world.touch(chat, message)
        update_id = self._world.updates.add(person, "edited_message", message.wire)
        return Act([update_id], [number])

    def block(self, person: int, *, blocked: bool) -> Act:
        """Block the bot or let it in again; nothing happens when it is so already."""
        chat = self._world.chat_of(person)
        if chat.account.blocked == blocked:
            return Act()
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        self._world.declare(asdict(replace(chat.account, blocked=blocked)))
        body = {
            "chat": chat.account.chat(),
            "from": chat.account.user(),
            "date": int(time.time()),
            "old_chat_member": self._member(before),
            "new_chat_member": self._member(after),
        }
        return Act([self._world.updates.add(person, "my_chat_member", body)])

    def _member(self, status: str) -> Wire:
        member: Wire = {"status": status, "user": self._world.bot.user()}
        return member | ({"until_date": 0} if status == "kicked" else {})


def _find_button(message: Message, body: Wire) -> Wire:
    rows = message.wire.get("reply_markup", {}).get("inline_keyboard", [])
    buttons: list[Wire] = [button for row in rows for button in row]
    for button in buttons:
        if "data" in body and button.get("callback_data") == body["data"]:
            return button
        if "data" not in body and button["text"] == body.get("button"):
            return button
    wanted = body.get("data", body.get("button"))
    labels = ", ".join(f"«{button['text']}»" for button in buttons) or "none"
    raise PersonError(f"message {message.message_id} has no button «{wanted}»; its buttons: {labels}")

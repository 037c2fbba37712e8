"""What people do: write, press, send photos, block. Each act becomes the updates Telegram would send."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.chats import Wire
from sandbox.entities import parse
from sandbox.errors import PersonError
from sandbox.groups import member
from sandbox.limits import START_PAYLOAD
from sandbox.params import Upload
from sandbox.pictures import sample
from sandbox.presses import ask, find_button, newest_keyboard
from sandbox.stands import Act, Stand, hears, say, stand
from sandbox.state import World

_COPIED = (
    "text",
    "entities",
    "caption",
    "caption_entities",
    "photo",
    "document",
    "location",
    "venue",
    "contact",
)


class People:
    """Acts in the name of any declared person."""

    def __init__(self, world: World) -> None:
        self._world = world

    def at(self, person: int, body: Wire) -> Stand:
        """Where the person speaks from: ``chat_id`` and ``thread_id`` of an act."""
        return stand(self._world, person, body)

    def text(self, at: Stand, text: str, reply_to: int = 0) -> Act:
        """Write a text; a leading slash makes it a command."""
        plain, entities = parse(text)
        if not plain:
            raise PersonError("the text is empty", status=400)
        content: Wire = {"text": plain} | ({"entities": entities} if entities else {})
        if reply_to:
            content["reply_to_message"] = at.message(reply_to).flat()
        return say(self._world, at, [content])

    def start(self, person: int, payload: str = "") -> Act:
        """Press Start, from a deep link when there is a payload; lifts a block first."""
        if not START_PAYLOAD.fullmatch(payload):
            raise PersonError("a payload is at most 64 of A-Z a-z 0-9 _ -", status=400)
        lifted = Act()
        if self._world.chat_of(person).account.blocked:
            lifted = self.block(person, blocked=False)
        act = self.text(self.at(person, {}), f"/start {payload}".strip())
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

    def press(self, at: Stand, body: Wire) -> Act:
        """Press a button named by ``data`` or by its label (``button``); ``forge`` sends any data."""
        number = int(body.get("message_id") or 0)
        if body.get("forge"):
            return ask(self._world, at, number, str(body.get("data", "")))
        message = at.message(number) if number else newest_keyboard(at)
        button = find_button(message, body)
        if "url" in button:
            return self.open_link(at.author.id, button["url"])
        if "callback_data" not in button:
            raise PersonError(f"button «{button['text']}» has no callback_data: the sandbox cannot press it")
        return ask(self._world, at, message.message_id, button["callback_data"])

    def photos(self, at: Stand, uploads: list[Upload], caption: str = "") -> Act:
        """Send pictures, a generated one when there are none; several are an album, each its own update."""
        if not uploads:
            number = self._world.next("sample")
            uploads = [Upload(f"photo_{number}.png", sample(number), "image/png")]
        contents: list[Wire] = [{"photo": self._world.files.add(u, "photos").photo()} for u in uploads]
        return say(self._world, at, self._grouped(contents, caption))

    def documents(self, at: Stand, uploads: list[Upload], caption: str = "") -> Act:
        """Send files under their names."""
        if not uploads:
            raise PersonError("no file in the request", status=400)
        contents: list[Wire] = [
            {"document": self._world.files.add(u, "documents").document()} for u in uploads
        ]
        return say(self._world, at, self._grouped(contents, caption))

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

    def location(self, at: Stand, latitude: float, longitude: float) -> Act:
        """Send a point on the map, in degrees."""
        return say(self._world, at, [{"location": {"latitude": latitude, "longitude": longitude}}])

    def contact(self, at: Stand, phone: str, owner: Wire) -> Act:
        """Share a contact: the person's own unless ``owner`` names another."""
        own = {"first_name": at.author.first_name, "user_id": at.author.id}
        contact: dict[str, Any] = {"phone_number": phone or at.author.phone or "+380441234567"}
        return say(self._world, at, [{"contact": contact | (owner or own)}])

    def forward(self, at: Stand, body: Wire) -> Act:
        """Forward a message of this chat, or of ``from_chat``, or any ``text`` from outside.

        ``origin`` is the MessageOrigin; without it the message's own sender, or somebody who hides.
        """
        origin: Wire = {"type": "hidden_user", "sender_user_name": "Somebody"}
        if "message_id" in body:
            there = self.at(at.author.id, {"chat_id": body["from_chat"]}) if "from_chat" in body else at
            known = there.message(int(body["message_id"]))
            content = {name: known.wire[name] for name in _COPIED if name in known.wire}
            origin = known.wire.get("forward_origin") or {
                "type": "user",
                "sender_user": known.wire["from"],
                "date": known.wire["date"],
            }
        else:
            plain, entities = parse(str(body.get("text", "")))
            content = {"text": plain} | ({"entities": entities} if entities else {})
        if not any(content.values()):
            raise PersonError("there is nothing to forward: give message_id or text", status=400)
        origin = {"date": int(self._world.clock.now())} | (body.get("origin") or origin)
        return say(self._world, at, [content | {"forward_origin": origin}])

    def edit(self, at: Stand, number: int, text: str) -> Act:
        """Change the text, or the caption, of one's own message."""
        message = at.message(number)
        if message.wire["from"]["id"] != at.author.id or message.inline_id:
            raise PersonError("people edit their own messages only")
        plain, entities = parse(text)
        kind, marks = ("text", "entities") if "text" in message.wire else ("caption", "caption_entities")
        message.wire = message.wire | {
            kind: plain,
            marks: entities,
            "edit_date": int(self._world.clock.now()),
        }
        self._world.touch(at.room, message)
        if not hears(self._world, at.room, message.wire):
            return Act([], [number])
        update_id = self._world.updates.add(at.author.id, "edited_message", message.wire, at.room.id)
        return Act([update_id], [number])

    def block(self, person: int, *, blocked: bool) -> Act:
        """Block the bot or let it in again; nothing happens when it is so already."""
        chat = self._world.chat_of(person)
        if chat.account.blocked == blocked:
            return Act()
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        self._world.declare(asdict(replace(chat.account, blocked=blocked)))
        bot = self._world.bot.user()
        body = {
            "chat": chat.account.chat(),
            "from": chat.account.user(),
            "date": int(self._world.clock.now()),
            "old_chat_member": member(bot, before),
            "new_chat_member": member(bot, after),
        }
        return Act([self._world.updates.add(person, "my_chat_member", body)])

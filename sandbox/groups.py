"""Groups, their topics, and the bot's coming and going in them."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from sandbox.chats import Account, Group, GroupRoom, Wire
from sandbox.errors import PersonError
from sandbox.limits import TOPIC_NAME
from sandbox.stands import Act, hears, threaded
from sandbox.state import World

PLACES = ("member", "administrator", "left", "kicked")
TOPIC_COLOR = 7322096
_FIRST_GROUP, _FIRST_SUPERGROUP = -4_000_000_000, -1_002_000_000_000
_FIELDS = frozenset(["id", "title", "type", "forum", "members", "admins", "topics", "bot", "by", "upgrade"])
_ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)


class Groups:
    """Makes and changes groups as the people in them would."""

    def __init__(self, world: World) -> None:
        self._world = world

    def check(self, entry: object) -> None:
        """PersonError when a declaration makes no sense."""
        if not isinstance(entry, dict):
            raise PersonError("every group is a JSON object", status=400)
        if unknown := set(entry) - _FIELDS:
            raise PersonError(f"a group has no field {', '.join(sorted(unknown))}", status=400)
        number, known = entry.get("id"), self._world.groups.get(entry.get("id", 0))
        if number is not None and (not isinstance(number, int) or number >= 0):
            raise PersonError("a group's id is a negative whole number", status=400)
        if known is None and not entry.get("title"):
            raise PersonError("a new group needs a title", status=400)
        if entry.get("bot", "member") not in PLACES:
            raise PersonError(f"bot must be one of {', '.join(PLACES)}", status=400)
        kind = entry.get("type", known.group.type if known else "supergroup")
        forum = entry.get("forum", known.group.forum if known else False)
        if kind not in {"group", "supergroup"} or (forum and kind == "group"):
            raise PersonError("type must be group or supergroup; only a supergroup has topics", status=400)
        members = entry.get("members", known.group.members if known else ())
        for person in {*members, *entry.get("admins", ()), *([entry["by"]] if "by" in entry else ())}:
            self._world.chat_of(person)
        if not members:
            raise PersonError("a group needs members", status=400)
        if entry.get("topics") and not forum:
            raise PersonError("only a forum has topics", status=400)
        _check_upgrade(entry, known)

    def declare(self, entry: Wire) -> tuple[GroupRoom, Act]:
        """Add a checked group or change what is named; the bot's place, when it changes, is an update."""
        known = self._world.groups.get(entry.get("id", 0))
        group = known.group if known else Group(entry.get("id") or self._new_id(entry), entry["title"])
        simple: Wire = {name: entry[name] for name in ("title", "type", "forum") if name in entry}
        people: Wire = {name: tuple(entry[name]) for name in ("members", "admins") if name in entry}
        room = self._world.keep_group(replace(group, **simple, **people))
        by = self._world.chat_of(entry.get("by") or room.group.members[0]).account
        if entry.get("upgrade"):
            return self.upgrade(room, by)
        # A group one makes for a bot has the bot in it, unless said otherwise.
        act = self.move_bot(room, entry.get("bot", "" if known else "member"), by)
        for name in entry.get("topics", ()):
            if name not in room.group.topics.values():
                act.update_ids += self.add_topic(room, str(name), by).update_ids
        return room, act

    def _new_id(self, entry: Wire) -> int:
        first = _FIRST_GROUP if entry.get("type") == "group" else _FIRST_SUPERGROUP
        return first - self._world.next("group")

    def move_bot(self, room: GroupRoom, place: str, by: Account | None) -> Act:
        """Let the bot in, promote it, or put it out; ``by`` nobody the bot leaves by itself."""
        before = room.group.bot or "left"
        if not place or place == before:
            return Act()
        had, actor = room.group.has_bot, by.user() if by else self._world.bot.user()
        self._world.keep_group(replace(room.group, bot=place))
        body = {
            "chat": room.group.chat(),
            "from": actor,
            "date": int(self._world.clock.now()),
            "old_chat_member": member(self._world.bot.user(), before),
            "new_chat_member": member(self._world.bot.user(), place),
        }
        who = by.id if by else room.id
        act = Act([self._world.updates.add(who, "my_chat_member", body, room.id)])
        if by and room.group.has_bot and not had:
            act.update_ids += self._serve(room, {"new_chat_members": [self._world.bot.user()]}, by)
        return act

    def upgrade(self, room: GroupRoom, by: Account) -> tuple[GroupRoom, Act]:
        """Make a group a supergroup: it gets another number, and both say so."""
        old = room.group
        number = _FIRST_SUPERGROUP - self._world.next("group")
        new = self._world.keep_group(replace(old, id=number, type="supergroup"))
        update_ids = self._serve(room, {"migrate_to_chat_id": number}, by)
        update_ids += self._serve(new, {"migrate_from_chat_id": old.id}, by)
        self._world.keep_group(replace(old, upgraded=number))
        return new, Act(update_ids)

    def add_topic(self, room: GroupRoom, name: str, by: Account | None) -> Act:
        """Open a topic, by a person or by the bot; its number is that of the message that says so."""
        if not 1 <= len(name) <= TOPIC_NAME:
            raise PersonError(f"a topic's name has 1 to {TOPIC_NAME} characters", status=400)
        thread = room.last_message_id + 1
        self._world.keep_group(replace(room.group, topics=room.group.topics | {str(thread): name}))
        said = {"forum_topic_created": {"name": name, "icon_color": TOPIC_COLOR}}
        return Act(self._serve(room, said | threaded(room, thread), by), [thread])

    def _serve(self, room: GroupRoom, content: Wire, by: Account | None) -> list[int]:
        message = self._world.post(room, content, by)
        if by is None or not hears(self._world, room, message.wire):
            return []
        return [self._world.updates.add(by.id, "message", message.wire, room.id)]

    def view(self, room: GroupRoom) -> Wire:
        """A group for the control API."""
        return asdict(room.group)


def _check_upgrade(entry: Wire, known: GroupRoom | None) -> None:
    fits = known is not None and known.group.type == "group" and not known.group.upgraded
    if entry.get("upgrade") and not fits:
        raise PersonError("only a known group that is no supergroup can be upgraded", status=400)


def status_of(group: Group, person: int) -> str:
    """What a person is in a group; the first member made it."""
    if person not in group.members:
        return "left"
    if person == group.members[0]:
        return "creator"
    return "administrator" if person in group.admins else "member"


def member(user: Wire, status: str) -> Wire:
    """A ChatMember."""
    found: dict[str, Any] = {"status": status, "user": user}
    if status == "kicked":
        found["until_date"] = 0
    elif status == "creator":
        found["is_anonymous"] = False
    elif status == "administrator":
        found |= dict.fromkeys(_ADMIN_RIGHTS, True)
        found |= {"can_be_edited": False, "is_anonymous": False, "can_promote_members": False}
    return found

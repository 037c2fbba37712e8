"""Inline mode: what people ask after the bot's name in any chat, the bot's answers, and what is sent of them.

Answers are kept for their ``cache_time``, for everybody unless ``is_personal``, as Telegram keeps them:
the same question is then answered without the bot.
"""

from __future__ import annotations

from sandbox.chats import GroupRoom, Message, Room, Wire
from sandbox.desk import Question
from sandbox.errors import QUERY_TOO_OLD, PersonError, bad_request
from sandbox.limits import INLINE_QUERY
from sandbox.stands import Act, Stand, hears, threaded
from sandbox.state import World

_KEPT = 1000


def ask_inline(world: World, person: int, body: Wire) -> Act:
    """Type the bot's name and a query; with ``offset`` the page after the first."""
    if not world.settings.inline:
        raise PersonError("the bot has no inline mode: the setting «inline» is off")
    account, desk = world.chat_of(person).account, world.inline
    query, offset = str(body.get("query", "")), str(body.get("offset", ""))
    if len(query) > INLINE_QUERY:
        raise PersonError(f"an inline query has at most {INLINE_QUERY} characters", status=400)
    now = world.clock.now()
    question = Question(f"{person}8{world.next('inline'):08d}", person, query, offset, now)
    desk.questions[question.id] = question
    for old in list(desk.questions)[:-_KEPT]:
        del desk.questions[old]
    for whose in (person, 0):
        until, answer = desk.kept.get((query, offset, whose), (0.0, None))
        if answer is not None and now < until:
            question.answer = answer
            return Act(query_id=question.id)
    there = world.room(int(body.get("chat_id") or person))
    kind = there.group.type if isinstance(there, GroupRoom) else "sender"
    wire = {"id": question.id, "from": account.user(), "query": query, "offset": offset, "chat_type": kind}
    return Act([world.updates.add(person, "inline_query", wire)], query_id=question.id)


def answer(world: World, query_id: str, given: Wire, cache_time: int, *, personal: bool) -> None:
    """Take the bot's one answer to a question that is not too old."""
    question, age, now = world.inline.questions.get(query_id), world.settings.query_age, world.clock.now()
    if question is None or question.answer is not None or (age and now - question.at > age):
        raise bad_request(QUERY_TOO_OLD)
    question.answer = given
    key = (question.query, question.offset, question.person if personal else 0)
    world.inline.kept[key] = (now + cache_time, given)
    world.inline.answered.ring()


def choose(world: World, at: Stand, body: Wire) -> Act:
    """Send one of the results into the chat one is in."""
    question = world.inline.of(str(body.get("query_id", "")))
    results = (question.answer or {"results": []})["results"]
    wanted = str(body.get("result_id", ""))
    if question.person != at.author.id:
        raise PersonError("people choose from the answers to their own queries only")
    result = next((result for result in results if result["id"] == wanted), None)
    if result is None:
        known = ", ".join(result["id"] for result in results) or "none"
        raise PersonError(f"there is no result «{wanted}»; the results: {known}", status=404)
    content = threaded(at.room, at.thread) | result["content"] | {"via_bot": world.bot.user()}
    if "reply_markup" in result:
        content["reply_markup"] = result["reply_markup"]
    message = world.post(at.room, content, at.author)
    if "reply_markup" in result:
        # Only what has buttons can be changed later.
        message.inline_id = f"AgAAAI{world.next('inline-message'):010d}"
        world.touch(at.room, message)
    act = Act([], [message.message_id])
    if world.settings.inline_feedback:
        chosen = {"result_id": wanted, "from": at.author.user(), "query": question.query}
        named = {"inline_message_id": message.inline_id} if message.inline_id else {}
        act.update_ids.append(world.updates.add(at.author.id, "chosen_inline_result", chosen | named))
    if hears(world, at.room, message.wire):
        act.update_ids.append(world.updates.add(at.author.id, "message", message.wire, at.room.id))
    return act


def find_inline(world: World, inline_id: str) -> tuple[Room, Message]:
    """A message that was sent via inline mode; else Telegram's refusal."""
    for room in world.rooms():
        for message in room.messages.values():
            if message.inline_id and message.inline_id == inline_id and not message.deleted:
                return room, message
    raise bad_request("MESSAGE_ID_INVALID")

"""The bot's lists of commands, by scope and language, and which of them a person sees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.errors import bad_request
from sandbox.limits import COMMAND_DESCRIPTION, COMMAND_NAME, COMMANDS
from sandbox.params import Params
from sandbox.state import Account, GroupRoom, Wire, World

_SCOPES = frozenset(
    [
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ],
)


def _key(world: World, params: Params) -> str:
    """Under which name the list of a scope and language is kept."""
    scope = params.json("scope", "BotCommandScope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    place = kind
    if kind.startswith("chat"):
        place = f"{kind}:{world.known(str(scope.get('chat_id', ''))).id}"
    if kind == "chat_member":
        place += f":{world.known(str(scope.get('user_id', ''))).id}"
    return f"{place}/{params.text('language_code')}"


def _checked(commands: Any) -> list[Wire]:  # noqa: ANN401 - straight from JSON
    if not isinstance(commands, list) or not all(isinstance(command, dict) for command in commands):
        raise bad_request("can't parse commands JSON object")
    if len(commands) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    checked = []
    for command in commands:
        name, description = (
            str(command.get("command", "")).removeprefix("/"),
            str(command.get("description", "")),
        )
        if not COMMAND_NAME.fullmatch(name):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= COMMAND_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        checked.append({"command": name, "description": description})
    return checked


def set_my_commands(world: World, params: Params) -> bool:
    """Replace the list of one scope and language."""
    key = _key(world, params)
    world.commands[key] = _checked(params.json("commands", "commands"))
    world.store.put("commands", key, world.commands[key])
    _tell(world)
    return True


def get_my_commands(world: World, params: Params) -> list[Wire]:
    """The list of exactly one scope and language."""
    return world.commands.get(_key(world, params), [])


def delete_my_commands(world: World, params: Params) -> bool:
    """Forget the list of one scope and language, so that a wider one shows again."""
    key = _key(world, params)
    if world.commands.pop(key, None) is not None:
        world.store.delete("commands", key)
        _tell(world)
    return True


def _tell(world: World) -> None:
    world.ring()


def commands_for(world: World, account: Account) -> list[Wire]:
    """What a person's command menu shows: the narrowest list set, their language first."""
    places = (f"chat:{account.id}", "all_private_chats", "default")
    return _narrowest(world, places, (account.language_code, ""))


def commands_in(world: World, room: GroupRoom) -> list[Wire]:
    """What the command menu of a group shows to its members."""
    return _narrowest(world, (f"chat:{room.id}", "all_group_chats", "default"), ("",))


def _narrowest(world: World, places: Iterable[str], languages: Iterable[str]) -> list[Wire]:
    for place in places:
        for language in dict.fromkeys(languages):
            found = world.commands.get(f"{place}/{language}")
            if found:
                return found
    return []

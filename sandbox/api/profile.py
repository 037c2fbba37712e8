"""Who the bot is and how it presents itself; who a chat is."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.errors import bad_request
from sandbox.params import Params
from sandbox.state import GroupRoom, Wire, World


def accepted(_: World, __: Params) -> bool:
    """Nothing to do here, and nothing wrong with it."""
    return True


def get_me(world: World, _: Params) -> Wire:
    """The bot itself."""
    return world.bot.user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.settings.privacy,
        "supports_inline_queries": world.settings.inline,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(world: World, params: Params) -> Wire:
    """A chat, with the fields a full one cannot lack."""
    room = world.known(params.text("chat_id"))
    if isinstance(room, GroupRoom):
        world.writable(params.text("chat_id"))
    return room.place.chat() | {
        "accent_color_id": room.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def setter(field: str) -> Callable[[World, Params], bool]:
    """A method that keeps one text of the profile, by language."""

    def set_field(world: World, params: Params) -> bool:
        key = f"{field}/{params.text('language_code')}"
        world.profile[key] = params.text(field)
        world.store.put("profile", key, params.text(field))
        return True

    return set_field


def getter(field: str) -> Callable[[World, Params], Wire]:
    """A method that gives one text of the profile, by language."""

    def get_field(world: World, params: Params) -> Wire:
        kept = world.profile.get(f"{field}/{params.text('language_code')}")
        default = world.bot.name if field == "name" else ""
        return {field: kept or world.profile.get(f"{field}/") or default}

    return get_field


def _menu_key(world: World, params: Params) -> str:
    chat_id = params.text("chat_id")
    return f"menu/{world.known(chat_id).id if chat_id else ''}"


def set_chat_menu_button(world: World, params: Params) -> bool:
    """The button beside the text box, of one chat or of all."""
    key = _menu_key(world, params)
    button = params.json("menu_button", "menu button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("unsupported menu button type")
    world.profile[key] = button
    world.store.put("profile", key, button)
    return True


def get_chat_menu_button(world: World, params: Params) -> Wire:
    """The button of one chat, or the one for all."""
    found: Wire = (
        world.profile.get(_menu_key(world, params))
        or world.profile.get("menu/")
        or {"type": "commands" if world.commands else "default"}
    )
    return found

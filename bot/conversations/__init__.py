"""The dialogues, in the order in which they are asked whether an update is theirs.

A person is in one of them at a time: whichever answers ends the others.
"""

from bot.context import Dialogue
from bot.conversations import (
    assign,
    away,
    binding,
    board,
    bulk,
    cards,
    change,
    claims,
    correct,
    find,
    forecast,
    importing,
    invite,
    last,
    lists,
    menu,
    new_client,
    new_object,
    note,
    people,
    times,
)
from bot.groups import GroupHandler, any_press


def build() -> list[Dialogue]:
    """All dialogues. ``last`` stands last: it answers whatever nobody else did."""
    family: list[Dialogue] = []
    for module in (
        menu, lists, board, bulk, cards, claims, change, note, new_object, new_client, correct,
        assign, invite, people, times, importing, binding, away, forecast, find, last,
    ):  # fmt: skip
        module.build(family)
    return family


def in_groups() -> list[GroupHandler]:
    """What is answered in groups. No dialogue is asked what happens there, so these stand before them."""
    modules = (binding, claims)
    return [*(handler for module in modules for handler in module.in_groups()), any_press(last.elsewhere)]

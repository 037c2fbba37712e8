"""The dialogues, in the order in which they are asked whether an update is theirs.

A person is in one of them at a time: whichever answers ends the others.
"""

from bot.context import Dialogue
from bot.conversations import change, find, ways


def build() -> list[Dialogue]:
    """All dialogues; what nobody else answers, the last one does."""
    family: list[Dialogue] = []
    for module in (ways, change, find):
        module.build(family)
    ways.build_last(family)
    return family

"""Short answers that belong to no dialogue."""

from bot.screens import Screen
from bot.texts import gettext as _
from bot.texts import ngettext
from bot.texts.words import refusal
from domain.process import Reason


def stranger() -> Screen:
    """All that somebody who was not invited hears."""
    return Screen(
        _(
            "This bot is for invited people. The company that looks after your machines can send you"
            " an invitation."
        )
    )


def apology() -> Screen:
    """After something failed for good."""
    return Screen(_("That did not work, and it is our fault. Nothing was changed. /start shows your menu."))


def people_told(done: str, told: int) -> str:
    """What was done, and how many people hear of it."""
    if not told:
        return done
    return f"{done} " + ngettext("{n} person is told.", "{n} people are told.", told).format(n=told)


def refusal_toast(reason: Reason) -> str:
    """Why something was refused, short enough for a window over the chat."""
    return refusal(reason)

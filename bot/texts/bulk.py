"""Words for what became of one object of many."""

from bot.texts import N_
from bot.texts import gettext as _
from bot.texts.words import refusal
from domain.process import Reason
from storage.bulk_tables import Outcome

_OUTCOMES = {
    Outcome.CHANGED: N_("changed"),
    Outcome.SAME: N_("it was so already"),
    Outcome.REFUSED: N_("refused"),
    None: N_("waits"),
}

_REASONS = {
    "UNKNOWN": N_("No machine of yours has this number."),
    "SEVERAL": N_("Machines of several clients have this number: filter the list by client first."),
    "FAILED": N_("That did not work, and it is our fault."),
}


def outcome_name(outcome: Outcome | None) -> str:
    """What became of an object, in a word or two."""
    return _(_OUTCOMES[outcome])


def outcome_reason(reason: str) -> str:
    """Why an object was refused."""
    return _(_REASONS[reason]) if reason in _REASONS else refusal(Reason[reason])

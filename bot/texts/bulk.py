"""Words for what became of one object of many."""

from bot.texts import N_
from bot.texts import gettext as _
from bot.texts.words import refusal, status_name
from domain.imports import Fault
from domain.process import Reason
from storage.bulk_tables import Outcome

_OUTCOMES = {
    Outcome.CHANGED: N_("changed"),
    Outcome.SAME: N_("it was so already"),
    Outcome.REFUSED: N_("refused"),
    None: N_("waits"),
}

_REASONS: dict[str, str] = {
    "UNKNOWN": N_("No machine of yours has this number."),
    "SEVERAL": N_("Machines of several clients have this number: filter the list by client first."),
    Fault.FORMULA: N_("This is computed: copy the column and paste it as values."),
    Fault.ERROR: N_("This is an error of the spreadsheet: type the number anew."),
    Fault.CUT: N_("The spreadsheet shortened this: make the column text and type the number anew."),
    Fault.DATE: N_("The spreadsheet made a date of this: make the column text and type the number anew."),
    Fault.TOO_LONG: N_("This is too long for a number."),
    "FAILED": N_("That did not work, and it is our fault."),
}


def outcome_name(outcome: Outcome | None) -> str:
    """What became of an object, in a word or two."""
    return _(_OUTCOMES[outcome])


def failed() -> str:
    """Something went wrong that nobody could help."""
    return _(_REASONS["FAILED"])


def outcome_reason(reason: str, status: str | None = None) -> str:
    """Why an object was refused; ``status`` is what it has now, where that was to be changed."""
    why = _(_REASONS[reason]) if reason in _REASONS else refusal(Reason[reason])
    return _("{why} It is {status} now.").format(why=why, status=status_name(status)) if status else why

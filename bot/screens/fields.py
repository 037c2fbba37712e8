"""The fields of an object, one question each: in a new object and in a correction."""

from bot.buttons import Open
from bot.screens import Key, Keyboard, Screen, esc
from bot.services.objects import LENGTHS
from bot.texts import N_, ngettext
from bot.texts import gettext as _
from bot.texts.words import field_name, refusal
from domain.process import Kind, Reason
from storage.tables import ObjectRecord

_QUESTIONS = {
    "number": N_("Send the machine's number, as the client calls it, such as T-17."),
    "name": N_("What is it? Such as John Deere 8R."),
    "plate": N_("Send the number plate."),
    "vin": N_("Send the VIN, or the serial number."),
    "contact": N_("Whom does one call on site? A name and a phone number."),
    "address": N_("Where does it stand? Send the address or the name of the place."),
    "terminal": N_("Send the terminal's number (IMEI), as it stands on its label."),
    "position": N_("Send the place: 📎 → Location, or type it like 50.45, 30.52."),
}


def question(field: str) -> str:
    """What is asked about a field."""
    return _(_QUESTIONS[field])


def problem_of(field: str, reason: Reason) -> str:
    """What is wrong with what was typed, and what would be right."""
    if reason is Reason.ALREADY_EXISTS:
        return _("The client has a machine of this number already. Open it, or send another number.")
    if reason is not Reason.BAD_VALUE:
        return refusal(reason)
    if field == "terminal":
        return _("A terminal's number has 4 to 32 digits and Latin letters. Please check it.")
    if field == "position":
        return _("This is no place I can read. Send a location, or type latitude and longitude.")
    limit = LENGTHS[field]
    return ngettext(
        "Please send a text of 1 to {n} character.", "Please send a text of 1 to {n} characters.", limit
    ).format(n=limit)


def with_problem(screen: Screen, problem: str, other: ObjectRecord | None = None) -> Screen:
    """The same question again, with what was wrong on top; ``other`` has that number already."""
    above: Keyboard = ()
    if other is not None:
        key = Key(_("Open {number}").format(number=other.number), Open(Kind.OBJECT, other.id or 0))
        above = ((key,),)
    return Screen(f"⚠️ {esc(problem)}\n\n{screen.text}", above + screen.keyboard)


def known(values: dict[str, str]) -> str:
    """The fields that are known, a line each."""
    return "\n".join(f"{field_name(field)}: {esc(value)}" for field, value in values.items() if value)

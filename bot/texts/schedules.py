"""Times, working hours, holidays and quiet hours in words; what is wrong with a setting of them."""

from collections.abc import Iterable

from bot.texts import N_
from bot.texts import gettext as _
from domain.spans import MOST_DAYS, MOST_HOURS, Fault

_FAULTS = {
    Fault.SPAN: N_(
        "«{what}» is no length of time: write 5 d, 36 h, 1 d 12 h, 3 working days or 6 working h."
    ),
    Fault.SPAN_TOO_LONG: N_("«{what}» is too long: {days} days or {hours} hours at most."),
    Fault.PAIR: N_("«{what}» has one time: write the main and the urgent time, such as 3 d / 7 d."),
    Fault.NOT_LATER: N_(
        "«{what}»: the urgent time has to end an hour after the main time at least, whenever they begin;"
        " such as 3 d / 7 d."
    ),
    Fault.CLIENT_RIGHT: N_(
        "«{what}»: Verified is urgent after 8 days of 24 hours, always: write a main time that is"
        " shorter, such as 5 d."
    ),
    Fault.NO_DEADLINE: N_("«{what}» has no deadline: it is permanent."),
    Fault.WEEK: N_("«{what}» are no working hours: write Mon-Fri 09:00-13:00 14:00-18:00; Sat 10:00-14:00."),
    Fault.DAY_TWICE: N_("«{what}» is there twice: write all hours of a day in one place."),
    Fault.OVER_MIDNIGHT: N_(
        "«{what}» does not end on the day on which it begins: work at night is two intervals, 22:00-24:00"
        " and 00:00-06:00 of the next day."
    ),
    Fault.OVERLAP: N_("The hours {what} overlap: write each hour once."),
    Fault.WEEK_TOO_SHORT: N_("A week needs 5 working hours at least, such as Mon-Fri 09:00-18:00."),
    Fault.CLOCK: N_("«{what}» is no time of the day: write 09:00, for example."),
    Fault.QUIET: N_("Quiet hours have a beginning and another end: write 22:00-07:00, for example."),
    Fault.NEEDED: N_("This cannot be without a value."),
    Fault.TOO_LONG: N_("That is longer than any setting: «{what}»."),
    Fault.ZONE: N_("There is no time zone «{what}»; one is called Europe/Kyiv, for example."),
    Fault.COUNTRY: N_(
        "The public holidays of «{what}» are not known: write a country's two letters, such as UA, or a part"
        " of one, such as DE-BY."
    ),
    Fault.SUBDIVISION: N_("There is no such part of the country. Those that there are: {what}."),
    Fault.DAY_OFF: N_("«{what}» is no day: write 2026-12-31, for example."),
    Fault.DAYS_OFF: N_("{what} days off are too many: 500 at most."),
}


def fault(what: Fault, where: str) -> str:
    """Why a setting cannot be used, with what would be right."""
    shown = " ".join(where.split())
    shown = f"{shown[:60]}…" if len(shown) > 60 and what is not Fault.SUBDIVISION else shown  # noqa: PLR2004  # fits a line
    return _(_FAULTS[what]).format(what=shown, days=MOST_DAYS, hours=MOST_HOURS)


# --- the file of times


def wrong_file(path: str, key: str, line: str) -> str:
    """The one line about a wrong file."""
    place = f"{path}: {key}" if key else path
    return _("GREENLIGHT_TIMES {place}: {line}").format(place=place, line=line)


def no_file(reason: str) -> str:
    """It cannot be read."""
    return _("cannot be read: {reason}").format(reason=reason)


def no_toml(reason: str) -> str:
    """It is not TOML."""
    return _("is no TOML file: {reason}. «greenlight deadlines --example» prints one.").format(reason=reason)


def unknown_key(known: Iterable[str]) -> str:
    """Something that has no meaning there."""
    return _("is unknown; here one may set {known}.").format(known=", ".join(known))


def no_section() -> str:
    """A value in place of a section."""
    return _("has to be a section.")


def no_text() -> str:
    """Something else in place of a text."""
    return _('has to be a text, in quotation marks, such as "5 d".')


def no_texts() -> str:
    """Something else in place of a list of texts."""
    return _('has to be a list of texts, such as ["09:00-18:00"].')


def no_days() -> str:
    """Something else in place of a list of days."""
    return _('has to be a list of days, such as ["2026-12-31", "2027-01-02"].')


def no_switch() -> str:
    """Something else in place of true or false."""
    return _("has to be true or false.")


def no_hours() -> str:
    """Something else in place of a number of hours."""
    return _("has to be a number of hours from 1 to 72, such as 4.")


def half_quiet() -> str:
    """Only one end of the quiet hours."""
    return _('needs both ends: from = "22:00" and to = "07:00".')

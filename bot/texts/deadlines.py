"""What ``greenlight deadlines`` says, and a file of times to begin with."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.texts import N_
from bot.texts import gettext as _
from bot.texts import ngettext as _n
from bot.texts.times import full_day

HELP = N_("Show the times in force: deadlines, working hours, holidays, quiet hours, and who set each.")
HELP_CLIENT = N_("As they hold for this client.")
HELP_EXAMPLE = N_("Print a file of times with everything that may be set, for GREENLIGHT_TIMES.")
HELP_JSON = N_("For other programs.")

COLUMNS = (N_("status"), N_("main time"), N_("urgent time"), N_("set by"))
COLUMNS_REST = (N_("setting"), N_("value"), N_("set by"))
NEXT_HOLIDAYS = N_("The next of them")
DAYS_OFF = N_("Days off")
CLAIM = N_("«I take it» lasts")

EXAMPLE = """\
# The times of Greenlight. Name this file in GREENLIGHT_TIMES and start the bot again.
# Everything may be left out; what stands here behind # is what holds then.

# The main time (then an object turns yellow) and the urgent time (red), from the moment the status is set.
# 5 d · 36 h · 1 d 12 h are plain time, a day being 24 hours; 3 working days · 6 working h are working time.
[times]
# New = "5 d / 10 d"
# Equipped = "1 d / 3 d"
# Verified = "5 d"              # red after 8 days of 24 hours, always: then the client's right to answer ends
# Faulty = "7 d / 14 d"
# Diagnostics = "2 d / 4 d"
# Service = "3 d / 7 d"
# Dismantling = "2 d / 5 d"
# Installation = "1 d / 3 d"
# "Additional order" = "3 d / 7 d"
# Serviced = "1 d / 3 d"
# Blocked = "30 d / 60 d"
# Request = "1 d / 3 d"         # a client's open request: Out of service
Service = "3 working days / 7 working days"

# What working time is. Partners and clients may have hours of their own, which are set in chat.
[calendar]
time_zone = "Europe/Kyiv"       # left out: each client's own
holidays = "UA"                 # a country, or a part of one: "DE-BY"; left out: none
days_off = ["2026-12-31"]       # days off of your own, for everybody, beside the public holidays

[calendar.hours]                # left out: Mon-Fri 09:00-18:00
"Mon-Fri" = ["09:00-13:00", "14:00-18:00"]
"Sat" = ["10:00-14:00"]

# The morning's digest of what waits, in the time zone of each organisation.
[digest]
# at = "09:00"

# When nobody is written to; what falls into them comes with the digest. Left out: no quiet hours.
[quiet]
from = "21:00"
to = "07:00"
# red_passes = false            # true: an escalation is said in the quiet hours, too

# How long whoever presses «I take it» has an object for themselves.
[claims]
# hours = 4
"""


def title(client: str | None) -> str:
    """What the table shows."""
    if client is None:
        return _("Times of the deployment")
    return _("Times of {client}").format(client=client)


def days_off(coming: Sequence[date], shown: int) -> str:
    """The next of the days off that the file names."""
    if not coming:
        return _("all of them are past")
    named = [full_day(day) for day in coming[:shown]]
    if len(coming) > shown:
        named.append(f"+{len(coming) - shown}")
    return ", ".join(named)


def hours(length: timedelta) -> str:
    """A number of hours."""
    number = length // timedelta(hours=1)
    return _n("{n} hour", "{n} hours", number).format(n=number)


def explanation() -> str:
    """What the numbers mean."""
    return _(
        "After the main time an object is yellow, after the urgent time red. A day (d) is 24 hours; working"
        " days and hours are counted by the working hours, without public holidays and days off. Statuses"
        " that are not here are permanent. A client's times are set in chat: More, Times. The file for all:"
        " GREENLIGHT_TIMES."
    )


def file_changed() -> str:
    """The file says something else than the bot goes by."""
    return _("GREENLIGHT_TIMES says something else now: start the bot again to put it in force.")

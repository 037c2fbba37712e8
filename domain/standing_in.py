"""Who stands in for whom when those who stand in are away themselves."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.process import Reason, Refused

LONGEST = timedelta(days=366)
"""The longest absence: whoever is away for longer is removed, or says so again."""


def checked_until(until: datetime, now: datetime) -> datetime:
    """When an absence ends; ``Refused`` when that is over already, or too far ahead."""
    if until <= now:
        raise Refused(Reason.IN_THE_PAST)
    if until - now > LONGEST:
        raise Refused(Reason.TOO_FAR_AHEAD)
    return until


def stand_in_for(person_id: int, absences: Mapping[int, int | None]) -> int | None:
    """Who takes what comes for this person: themselves, or whom they and their stand-ins have named.

    ``absences`` has everybody who is away, with whom they have named. None: nobody, because the last
    of the chain has named nobody, or because the chain leads back to somebody who is away.
    """
    met: set[int] = set()
    taker: int | None = person_id
    while taker is not None and taker in absences:
        if taker in met:
            return None
        met.add(taker)
        taker = absences[taker]
    return taker


def stood_in_by(person_id: int, absences: Mapping[int, int | None]) -> list[int]:
    """Those who are away and whose things come to this person, directly or along a chain."""
    return [away for away in absences if away != person_id and stand_in_for(away, absences) == person_id]

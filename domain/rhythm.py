"""When somebody may be spoken to: quiet hours, and the digest in the local morning."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = timedelta(hours=4)
"""A digest that follows the end of the quiet hours within this takes up what fell into them."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The local day of an organisation. ``quiet`` begins and ends at a local time, over midnight or not.

    ``red_passes``: an escalation is said in the quiet hours, too.
    """

    time_zone: str = "UTC"
    digest: time = time(9)
    quiet: tuple[time, time] | None = None
    red_passes: bool = False

    def is_quiet(self, now: datetime) -> bool:
        """Whether nothing is said at this moment."""
        if self.quiet is None:
            return False
        begins, ends = self.quiet
        local = now.astimezone(ZoneInfo(self.time_zone)).time()
        if begins <= ends:
            return begins <= local < ends
        return local >= begins or local < ends

    def next_digest(self, after: datetime) -> datetime:
        """The first moment of a digest after this one, in UTC.

        A digest whose time falls into the quiet hours comes at their end.
        """
        at = self.digest
        if self.quiet is not None and _within(at, *self.quiet):
            at = self.quiet[1]
        return self._next(at, after)

    def next_morning(self, now: datetime) -> datetime:
        """The first digest of a later local day: whoever got one today gets no other."""
        tomorrow = now.astimezone(ZoneInfo(self.time_zone)).date() + timedelta(days=1)
        return self.next_digest(self._moment(tomorrow, time.min) - timedelta.resolution)

    def speaks_at(self, now: datetime, *, red: bool = False) -> datetime:
        """When something that is to be said now may be said: now, or what ends the quiet hours.

        That is the morning's digest if it follows within ``MORNING``, else their end itself.
        """
        if self.quiet is None or not self.is_quiet(now) or (red and self.red_passes):
            return now
        ends = self._next(self.quiet[1], now)
        digest = self.next_digest(ends - timedelta(microseconds=1))
        return digest if digest - ends <= MORNING else ends

    def _next(self, at: time, after: datetime) -> datetime:
        day = after.astimezone(ZoneInfo(self.time_zone)).date()
        return next(
            moment
            for moment in (self._moment(day + timedelta(days=days), at) for days in range(-1, 4))
            if moment > after
        )

    def _moment(self, day: date, at: time) -> datetime:
        # An hour that a clock change leaves out is the one after it; of one that comes twice, the first.
        return datetime.combine(day, at, ZoneInfo(self.time_zone)).astimezone(UTC)


def _within(at: time, begins: time, ends: time) -> bool:
    return begins <= at < ends if begins <= ends else at >= begins or at < ends

"""When a length of time is over: plain time, or the working time of a calendar.

Working time follows a local clock that is never put back: an hour that a change of the clocks leaves out
has no length, and one that comes twice belongs to what its end belongs to.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from domain.hours import OFFICE_WEEK, Week
from domain.spans import Span

FAR = 20 * 366
"""Days that are looked at; the longest span in the shortest week with holidays needs fewer than half."""


class NoWorkingTime(Exception):  # noqa: N818  # named by what is so
    """A calendar has no working time for years: then its holidays are not what they should be."""


Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working hours of a week, in a time zone, but for holidays."""

    time_zone: str
    week: Week
    is_holiday: Callable[[date], bool]

    def after(self, since: datetime, span: Span) -> datetime:
        """When the span is over, in UTC.

        Working time begins at the first working moment. A working day leads to the next one at the same
        local time, or what is nearest to it: the end of a pause, the beginning or the end of that day's
        work. Hours pass only while there is work.
        """
        since = since.astimezone(UTC)
        if not span.working:
            return since + span.plain
        at = self._begin(since)
        if span.days:
            at = self._days_on(at, span.days)
        return self._hours_on(at, timedelta(hours=span.hours))

    def local_day(self, at: datetime) -> date:
        """Which day it is there."""
        return self._local(at).date()

    def works_on(self, day: date) -> bool:
        """Whether that is a working day."""
        return bool(self.week[day.weekday()]) and not self.is_holiday(day)

    def _begin(self, since: datetime) -> datetime:
        for begins, ends in self._work_from(self.local_day(since)):
            if since < ends:
                return max(since, begins)
        raise NoWorkingTime

    def _days_on(self, at: datetime, days: int) -> datetime:
        local = self._local(at)
        wall = local - datetime.combine(local.date(), time())
        target = next(islice(self._working_days(local.date()), days, None))
        day, stretches = next(self._days_of_work(target))
        wanted = self._moment(day, wall)
        for begins, ends in stretches:
            if wanted <= ends:
                return max(wanted, begins)
        return stretches[-1][1]

    def _hours_on(self, at: datetime, left: timedelta) -> datetime:
        if not left:
            return at
        for begins, ends in self._work_from(self.local_day(at)):
            from_here = max(begins, at)
            if left <= ends - from_here:
                return from_here + left
            left -= max(ends - from_here, timedelta())
        raise NoWorkingTime

    def _work_from(self, day: date) -> Iterator[Stretch]:
        return (stretch for _day, stretches in self._days_of_work(day) for stretch in stretches)

    def _days_of_work(self, first: date) -> Iterator[tuple[date, list[Stretch]]]:
        """The working days that have any working time, with it."""
        for day in self._working_days(first):
            if stretches := self._stretches(day):
                yield day, stretches

    def _working_days(self, first: date) -> Iterator[date]:
        for number in range(FAR):
            day = first + timedelta(days=number)
            if self.works_on(day):
                yield day
        raise NoWorkingTime

    def _stretches(self, day: date) -> list[Stretch]:
        found = [
            (self._moment(day, timedelta(minutes=one.begins)), self._moment(day, timedelta(minutes=one.ends)))
            for one in self.week[day.weekday()]
        ]
        return [(begins, ends) for begins, ends in found if begins < ends]

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.time_zone)).replace(tzinfo=None)

    def _moment(self, day: date, wall: timedelta) -> datetime:
        """The first moment at which the local clock shows that time of that day, or a later one."""
        zone = ZoneInfo(self.time_zone)
        local = datetime.combine(day, time()) + wall
        at = local.replace(tzinfo=zone).astimezone(UTC)
        if self._local(at) == local:
            return at
        # The clocks are put forward over that time: what is looked for is the change, on a full second.
        before = local.replace(tzinfo=zone, fold=1, microsecond=0).astimezone(UTC)
        low, high = 0, int((at - before).total_seconds())
        while low < high:
            middle = (low + high) // 2
            if self._local(before + timedelta(seconds=middle)) >= local:
                high = middle
            else:
                low = middle + 1
        return before + timedelta(seconds=low)


def no_holidays(_day: date) -> bool:
    """A calendar without holidays."""
    return False


PLAIN = Calendar("UTC", OFFICE_WEEK, no_holidays)
"""The calendar as long as nobody has said anything."""

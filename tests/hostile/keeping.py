"""What people say of themselves and set, said a second time: absences, groups, claims, settings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.roles import OrganisationKind, Role
from tests.hostile.facts import Columns, Facts, Person

YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Keeping:
    """What came between two moments, and by whom; ``group_news``: Telegram said something of a group."""

    before: Facts
    after: Facts
    authors: Sequence[Person]
    now: datetime
    group_news: bool

    def is_allowed(self) -> None:
        """Each row that is new or another is by somebody who may, and nothing is taken away else."""
        for key, row in self.after.absences.items():
            self._absence(self.before.absences.get(key), row)
        assert self.after.absences.keys() >= self.before.absences.keys(), "an absence is gone"
        for key, row in self.after.claims.items():
            self._claim(self.before.claims.get(key), row)
        assert self.after.claims.keys() >= self.before.claims.keys(), "a claim is gone"
        for key, row in self.after.settings.items():
            known = self.before.settings.get(key)
            assert row == known or (known is None and self._sets(row)), f"a setting by somebody else: {row}"
        assert self.after.settings.keys() >= self.before.settings.keys(), "a setting is gone"
        for key, row in self.after.bound.items():
            self._bound(self.before.bound.get(key), row)
        assert self.group_news or self._may_bind() or self.after.bound.keys() >= self.before.bound.keys(), (
            "a group was let go"
        )

    def nothing_came(self) -> None:
        """Nobody has said anything: all of it is as it was."""
        for was, now in zip(_all(self.before), _all(self.after), strict=True):
            assert was == now

    def _absence(self, was: Columns | None, row: Columns) -> None:
        if row == was:
            return
        absent = self.before.people.get(row["person_id"])
        if was is None:
            assert absent is not None
            assert self._is_author(row["person_id"]), f"somebody else is said to be away: {row}"
            assert row["at"] == self.now < row["until"] <= self.now + YEAR
            assert row["ended_at"] in {None, self.now}
            stand_in = self.before.people.get(row["stand_in_id"])
            assert row["stand_in_id"] is None or stand_in is not None
            assert stand_in is None or stand_in.organisation_id == absent.organisation_id, (
                "a foreign stand-in"
            )
            return
        assert _changed(was, row) == {"ended_at"}
        assert was["ended_at"] is None
        over = row["ended_at"] == row["until"] <= self.now
        taken_out = {row["person_id"], row["stand_in_id"]} & (
            self.before.people.keys() - self.after.people.keys()
        )
        assert over or taken_out or self._is_author(row["person_id"]), f"an absence was ended: {row}"

    def _claim(self, was: Columns | None, row: Columns) -> None:
        if row == was:
            return
        of = self.after.objects[row["object_id"]]
        if was is None:
            fitting = [one for one in self.authors if one.id == row["person_id"] and one.is_staff]
            assert any(self.before.sees(one, of["client_id"]) for one in fitting), f"taken for another: {row}"
            assert row["at"] == self.now < row["until"]
            return
        assert _changed(was, row) == {"ended_at"}
        assert was["ended_at"] is None
        moved = of != self.before.objects.get(row["object_id"])
        lapsed = row["until"] <= self.now
        assert moved or lapsed or self._is_author(row["person_id"]), f"a claim was ended: {row}"

    def _bound(self, was: Columns | None, row: Columns) -> None:
        if row == was:
            return
        if was is not None and self.group_news:
            assert _changed(was, row) == {"chat_id"}
            return
        assert self._may_bind(), f"bound by somebody who may not: {row}"
        if was is None:
            assert self._is_author(row["bound_by"])
            assert row["at"] == self.now
        else:
            assert _changed(was, row) == {"title"}

    def _may_bind(self) -> bool:
        return any(
            one.roles & (Role.MODERATOR | Role.ADMINISTRATOR)
            and one.kind is OrganisationKind.ADMINISTRATIVE_GROUP
            for one in self.authors
        )

    def _sets(self, row: Columns) -> bool:
        return row["at"] == self.now and any(
            one.id == row["person_id"] and Role.ADMINISTRATOR in one.roles for one in self.authors
        )

    def _is_author(self, person_id: int) -> bool:
        return any(one.id == person_id for one in self.authors)


def _changed(was: Columns, row: Columns) -> Collection[str]:
    return {name for name, value in row.items() if value != was[name]}


def _all(found: Facts) -> Sequence[dict[int, Columns]]:
    return (found.absences, found.claims, found.settings, found.bound)

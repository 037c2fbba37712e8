"""Lists of objects: the reddest first, and of one colour those longest in their status.

A list is made in one of two ways. Where the words that are looked for are rare, the index of trigrams looks
all of them up, and they are sorted; so are those of a client that has few objects. Everything else is walked
along an index, colour after colour, until there are enough: the more objects a list has, the sooner they are
met. The indexes hold all that a walk asks (who sees it, its colour, its words), so that no object is read in
vain.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, text
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from domain.deadlines import Colour
from domain.roles import Sight
from storage.columns import unindexed
from storage.object_terms import (
    ObjectFilter,
    Terms,
    colour_at,
    colours_of,
    conditions,
    is_colour,
    met_by_age,
)
from storage.search import NARROW, Search, searching
from storage.tables import ObjectRecord
from storage.windows import mark_of

MANY = 1_000
"""No list counts further: 1,000 objects are that many or more, and shown as «1000+»."""

_DENSE = 1_000
"""So many objects of one colour are met soon enough from the oldest object on; fewer are better sorted."""

_X = ObjectRecord
_OLDEST_FIRST = (col(_X.status_since), col(_X.id))


class ObjectLists:
    """Which objects a list has, by their ids."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(
        self, sight: Sight, wanted: ObjectFilter, now: datetime, *, offset: int = 0, limit: int
    ) -> tuple[int, list[int]]:
        """How many objects a list has, no further than ``MANY``, and the ids of a page of them."""
        until = offset + limit if offset < MANY else 0
        terms = conditions(sight, wanted, now)
        search = self._searching(sight, wanted, terms)
        if search.narrow:
            ids = self._sorted([*terms, search.condition], wanted, now, max(until, MANY))
            return min(len(ids), MANY), ids[offset:until]
        if wanted.query:
            total, counts = self._total(sight, wanted, terms, search), {}
        else:
            counts = self.counts_by_colour(sight, wanted, now)
            total = sum(counts.values())
        if wanted.due is not None:
            return total, self._sorted([*terms, search.condition], wanted, now, until)[offset:]
        return total, self._reddest(terms, search.condition, wanted, now, until, counts)[offset:]

    def ids(self, sight: Sight, wanted: ObjectFilter, now: datetime, limit: int) -> list[int]:
        """The ids of the first objects of a list, in its order."""
        terms = conditions(sight, wanted, now)
        search = self._searching(sight, wanted, terms)
        if search.narrow or wanted.due is not None:
            return self._sorted([*terms, search.condition], wanted, now, limit)
        return self._reddest(terms, search.condition, wanted, now, limit, {})

    def counts_by_colour(self, sight: Sight, wanted: ObjectFilter, now: datetime) -> dict[Colour, int]:
        """How many objects the list has of each colour: the reddest ``MANY`` of a longer one are counted."""
        terms = conditions(sight, wanted, now)
        search = self._searching(sight, wanted, terms)
        terms = [*terms, search.condition]
        counts: dict[Colour, int] = {}
        left = MANY
        for colour in colours_of(wanted):
            counts[colour] = self._count([*terms, is_colour(colour, now)], left)
            left -= counts[colour]
        return {colour: number for colour, number in counts.items() if number}

    def _total(self, sight: Sight, wanted: ObjectFilter, terms: Terms, search: Search) -> int:
        """How many objects have words that are not rare."""
        if search.at_least >= MANY and sight.everything and wanted == ObjectFilter(query=wanted.query):
            return MANY
        some = search.some.where(unindexed(*terms)) if search.sparse else search.some.where(*terms)
        with self._without("seqscan"):
            return self._count_of(some.limit(MANY))

    def _sorted(self, terms: Terms, wanted: ObjectFilter, now: datetime, limit: int) -> list[int]:
        """The first of a list that is short: in an order that no index has, so that none is walked along.

        What is due within a window is in the order in which it turns: an index of this begins at the window.
        """
        query = select(col(_X.id)).where(*terms).limit(limit)
        if wanted.due is not None:
            return self._ids(query.order_by(mark_of(wanted.due), col(_X.id)))
        return self._ids(query.order_by(colour_at(now).desc(), *_OLDEST_FIRST))

    def _reddest(
        self,
        terms: Terms,
        words: ColumnElement[bool],
        wanted: ObjectFilter,
        now: datetime,
        limit: int,
        counts: Mapping[Colour, int],
    ) -> list[int]:
        """The first of a list that may be long: colour after colour, until there are enough.

        ``counts``: so many objects there are of a colour at least, whatever their words.
        """
        ids: list[int] = []
        for colour in colours_of(wanted):
            missing = limit - len(ids)
            if missing <= 0:
                break
            of_colour = is_colour(colour, now)
            if counts.get(colour, 0) < _DENSE and self._count([*terms, of_colour], _DENSE) < _DENSE:
                ids += self._sorted([*terms, words, of_colour], wanted, now, missing)
            else:
                walked = select(col(_X.id)).where(*met_by_age([*terms, words], colour, now))
                with self._without("sort"):
                    ids += self._ids(walked.order_by(*_OLDEST_FIRST).limit(missing))
        return ids

    def _ids(self, query: SelectOfScalar[int | None]) -> list[int]:
        return [key for key in self._session.exec(query) if key is not None]

    def _count(self, terms: Terms, limit: int) -> int:
        if not limit:
            return 0
        return self._count_of(select(col(_X.id)).where(*terms).limit(limit))

    def _count_of(self, some: Select[Any]) -> int:
        return self._session.exec(select(func.count()).select_from(some.subquery())).one()

    def _searching(self, sight: Sight, wanted: ObjectFilter, terms: Terms) -> Search:
        """Find out how to look for the words."""
        if not self._is_sqlite:
            # A plan that is made once for all queries cannot know which of them are rare. To start further
            # processes takes longer than any of these questions.
            self._say("plan_cache_mode = force_custom_plan", "max_parallel_workers_per_gather = 0")
        of_one_client = sight.own is not None or wanted.client_id is not None
        few = bool(wanted.query) and of_one_client and self._count(terms, NARROW + 1) <= NARROW
        return searching(self._session, wanted.query, terms if few else ())

    @contextmanager
    def _without(self, way: str) -> Iterator[None]:
        """Have PostgreSQL go along an index as SQLite does, instead of reading or sorting everything."""
        if self._is_sqlite:
            yield
            return
        self._say(f"enable_{way} = off")
        yield
        self._say(f"enable_{way} = on")

    @property
    def _is_sqlite(self) -> bool:
        return self._session.get_bind().dialect.name == "sqlite"

    def _say(self, *settings: str) -> None:
        for setting in settings:
            self._session.connection().execute(text(f"SET LOCAL {setting}"))

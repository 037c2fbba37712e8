"""What is counted while the process lives, for Prometheus. What it means for operators: docs/operations.md.

No label holds what people write or who they are: there are as many series as there are kinds of things.
"""

import platform
from collections.abc import Hashable, Mapping
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from importlib import metadata
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import choose_encoder
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from domain.process import Reason
from storage.depths import Depths
from storage.outbox import Ended
from storage.tables import EntryKind

FAST: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds: an update takes a few milliseconds, and nobody should wait for seconds."""
SLOW: Final = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300)
"""Seconds: a tick after a long night has much to do."""
FAILURES: Final = {
    RetryAfter: "retry_after", Forbidden: "forbidden", BadRequest: "refused", TimedOut: "timed_out",
    NetworkError: "network", TelegramError: "other", Exception: "ours",
}  # fmt: skip
"""What keeps a message from arriving, the special before the general."""


class Handled(StrEnum):
    """What became of an update."""

    DONE = "done"
    PARKED = "parked"
    PUT_OFF = "put_off"


class Metrics:
    """The figures of one process. Any thread may count; whoever is asked for them measures first."""

    def __init__(self) -> None:
        # Otherwise each counter has a second series that says since when it counts.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library's own
        self.registry = registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        build = {"version": _version(), "python": platform.python_version()}
        Info("greenlight_build", "The program.", registry=registry).info(build)
        self._count(registry)
        self._watch(registry)

    def _count(self, registry: CollectorRegistry) -> None:
        def counter(name: str, meaning: str, *labels: str) -> Counter:
            return Counter(f"greenlight_{name}", meaning, labels, registry=registry)

        self._updates = counter("updates", "Updates by what became of them.", "outcome")
        self._update_seconds = Histogram(
            "greenlight_update_seconds", "From the queue of its chat to the commit of an update.",
            buckets=FAST, registry=registry,
        )  # fmt: skip
        self._changes = counter("changes", "Committed lines of the history.", "kind")
        self._refusals = counter("refusals", "What people tried and were refused, by the rule.", "reason")
        self._sends = counter("sends", "Messages by what became of them.", "kind", "outcome")
        self._send_errors = counter("send_errors", "Tries to send that failed.", "error")
        self._polls = counter("polls", "Questions for updates; one that failed is asked again.", "outcome")
        self._ticks = counter("ticks", "Looks at what is due; one that failed is done again.", "outcome")
        self._tick_seconds = Histogram(
            "greenlight_tick_seconds", "How long a tick took.", buckets=SLOW, registry=registry
        )
        for handled in Handled:
            self._updates.labels(handled.value)
        for kind in EntryKind:
            self._changes.labels(kind.value)
        for reason in Reason:
            self._refusals.labels(reason.name.lower())
        for failure in FAILURES.values():
            self._send_errors.labels(failure)
        for outcome in ("done", "failed"):
            self._ticks.labels(outcome)
            self._polls.labels(outcome)

    def _watch(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, meaning: str, *labels: str) -> Gauge:
            return Gauge(f"greenlight_{name}", meaning, labels, registry=registry)

        self._last_tick = gauge("last_tick_timestamp_seconds", "When the last tick did all that was due.")
        self._works = gauge("works", "1 for the process that works, 0 for one that stands by.")
        self._epoch = gauge("epoch", "The epoch of the lease under which it works; 0 without one.")
        self._database = gauge("database_up", "1 when the database answered; 0: the depths are older.")
        self._inbox_waiting = gauge("inbox_waiting", "Updates that are not done.")
        self._inbox_oldest = gauge("inbox_oldest_seconds", "For how long the oldest of them waits.")
        self._inbox_parked = gauge("inbox_parked", "Updates that were put aside.")
        self._outbox_waiting = gauge("outbox_waiting", "Messages to be sent, now or later.", "due")
        self._outbox_oldest = gauge("outbox_oldest_seconds", "For how long a message has been due already.")
        self._outbox_dead = gauge("outbox_dead", "Messages that will not be sent.")

    def handled(self, outcome: Handled, seconds: float) -> None:
        """An update has come to this; it took so long."""
        self._updates.labels(outcome.value).inc()
        if outcome is not Handled.PUT_OFF:
            self._update_seconds.observe(seconds)

    def happened(self, what: Mapping[Hashable, int]) -> None:
        """A transaction is permanent in which this happened so many times."""
        for one, times in what.items():
            match one:
                case Reason():
                    self._refusals.labels(one.name.lower()).inc(times)
                case EntryKind():
                    self._changes.labels(one.value).inc(times)
                case Ended(kind, state):
                    self._sends.labels(kind, state.value).inc(times)

    def failed(self, error: Exception) -> None:
        """A try to send has failed."""
        kind = next(kind for kind in FAILURES if isinstance(error, kind))
        self._send_errors.labels(FAILURES[kind]).inc()

    def polled(self, *, failed: bool) -> None:
        """Telegram was asked for updates."""
        self._polls.labels("failed" if failed else "done").inc()

    def ticked(self, seconds: float, *, failed: bool) -> None:
        """A tick has ended."""
        self._ticks.labels("failed" if failed else "done").inc()
        self._tick_seconds.observe(seconds)
        if not failed:
            self._last_tick.set_to_current_time()

    def stands(self, *, works: bool, epoch: int | None) -> None:
        """Whether this process works, and by which right."""
        self._works.set(works)
        self._epoch.set(epoch or 0)

    def measured(self, depths: Depths | None, now: datetime) -> None:
        """The queues are this deep; None: the database does not say, and what it said last stays."""
        self._database.set(depths is not None)
        if depths is None:
            return
        self._inbox_waiting.set(depths.inbox_waiting)
        self._inbox_oldest.set(_age(depths.inbox_since, now))
        self._inbox_parked.set(depths.inbox_parked)
        self._outbox_waiting.labels("now").set(depths.outbox_due)
        self._outbox_waiting.labels("later").set(depths.outbox_later)
        self._outbox_oldest.set(_age(depths.outbox_since, now))
        self._outbox_dead.set(depths.outbox_dead)

    def text(self, accept: str) -> tuple[bytes, str]:
        """All of it, in a form that whoever asks accepts, and which form that is."""
        encode, form = choose_encoder(accept)
        return encode(self.registry), form


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _version() -> str:
    with suppress(metadata.PackageNotFoundError):
        return metadata.version("greenlight")
    return "source"

"""The figures of a storm, as a table."""

import time
from collections.abc import Mapping

from tests.torture.reckoning import Reckoning


def table(reckoning: Reckoning) -> str:
    """All that was counted."""
    storm = reckoning.storm
    kind = "SQLite" if storm.database.is_sqlite else "PostgreSQL"
    rows = {
        "database, seed": f"{kind}, {storm.plan.seed}",
        "people": storm.plan.people,
        "kills": len(storm.rig.kills),
        "outages": f"{len(storm.outages)} ({sum(end - begin for begin, end in storm.outages):.0f} s)",
        "people told that nothing can be saved": len(storm.weather.regrets),
        "walks": f"{storm.ledger.walks.total()} ({_parts(storm.ledger.walks)})",
        "updates": len(storm.ledger.updates),
        "presses": storm.ledger.presses,
        "comments": storm.ledger.comments,
        "lines of the history": len(reckoning.history),
        "calls of the Bot API": len(reckoning.calls),
        "failures": f"{storm.weather.ordered.total()} ({_parts(storm.weather.ordered)})",
        "messages": len(reckoning.arrivals),
        "alerts told": reckoning.told,
        "alerts settled before they were told": reckoning.settled,
        "messages that came twice": f"{reckoning.duplicates.total()} ({_parts(reckoning.duplicates)})",
        "longest recovery": f"{max(reckoning.recoveries, default=0):.2f} s",
        "time": f"{time.monotonic() - storm.began:.0f} s",
    } | {name: len(found) for name, found in reckoning.wrong.items()}
    width = max(map(len, rows))
    lines = [f"{name:{width}}  {value}" for name, value in rows.items()]
    return "\n".join([*lines, *reckoning.complaints])


def _parts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none"

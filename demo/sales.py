"""The five clients as sales cases: which rows each went through, and when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from demo.comments import OF_CLIENT_ROW
from demo.company import AGRO, AQUA, BUILD, LOGISTICS, TIMBER
from demo.walks import working_hour
from domain.clients import CLIENT_PROCESS, ClientStatus
from domain.process import Decision, Request, Subject
from domain.roles import Actor

CASES: Mapping[str, tuple[int, Sequence[int]]] = {
    AGRO: (190, (1, 2, 4, 5, 6, 8, 9)),
    LOGISTICS: (150, (1, 2, 4, 5, 6, 8)),
    BUILD: (110, (1, 3, 13, 4, 5, 6)),
    TIMBER: (21, (1, 2, 4, 5, 7, 13, 4, 5, 6, 8, 9, 10)),
    AQUA: (6, (1, 2, 4, 5, 6, 8, 9, 10, 11, 12)),
}
"""How many days ago the last change was, and the rows, numbered as in CLIENT_PROCESS."""

_ROWS = {row.no: row for row in CLIENT_PROCESS.rows}
_STEP_DAYS = (8, 45)


@dataclass(frozen=True, slots=True)
class SalesStep:
    """One change of a client's status."""

    at: datetime
    actor: Actor
    decision: Decision[ClientStatus]
    before: ClientStatus | None


def sales(client: str, crew: Sequence[Actor], now: datetime, random: Random) -> Iterator[SalesStep]:
    """Every step of a client's case, decided by the rules."""
    days_ago, numbers = CASES[client]
    rows = [_ROWS[number] for number in numbers]
    times = [working_hour(now - timedelta(days=days_ago), random)]
    while len(times) < len(rows):
        days = random.uniform(*_STEP_DAYS) * timedelta(days=1)
        times.append(working_hour(times[-1] - days, random))
    subject: Subject[ClientStatus] = Subject(None)
    for row, moment in zip(rows, reversed(times), strict=True):
        actor = random.choice([actor for actor in crew if actor.roles & row.roles])
        comment = random.choice(OF_CLIENT_ROW[row.no])
        decision = CLIENT_PROCESS.decide(actor, subject, Request(row.target, comment), moment)
        yield SalesStep(moment, actor, decision, subject.status)
        subject = Subject(row.target, moment)

"""The dry run with its file, and the tidying up: the same for the chat and the command line."""

from collections.abc import Callable, Mapping
from itertools import takewhile
from pathlib import Path

from bot.services.importing.checking import Check, Counts, Hand, Plan
from bot.services.importing.reading import rows_of
from bot.services.importing.report import Report
from domain.imports import Part
from storage.import_tables import ImportRecord


def plan_of(record: ImportRecord, rows: Path) -> Plan:
    """What is to be checked."""
    return Plan(record.id or 0, record.client_id, rows, max(record.heading, 0), parts_of(record.columns))


def parts_of(columns: Mapping[str, int]) -> dict[Part, int]:
    """The chosen columns, as the table keeps them."""
    return {Part(name): at for name, at in columns.items()}


def dry_run(
    record: ImportRecord, rows: Path, report: Path, hand: Hand, progress: Callable[[int], None]
) -> Counts:
    """Judge every row, stage what will change something, and write the checked file."""
    counts = Counts()
    forget_staged(record.id or 0, hand)
    plan = plan_of(record, rows)
    with Report(report, record.sheet, plan.last_heading) as file:
        file.above(list(takewhile(lambda row: row.number <= plan.last_heading, rows_of(rows))))
        for judged in Check(plan, hand).run():
            file.judged(judged)
            for one in judged:
                counts.add(one)
            progress(judged[-1].row.number)
    return counts


def forget_staged(import_id: int, hand: Hand) -> None:
    """Forget the staged rows of an import, some at a time."""
    while hand.write(lambda uow: uow.imports.unstage(import_id)):
        pass

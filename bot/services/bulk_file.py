"""The results of a bulk change as a spreadsheet: a row an object, none left out."""

from io import BytesIO
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has no types

from bot.services.bulk_results import own
from bot.services.people import Me
from bot.texts import gettext as _
from bot.texts.bulk import outcome_name, outcome_reason
from bot.texts.words import status_name
from domain.roles import sight
from storage.bulk_tables import BulkKind
from storage.bulks import Result
from storage.database import UnitOfWork

WIDTHS = (14, 26, 26, 18, 18, 14, 60)


def results_file(uow: UnitOfWork, me: Me, bulk_id: int) -> bytes:
    """The file, in the language that is spoken; ``Refused`` for anybody but the author."""
    bulk = own(uow, me, bulk_id)
    statuses = bulk.kind is BulkKind.STATUS
    content = BytesIO()
    # Texts stay texts: a number that begins with «=» must not become a formula on somebody's desk.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, options) as book:
        sheet = book.add_worksheet(_("Results"))
        heading = [
            _("Number"), _("Name"), _("Client"), _("Before"), _("After"), _("Result"), _("Reason"),
        ]  # fmt: skip
        _dress(sheet)
        sheet.write_row(0, 0, heading, book.add_format({"bold": True, "bottom": 1}))
        results = uow.bulks.results(bulk_id, sight(me.actor))
        for at, result in enumerate(results, start=1):
            for column, value in enumerate(_cells(result, statuses=statuses)):
                sheet.write_string(at, column, value)
        sheet.autofilter(0, 0, max(len(results), 1), len(heading) - 1)
    return content.getvalue()


def _dress(sheet: Any) -> None:  # noqa: ANN401  # the library has no types
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)


def _cells(result: Result, *, statuses: bool) -> tuple[str, ...]:
    item, record = result.item, result.object
    before, after = item.before or "", item.after or ""
    return (
        record.number if record else item.given,
        record.name if record else "",
        result.client,
        status_name(before) if statuses and before else before,
        status_name(after) if statuses and after else after,
        outcome_name(item.outcome),
        outcome_reason(item.reason, record.status if record and statuses else None) if item.reason else "",
    )

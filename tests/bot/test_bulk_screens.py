"""The screens of many at once at their longest, and their buttons."""

from collections import Counter

import pytest

from bot.buttons import Button
from bot.screens import TEXT_LIMIT, Screen, packed, units
from bot.screens import bulk_buttons as b
from bot.screens.bulk import choose_installer, statuses
from bot.screens.bulk_picking import taken_note
from bot.screens.bulk_results import report_screen
from bot.services.bulk import LIMIT, UNKNOWN, Installers, Options, Parent, Taken
from bot.services.bulk_results import Report
from domain.many import Fit
from domain.objects import ObjectStatus
from domain.process import Reason
from storage.bulk_tables import BulkItemRecord, BulkKind, BulkRecord, BulkState, Outcome
from storage.bulks import Result
from storage.tables import ObjectRecord
from tests.builders import NOW

MOST = 2**31 - 1
LONG = "&<🚜>" * 40


@pytest.mark.parametrize(
    "button",
    [
        b.SelectFrom(tasks=True, page=MOST, colour=3, status=14, client_id=MOST, mine=True, due=4),
        b.Tick(MOST, on=True), b.TickList(on=False), b.PickPage(MOST), b.BulkDo("status"), b.BulkDo(),
        b.BulkTo(14, narrow=True), b.BulkName(MOST), b.BulkName(None), b.BulkPeople(MOST), b.BulkOf(MOST),
        b.BulkReport(MOST, MOST), b.BulkFile(MOST), b.BulkObjects(MOST, MOST),
    ],
    ids=repr,
)  # fmt: skip
def test_a_button_fits_and_is_read_back(button: Button) -> None:
    assert type(button).unpack(button.pack()) == button


def test_a_button_of_another_kind_or_forged_is_none() -> None:
    assert b.SelectFrom.unpack("list:0:0::::0:0") is None
    for forged in ("tick:1:2", "tick::1", "tick:x:1", "bto:1", "bdo", "brep:1:2:3", "bname:1.5"):
        kind = next(k for k in (*b.INSIDE, b.BulkReport) if forged.split(":")[0] == k.TAG)
        assert kind.unpack(forged) is None


def short(screen: Screen) -> None:
    packed(screen.keyboard)
    assert units(screen.text) <= TEXT_LIMIT, screen.text


def test_why_not_for_all_is_short_enough_whatever_is_mixed() -> None:
    misses = Counter(
        {(s, r): LIMIT for s in ObjectStatus for r in (Reason.NOT_ALLOWED, Reason.EIGHT_DAYS_OVER)}
    )
    fits = [Fit(target, LIMIT, [], Counter(misses)) for target in list(ObjectStatus)[:9]]
    screen = statuses(Options(LIMIT, 3, fits))
    short(screen)
    assert "3 more are not yours" in screen.text


def test_results_are_short_enough_and_name_what_led_nowhere() -> None:
    record = ObjectRecord(
        id=MOST,
        client_id=1,
        number=LONG[:40],
        name=LONG[:80],
        status=ObjectStatus.NEW,
        status_since=NOW,
        created_at=NOW,
    )
    refused = {"outcome": Outcome.REFUSED, "reason": Reason.EIGHT_DAYS_OVER.name}
    results = [Result(BulkItemRecord(bulk_id=1, object_id=MOST, **refused), record, LONG)] * 7
    results.append(
        Result(BulkItemRecord(bulk_id=1, given=LONG[:40], outcome=Outcome.REFUSED, reason=UNKNOWN), None, "")
    )
    bulk = BulkRecord(
        id=MOST, person_id=1, state=BulkState.DONE, kind=BulkKind.STATUS, target=ObjectStatus.OUT_OF_SERVICE,
        comment=LONG * 5, created_at=NOW,
    )  # fmt: skip
    screen = report_screen(Report(bulk, None, LIMIT, LIMIT, 1, 0, LIMIT - 1, 0, results))
    short(screen)
    assert "No machine of yours" in screen.text
    assert "🚜" in screen.text
    assert "&lt;" in screen.text
    short(
        report_screen(
            Report(
                BulkRecord(**{**bulk.model_dump(), "state": BulkState.RUNNING}), LONG, 9, 3, 1, 1, 1, 0, ()
            )
        )
    )


def test_numbers_that_lead_nowhere_are_named_up_to_some() -> None:
    note = taken_note(Taken(1, {f"{LONG[:30]}{n}": UNKNOWN for n in range(500)}, 2))
    assert "492 more" in note
    assert units(note) < TEXT_LIMIT / 2


def test_installers_of_several_organisations() -> None:
    screen = choose_installer(Installers(9, [Parent(1, "<North>", 5), Parent(2, "South", 4)], ()), 0)
    assert [key.label for line in screen.keyboard for key in line][:2] == [
        "Only the 5 of <North>",
        "Only the 4 of South",
    ]

"""Row 22 as the bot itself takes it: there is no chat in it, so it goes through the use case."""

import pytest

from bot.services.cases import Wish, change_status, load
from bot.services.people import Me
from domain.objects import ObjectStatus
from domain.process import ClientReason, Kind, Reason, Refused, Request, Route
from domain.roles import SYSTEM, Actor, OrganisationKind, Role
from storage.database import Database
from tests.builders import NOW, add_company, add_object, key

S = ObjectStatus
BOT = Me(0, "", SYSTEM, "", "UTC", "en")
REQUEST = Request(S.ACTIVE, "Ignition on, 12:00, 50.45 30.52")


def test_a_machine_seen_in_operation_is_active_again(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        machine = add_object(unit, company.client, S.OUT_OF_SERVICE, commissioned=True)
        case = load(unit, BOT, Kind.OBJECT, key(machine))
        changed = change_status(unit, BOT, case, Wish(REQUEST, case.version), NOW, Route.TELEMETRY)
        assert (changed.entry.route, changed.entry.role, changed.entry.person_id) == (
            Route.TELEMETRY, "system", None,
        )  # fmt: skip
        assert changed.entry.comment == REQUEST.comment
        assert load(unit, BOT, Kind.OBJECT, key(machine)).status is S.ACTIVE


def test_an_open_request_is_not_ended_by_telemetry(database: Database) -> None:
    with database.write() as unit:
        client = add_company(unit).client
        machine = add_object(unit, client, S.OUT_OF_SERVICE, request=ClientReason.BREAKDOWN)
        case = load(unit, BOT, Kind.OBJECT, key(machine))
        with pytest.raises(Refused) as refused:
            change_status(unit, BOT, case, Wish(REQUEST, case.version), NOW, Route.TELEMETRY)
        assert refused.value.reason is Reason.OPEN_REQUEST


def test_the_bot_does_nothing_in_chat_and_people_nothing_by_telemetry(database: Database) -> None:
    with database.write() as unit:
        client = add_company(unit).client
        machine = add_object(unit, client, S.OUT_OF_SERVICE)
        case = load(unit, BOT, Kind.OBJECT, key(machine))
        support = Me(
            1, "", Actor(None, None, OrganisationKind.ADMINISTRATIVE_GROUP, Role.SUPPORT), "", "UTC", "en"
        )
        for who, route in ((BOT, Route.CHAT), (support, Route.TELEMETRY)):
            with pytest.raises(Refused) as refused:
                change_status(unit, who, case, Wish(REQUEST, case.version), NOW, route)
            assert refused.value.reason is Reason.WRONG_ROUTE

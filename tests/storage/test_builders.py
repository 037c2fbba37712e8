"""The builders make what they say, with everything that the database demands."""

import pytest

from domain.deadlines import Colour
from domain.objects import ObjectStatus
from domain.process import ClientReason
from domain.roles import OrganisationKind, Role, Sight
from storage.database import Database
from storage.object_terms import ObjectFilter
from tests.builders import NOW, add_company, add_entry, add_object, key


def test_a_company_has_everybody(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        actor = unit.people.actor(company.support)
        assert actor.kind is OrganisationKind.PARTNER
        assert actor.roles == Role.SUPPORT
        assert company.client.parent_id == company.partner.id


@pytest.mark.parametrize("status", ObjectStatus)
def test_an_object_stands_in_any_status(sqlite_database: Database, status: ObjectStatus) -> None:
    with sqlite_database.write() as unit:
        made = add_object(unit, add_company(unit).client, status)
        add_entry(unit, made, status)
        wanted = ObjectFilter(status=status)
        assert unit.objects.count(Sight(everything=True), wanted, NOW) == 1


def test_only_a_request_gives_out_of_service_a_deadline(sqlite_database: Database) -> None:
    with sqlite_database.write() as unit:
        client = add_company(unit).client
        plain = add_object(unit, client, ObjectStatus.OUT_OF_SERVICE, request=ClientReason.NOT_IN_USE)
        asked = add_object(unit, client, ObjectStatus.OUT_OF_SERVICE, request=ClientReason.BLOCK)
        assert plain.open_request is None
        assert plain.main_at is None
        blue = unit.objects.page(Sight(everything=True), ObjectFilter(colour=Colour.BLUE), NOW)
        assert [key(seen.object) for seen in blue] == [key(asked)]

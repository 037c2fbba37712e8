"""Which organisations have people, which fit, and whom nobody is named for any more."""

from domain.roles import OrganisationKind, Role
from storage.database import Database
from tests.builders import NOW, add_client, add_company, add_group, add_object, add_partner, add_person, key

K = OrganisationKind


def test_organisations_with_people_stand_in_their_order_with_their_numbers(database: Database) -> None:
    with database.write() as unit:
        group, partner = add_group(unit, "Z group"), add_partner(unit, "M partner")
        client = add_client(unit, partner, "A client")
        add_partner(unit, "An empty partner")
        for organisation, count in ((client, 1), (partner, 3), (group, 2)):
            for _ in range(count):
                add_person(unit, organisation, Role.INSTALLER)
        gone = add_person(unit, partner, Role.MANAGER)
        unit.people.remove(gone, NOW)
        found = unit.organisations.with_people()
        assert [(one.name, count) for one, count in found] == [
            ("Z group", 2), ("M partner", 3), ("A client", 1),
        ]  # fmt: skip
        assert unit.organisations.count_with_people() == 3
        [(second, count)] = unit.organisations.with_people(offset=1, limit=1)
        assert (second.name, count) == ("M partner", 3)


def test_organisations_of_kinds_by_a_part_of_their_name(database: Database) -> None:
    with database.write() as unit:
        group, partner = add_group(unit, "Polar group"), add_partner(unit, "Polar partner")
        add_partner(unit, "Other")
        add_client(unit, partner, "Polar client")
        both = (K.PARTNER, K.ADMINISTRATIVE_GROUP)
        assert list(unit.organisations.of_kinds(both, "polar")) == [group, partner]
        assert unit.organisations.count_of_kinds(both, "polar") == 2
        assert unit.organisations.count_of_kinds(both) == 3
        assert list(unit.organisations.of_kinds((K.PARTNER,), "polar", offset=1)) == []
        assert list(unit.organisations.of_kinds((), "polar")) == []
        assert list(unit.organisations.of_kinds(both, "100%_")) == []


def test_whoever_is_released_is_responsible_for_no_client(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        company.client.support_id = company.support.id
        company.group_client.support_id = company.group_support.id
        machine = add_object(unit, company.client, installer_id=company.installer.id)
        unit.session.flush()
        unit.organisations.release(key(company.support))
        unit.objects.unassign(key(company.installer))
        unit.session.expire_all()
        assert company.client.support_id is None
        assert company.group_client.support_id == company.group_support.id
        assert machine.installer_id is None

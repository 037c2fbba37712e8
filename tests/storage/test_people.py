"""People, invitations and histories."""

from datetime import timedelta

from domain.objects import ObjectStatus
from domain.process import Route
from domain.roles import OrganisationKind, Role
from storage.database import Database, UnitOfWork
from storage.tables import EntryKind, HistoryRecord, InvitationRecord, PhotoRecord
from tests.builders import NOW, add_company, add_entry, add_group, add_object, add_person, key
from tests.storage.racing import race

DAY = timedelta(days=1)


def test_a_person_has_several_roles(database: Database) -> None:
    with database.write() as unit:
        person = add_person(unit, add_group(unit), Role.SUPPORT | Role.MODERATOR)
        assert unit.people.roles(key(person)) == Role.SUPPORT | Role.MODERATOR
        unit.people.grant(key(person), Role.MANAGER | Role.SUPPORT)
        assert unit.people.roles(key(person)) == Role.SUPPORT | Role.MODERATOR | Role.MANAGER
        unit.people.revoke(key(person), Role.SUPPORT | Role.MANAGER | Role.INSTALLER)
        assert unit.people.roles(key(person)) == Role.MODERATOR
        actor = unit.people.actor(person)
        assert (actor.person_id, actor.kind) == (person.id, OrganisationKind.ADMINISTRATIVE_GROUP)
        assert actor.roles == Role.MODERATOR
        assert unit.people.roles(99_999) == Role(0)


def test_somebody_removed_is_known_to_the_history_alone(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        gone, account = company.support, company.support.telegram_id
        assert account is not None
        line = add_entry(unit, add_object(unit, company.client), person_id=gone.id)
        unit.people.remove(gone, NOW)
        assert unit.people.by_telegram_id(account) is None
        assert gone not in unit.people.all()
        assert gone not in unit.people.of_organisation(key(company.partner))
        assert gone not in unit.people.with_role(Role.SUPPORT)
        assert gone.id not in {
            a.person_id for a in unit.people.concerned(key(company.client), company.partner.id)
        }
        entry = unit.history.get(key(line))
        assert entry is not None
        assert entry.person == gone.name
        again = add_person(unit, company.partner, Role.SUPPORT, telegram_id=account)
        assert unit.people.by_telegram_id(account) is again


def test_reachable_is_remembered(database: Database) -> None:
    with database.write() as unit:
        person = add_company(unit).support
        account = person.telegram_id
        assert account is not None
        unit.people.set_reachable(account, reachable=False)
        unit.people.set_reachable(1, reachable=False)
    with database.read() as unit:
        found = unit.people.by_telegram_id(account)
        assert found is not None
        assert not found.reachable


def test_changes_concern_the_client_its_organisation_and_the_group(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        add_person(unit, company.partner, Role.SUPPORT, telegram_id=None)
        both = add_person(unit, company.partner, Role.INSTALLER | Role.SUPPORT)
        group = [
            company.moderator, company.administrator, company.group_installer, company.group_support,
            company.group_manager,
        ]  # fmt: skip
        partner = [company.installer, company.support, company.manager, both]
        found = unit.people.concerned(key(company.client), company.client.parent_id)
        ids = [actor.person_id for actor in found]
        assert ids == sorted(person.id or 0 for person in [*group, *partner, company.client_user])
        assert {a.person_id: a.roles for a in found}[both.id] == Role.INSTALLER | Role.SUPPORT
        other = unit.people.concerned(key(company.group_client), company.group_client.parent_id)
        assert {a.person_id for a in other} == {p.id for p in [*group, company.group_client_user]}


def test_those_with_a_role_by_name(database: Database) -> None:
    with database.write() as unit:
        group = add_group(unit)
        company = add_company(unit)
        late, early = (add_person(unit, group, Role.INSTALLER, name) for name in ("Zoe", "Ann"))
        assert list(unit.people.with_role(Role.INSTALLER, key(group))) == [early, late]
        assert company.installer in unit.people.with_role(Role.INSTALLER)
        assert list(unit.people.of_organisation(key(group))) == [early, late]


# Invitations.


def invite(unit: UnitOfWork, secret_hash: str = "a" * 64, days: int = 7) -> InvitationRecord:
    group = unit.organisations.by_name("Inviting") or add_group(unit, "Inviting")
    return unit.invitations.add(
        InvitationRecord(
            secret_hash=secret_hash,
            organisation_id=key(group),
            roles=[Role.SUPPORT.key, Role.INSTALLER.key],
            created_at=NOW,
            expires_at=NOW + days * DAY,
        )
    )


def test_an_invitation_is_used_once_even_by_two_at_once(database: Database) -> None:
    with database.write() as unit:
        invitation = invite(unit)
    number = invitation.id or 0
    assert sorted(race(database, lambda u: u.invitations.use(number, NOW), runners=3)) == [False, False, True]
    with database.write() as unit:
        person = add_person(unit, add_group(unit), Role.SUPPORT)
        unit.invitations.used_by(number, key(person))
        assert not unit.invitations.revoke(number, NOW)
    with database.read() as unit:
        found = unit.invitations.by_hash("a" * 64)
        assert found is not None
        assert (found.used_at, found.used_by, found.revoked_at) == (NOW, person.id, None)
        assert found.roles == ["support", "installer"]


def test_an_invitation_ends_on_the_microsecond(database: Database) -> None:
    with database.write() as unit:
        invitation = invite(unit)
        number, end = invitation.id or 0, invitation.expires_at
        assert list(unit.invitations.open(end)) == []
        assert not unit.invitations.use(number, end)
        assert not unit.invitations.revoke(number, end)
        assert list(unit.invitations.open(end - timedelta(microseconds=1))) == [invitation]
        assert unit.invitations.use(number, end - timedelta(microseconds=1))


def test_a_revoked_invitation_is_useless(database: Database) -> None:
    with database.write() as unit:
        number = invite(unit).id or 0
        kept = invite(unit, "b" * 64)
        assert unit.invitations.revoke(number, NOW)
        assert not unit.invitations.revoke(number, NOW)
        assert not unit.invitations.use(number, NOW)
        assert list(unit.invitations.open(NOW)) == [kept]
        revoked = unit.invitations.get(number)
        assert revoked is not None
        assert (revoked.used_at, revoked.revoked_at) == (None, NOW)
        assert unit.invitations.by_hash("c" * 64) is None


# Histories.


def test_a_history_is_of_one_thing_and_newest_first(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        made, other = add_object(unit, company.client), add_object(unit, company.client)
        first = add_entry(unit, made, ObjectStatus.NEW, "First", person_id=company.support.id)
        add_entry(unit, other, ObjectStatus.NEW, "Other")
        add_entry(unit, company.client, "Test", "Of the client")
        note = add_entry(unit, made, comment="Note")
        lines = unit.history.of_object(key(made))
        assert [line.record for line in lines] == [note, first]
        assert [line.person for line in lines] == [None, company.support.name]
        assert [line.record for line in unit.history.of_object(key(made), limit=1)] == [note]
        assert [line.record.comment for line in unit.history.of_client(key(company.client))] == [
            "Of the client"
        ]
        last = unit.history.last_change(object_id=made.id)
        assert last is not None
        assert last.record is first
        assert unit.history.last_change(client_id=company.group_client.id) is None
        assert unit.history.get(99_999) is None


def test_photos_stay_with_their_line_in_order(database: Database) -> None:
    with database.write() as unit:
        made = add_object(unit, add_company(unit).client)
        line = HistoryRecord(object_id=made.id, kind=EntryKind.NOTE, at=NOW, comment="See", route=Route.CHAT)
        names = ["c", "a", "b"]
        unit.history.add(
            line, [PhotoRecord(history_id=0, position=0, file_id=n, file_unique_id=n) for n in names]
        )
        add_entry(unit, made)
        assert [photo.file_id for photo in unit.history.photos(key(line))] == names
        assert [entry.photos for entry in unit.history.of_object(key(made))] == [0, 3]


def test_a_persons_own_latest_comments_are_offered(database: Database) -> None:
    with database.write() as unit:
        company = add_company(unit)
        made, me = add_object(unit, company.client), company.installer.id or 0
        for comment in ("old", "twice", "middle", "new", "twice"):
            add_entry(unit, made, ObjectStatus.SERVICED, comment, person_id=me)
        add_entry(unit, made, ObjectStatus.DISMANTLING, "elsewhere", person_id=me)
        add_entry(unit, made, ObjectStatus.SERVICED, "somebody else's", person_id=company.support.id)
        add_entry(unit, made, None, "a note", person_id=me)
        offered = unit.history.recent_comments(me, ObjectStatus.SERVICED)
        assert offered == ["twice", "new", "middle"]
        assert unit.history.recent_comments(me, ObjectStatus.NEW) == []

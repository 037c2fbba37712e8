"""``greenlight invite``: a link that works, once, for seven days, and keeps the token to itself."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.services.people import accept_invitation, hash_secret
from domain.process import Reason, Refused
from domain.roles import OrganisationKind, Role
from storage.database import Database
from tests.bot.commands.conftest import TOKEN, Api, Said
from tests.builders import add_client, add_group, add_partner

LINK = re.compile(r"https://t\.me/([a-z_]+)\?start=([A-Za-z0-9_-]+)")


@pytest.mark.usefixtures("reachable")
def test_the_first_administrator_comes_by_a_link_that_opens_once(say: Said, own: Database) -> None:
    code, out, err = say("invite", "--role", "administrator", "--role", "moderator")

    assert (code, err) == (0, "")
    assert "7 days" in out
    link = LINK.fullmatch(out.splitlines()[-1])
    assert link
    assert link[1] == "green_bot"
    now = datetime.now(UTC)
    with own.write() as unit:
        person = accept_invitation(unit, link[2], 5_111_222_333, "Viktor", now)
        actor = unit.people.actor(person)
        assert unit.organisations.get(person.organisation_id).name == "Administrative group"  # type: ignore[union-attr]  # it is there
    assert actor.kind is OrganisationKind.ADMINISTRATIVE_GROUP
    assert actor.roles == Role.ADMINISTRATOR | Role.MODERATOR
    with own.write() as unit, pytest.raises(Refused) as refused:
        accept_invitation(unit, link[2], 5_111_222_334, "Somebody else", now)
    assert refused.value.reason is Reason.INVITATION_INVALID


@pytest.mark.usefixtures("reachable")
def test_an_invitation_lasts_seven_days_and_its_secret_is_not_kept(
    say: Said, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENLIGHT_DATABASE_URL", sqlite_database.url)
    _, out, _ = say("invite", "--role", "installer", "--organisation", "The Centre")
    link = LINK.search(out)
    assert link

    with sqlite_database.read() as unit:
        invitation = unit.invitations.by_hash(hash_secret(link[2]))
        assert invitation
        home = unit.organisations.get(invitation.organisation_id)
        assert home
        assert home.name == "The Centre"
        assert home.kind is OrganisationKind.ADMINISTRATIVE_GROUP
        assert timedelta(days=6, hours=23) < invitation.expires_at - datetime.now(UTC) <= timedelta(days=7)
    assert link[2].encode() not in Path(str(sqlite_database.engine.url.database)).read_bytes()


@pytest.mark.usefixtures("reachable")
def test_the_group_is_made_once(say: Said, own: Database) -> None:
    say("invite", "--role", "administrator")
    say("invite", "--role", "moderator")

    with own.read() as unit:
        assert len(unit.organisations.of_kind(OrganisationKind.ADMINISTRATIVE_GROUP)) == 1
        assert len(unit.invitations.open(datetime.now(UTC))) == 2


@pytest.mark.usefixtures("reachable")
def test_roles_have_to_fit_the_organisation(say: Said, own: Database) -> None:
    with own.write() as unit:
        add_client(unit, add_partner(unit, "North", parent_id=add_group(unit).id), "Agro")

    assert say("invite", "--role", "moderator", "--organisation", "North")[::2] == (
        2, "greenlight: North is of type partner: its people may be installer, support, manager.\n",
    )  # fmt: skip
    assert "one of Agro" in say("invite", "--role", "client")[2]
    assert "There are: " in say("invite", "--role", "client", "--organisation", "Agor")[2]
    assert say("invite", "--role", "client", "--organisation", "Agro")[0] == 0
    assert say("invite", "--role", "INSTALLER", "--organisation", "North")[0] == 0
    with own.read() as unit:
        assert len(unit.invitations.open(datetime.now(UTC))) == 2


@pytest.mark.usefixtures("own", "reachable")
def test_the_name_of_the_bot_is_remembered(say: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    say("invite", "--role", "administrator")
    for name, value in (("TOKEN", ""), ("API", "http://127.0.0.1:1")):
        monkeypatch.setenv(f"GREENLIGHT_TELEGRAM_{name}", value)
    assert "t.me/green_bot?" in say("invite", "--role", "administrator")[1]

    monkeypatch.setenv("GREENLIGHT_TELEGRAM_TOKEN", TOKEN)
    assert "t.me/green_bot?" in say("invite", "--role", "administrator")[1]


@pytest.mark.parametrize(("token", "where"), [(TOKEN, "http://127.0.0.1:1"), ("99:" + "B" * 35, "")])
def test_without_the_name_nothing_is_invited_and_the_token_is_not_shown(
    say: Said, place: Path, api: Api, monkeypatch: pytest.MonkeyPatch, token: str, where: str
) -> None:
    monkeypatch.setenv("GREENLIGHT_TELEGRAM_TOKEN", token)
    monkeypatch.setenv("GREENLIGHT_TELEGRAM_API", where or api.url)

    code, out, err = say("invite", "--role", "administrator")

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert token not in err
    assert token.partition(":")[2] not in err
    assert ("refuses" if not where else "cannot be reached") in err
    database = Database(f"sqlite:///{place / 'greenlight.db'}")
    with database.read() as unit:
        assert not unit.organisations.of_kind(OrganisationKind.ADMINISTRATIVE_GROUP)
    database.close()

"""Invitations: whom, where to, the link, who may use it, and withdrawing it."""

import re

import pytest
from sqlmodel import select

from domain.roles import Role
from storage.queues import OutboxRecord
from storage.tables import InvitationRecord
from tests.e2e.world import World
from tests.talk import Talk


def link_of(talk: Talk) -> str:
    """The link that was just handed over."""
    return re.findall(r"https://t\.me/\S+\?start=(\S+)", talk.shows("https://t.me/", "works once"))[0]


def invite(world: World, *roles: str, organisation: str) -> str:
    """Invite somebody; the secret of the link."""
    adam = world.adam
    adam.says("/invite")
    for role in roles:
        adam.press(role)
    adam.press("Next")
    if "Where do they belong?" in adam.text:
        adam.says(organisation)  # the list may be long
        adam.press(organisation)
    return link_of(adam)


def test_an_invitation_makes_a_person_once(world: World) -> None:
    secret = invite(world, "installer", "manager", organisation="South")
    world.adam.shows("installer, manager of South")
    zed = world.stranger("Zed")
    zed.starts(secret)
    zed.shows("Zed", "installer, manager", "South")
    late = world.stranger("Late")
    late.starts(secret)
    late.shows("was used, withdrawn or has expired")
    late.says("/tasks")
    late.shows("This bot is for invited people")


def test_the_secret_is_in_no_log_and_not_kept(world: World) -> None:
    secret = invite(world, "client", organisation="Terra")

    def kept(unit: object) -> list[str]:
        session = unit.session  # type: ignore[attr-defined]  # SQLModel adds it
        rows = [str(row.payload) for row in session.exec(select(OutboxRecord)).all()]
        return rows + [str(one.secret_hash) for one in session.exec(select(InvitationRecord)).all()]

    # What was sent is forgotten when it is noted as sent, a moment later.
    for _ in range(50):
        world.adam.starts()
        left = [row for row in world.read(kept) if secret in row]
        if not left:
            break
    assert not left
    assert secret not in world.stage.bot_log


def test_no_later_press_edits_the_link_away(world: World) -> None:
    secret = invite(world, "support", organisation="South")
    world.adam.press("« Menu")
    world.adam.shows("Adam · administrator")
    assert [m for m in world.adam.messages() if secret in m.get("text", "")]


def test_a_second_tap_makes_one_invitation(world: World) -> None:
    adam = world.adam
    adam.says("/invite")
    adam.press("installer")
    adam.press("Next")
    pick = adam.data_of("South")
    before = len(world.read(lambda unit: unit.session.exec(select(InvitationRecord)).all()))
    adam.press("South")
    adam.forge(pick)
    adam.toast("This button is from before")
    assert len(world.read(lambda unit: unit.session.exec(select(InvitationRecord)).all())) == before + 1
    assert [m for m in adam.messages() if "works once" in m.get("text", "")]


def test_a_withdrawn_invitation_is_of_no_use(world: World) -> None:
    secret = invite(world, "support", organisation="South")
    world.adam.press("Open invitations")
    world.adam.shows("support", "South", "by Adam")
    revoke = world.adam.data_of("Revoke 1")
    world.adam.press("Revoke 1")
    world.adam.toast("Withdrawn")
    world.adam.forge(revoke)
    world.adam.toast("used or withdrawn already")
    zed = world.stranger()
    zed.starts(secret)
    zed.shows("was used, withdrawn or has expired")


def test_roles_of_the_group_alone_need_no_question(world: World) -> None:
    secret = invite(world, "support", "moderator", organisation="Group")
    world.adam.shows("support, moderator of Group")
    world.adam.press("Open invitations")
    world.adam.press("Revoke 1")
    assert secret


def test_a_client_is_nothing_else(world: World) -> None:
    adam = world.adam
    adam.says("/invite")
    assert not [label for label in adam.buttons() if label.startswith("Next")]
    adam.press("installer")
    adam.press("support")
    adam.press("client")
    assert [label for label in adam.buttons() if label.startswith("✅")] == ["✅ client"]
    adam.press("Next")
    assert "Agro" in adam.buttons()
    assert "North" not in adam.buttons()
    adam.says("terr")
    assert "Agro" not in adam.buttons()
    adam.press("Show all")
    adam.press("« Back")
    adam.press("manager")
    assert [label for label in adam.buttons() if label.startswith("✅")] == ["✅ manager"]
    adam.press("Next")
    adam.forge(f"org:{world.organisations['Agro'].id}:0")
    adam.toast("This does not fit here")
    adam.says("/invite")
    adam.press("Cancel")
    adam.toast("Nothing was changed")


@pytest.mark.parametrize("name", ["Mona", "Ivan", "Clara"])
def test_others_invite_nobody(world: World, name: str) -> None:
    person = world.talks[name]
    before = len(world.read(lambda unit: unit.session.exec(select(InvitationRecord)).all()))
    person.says("/invite")
    person.shows("Your role may not do this")
    for data in ("inv", "invs:0", "uninv:1"):
        person.forge(data)
        person.toast("Your role may not do this")
    person.forge(f"role::{Role.ADMINISTRATOR.value}")
    person.forge("do::")
    assert len(world.read(lambda unit: unit.session.exec(select(InvitationRecord)).all())) == before

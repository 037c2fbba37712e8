"""The forecast in chat: a day a page, each line of an object leads to it."""

from datetime import timedelta

import pytest

from bot.buttons.forecast import Forecast
from domain.objects import ObjectStatus
from tests.builders import key
from tests.e2e.world import World


@pytest.mark.parametrize("name", ["Mona", "Adam"])
def test_a_day_is_looked_at_and_the_next_one_and_an_object_opened(world: World, name: str) -> None:
    red_in_a_day = world.machine(ObjectStatus.SERVICE, "Terra", ago=timedelta(days=6), next_at=world.now())
    reader = world.talks[name]
    reader.says("/forecast")
    reader.forge(Forecast(0, 0, key(world.organisations["Terra"])).pack())
    reader.shows("Forecast", "if nothing changes")
    (tomorrow,) = (label for label in reader.buttons() if label.endswith("▶") and label != "▶")
    reader.press(tomorrow)
    reader.shows("Forecast")
    while "digest: " not in reader.text:  # what other tests left stands before it
        reader.press("▶")
    while not reader.offers(f"{red_in_a_day.number} ·"):
        reader.press("▶")
    reader.shows(f"{red_in_a_day.number} red: ", "Stan", "Mona")
    reader.press(f"🔴 {red_in_a_day.number}")
    reader.shows(red_in_a_day.number, "Service")


def test_of_one_client_and_of_days_that_there_are_not(world: World) -> None:
    terra = key(world.organisations["Terra"])
    world.mona.says("/forecast")
    world.mona.forge(Forecast(1, 0, terra).pack())
    world.mona.shows("Forecast", "Terra")
    world.mona.forge(Forecast(-3, -9, None).pack())
    world.mona.shows("Forecast")
    world.mona.forge(Forecast(99, 99, None).pack())
    world.mona.shows("Forecast")
    assert not world.mona.offers("Thu 99")
    world.mona.forge(Forecast(0, 0, 999_999).pack())
    world.mona.shows_not("Forecast")


def test_for_others_there_is_no_such_thing(world: World) -> None:
    for name in ("Anna", "Ivan", "Olga", "Clara"):
        talk = world.talks[name]
        talk.says("/forecast")
        talk.shows_not("Forecast")
        talk.forge(Forecast(1).pack())
        talk.shows_not("Forecast")
        talk.press("« Menu")
        talk.press("More")
        assert "Forecast" not in talk.buttons()

"""The button of the forecast."""

from dataclasses import dataclass

from bot.buttons.base import Button


@dataclass(frozen=True, slots=True)
class Forecast(Button):
    """A page of what will be said on a day: so many days from today; of all, or of one client."""

    TAG = "fcst"
    day: int = 0
    page: int = 0
    client_id: int | None = None

"""Who is away and who stands in, in a line of another screen."""

from bot.screens import esc
from bot.services.absences import Whereabouts
from bot.texts import gettext as _
from bot.texts.times import moment


def presence(where: Whereabouts, time_zone: str) -> list[str]:
    """The lines that somebody reads of themselves."""
    lines = []
    if where.until is not None:
        until = moment(where.until, time_zone)
        lines.append(
            "🌴 " + _("You are away until {when}.").format(when=f"<b>{until}</b>") + " " + taking(where)
        )
    lines += [
        "🤝 "
        + _("You stand in for {name} until {when}.").format(
            name=esc(one.name), when=moment(one.until, time_zone)
        )
        for one in where.covers
    ]
    return lines


def presence_of(where: Whereabouts, time_zone: str) -> list[str]:
    """The lines that somebody reads of another."""
    lines = []
    if where.until is not None:
        away = _("Away until {when}.").format(when=moment(where.until, time_zone))
        lines.append(f"🌴 {away} {taking(where)}")
    lines += [
        "🤝 "
        + _("Stands in for {name} until {when}.").format(
            name=esc(one.name), when=moment(one.until, time_zone)
        )
        for one in where.covers
    ]
    return lines


def taking(where: Whereabouts) -> str:
    """Who stands in for somebody who is away."""
    if where.named is None:
        return _("Nobody stands in.")
    if where.taker == where.named:
        return _("{name} stands in.").format(name=esc(where.named))
    if where.taker is None:
        return _("{name} is away as well, and nobody stands in.").format(name=esc(where.named))
    return _("{name} is away as well, so {other} stands in.").format(
        name=esc(where.named), other=esc(where.taker)
    )

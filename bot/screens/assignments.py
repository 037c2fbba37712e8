"""Naming the installer of an object, or the support employee responsible for its client."""

from bot.buttons import Assign, AssignTo, Open
from bot.screens import Key, Screen, esc, in_pairs, pages, rows
from bot.services.assignments import Naming
from bot.texts import gettext as _
from bot.texts.words import field_name
from domain.process import Kind

PAGE = 8


def choose_person(naming: Naming, page: int) -> Screen:
    """Who is named now, and who can be; the other of the two is one press away."""
    case, support = naming.case, naming.support
    shown = naming.people[page * PAGE :][:PAGE]
    keys = [
        Key(
            f"✓ {person.name}" if person.id == naming.named_id else person.name,
            AssignTo(case.id, support, person.id),
        )
        for person in shown
    ]
    other = _("Installer instead") if support else _("Support instead")
    return Screen(
        "\n".join(filter(None, _lines(naming))),
        rows(
            *in_pairs(keys),
            pages(page, len(naming.people), PAGE, lambda number: Assign(case.id, support, number)),
            [
                Key(_("Nobody"), AssignTo(case.id, support, None)) if naming.named_id else None,
                Key(other, Assign(case.id, not support)),
            ],
            [Key(_("« Back"), Open(Kind.OBJECT, case.id))],
        ),
    )


def _lines(naming: Naming) -> list[str]:
    case, support = naming.case, naming.support
    named = esc(naming.named) if naming.named else _("nobody")
    scope = _("It holds for all machines of {client}.").format(client=esc(case.client.name))
    nobody = _("{organisation} has nobody in this role yet.").format(organisation=esc(naming.parent))
    return [
        f"<b>{esc(case.title)}</b>",
        f"{field_name('support' if support else 'installer')}: <b>{named}</b>",
        scope if support else "",
        _("Who is it from now on?") if naming.people else nobody,
    ]

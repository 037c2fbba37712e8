"""Correcting what is known about an object."""

from bot.buttons import CorrectField, Open, Skip
from bot.screens import Key, Screen, esc, in_pairs, rows, way_out
from bot.screens.fields import question
from bot.services.cases import Case
from bot.services.corrections import FIELDS, NEEDED, value_of
from bot.texts import gettext as _
from bot.texts.words import field_name
from domain.process import Kind


def choose_field(case: Case) -> Screen:
    """Everything that is known, and which of it to correct."""
    record = case.seen.object
    lines = [f"{field_name(field)}: {esc(value_of(record, field) or '–')}" for field in FIELDS]
    keys = [Key(field_name(field), CorrectField(case.id, field)) for field in FIELDS]
    return Screen(
        "\n".join([f"<b>{esc(case.title)}</b> · " + _("What is not right?"), *lines]),
        rows(*in_pairs(keys), [Key(_("« Back"), Open(Kind.OBJECT, case.id))]),
    )


def ask_value(case: Case, field: str) -> Screen:
    """The value now, and what it should be."""
    now = value_of(case.seen.object, field)
    shown = f"<code>{esc(now)}</code>" if now else _("not known yet")
    clear = Key(_("Clear it"), Skip(field)) if now and field not in NEEDED else None
    return Screen(
        f"<b>{esc(case.title)}</b> · {field_name(field)}: {shown}\n{question(field)}",
        rows([clear], way_out()),
    )

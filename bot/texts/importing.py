"""What an import says: of a file, of its columns, of each row."""

from collections.abc import Sequence

from bot.texts import N_, ngettext
from bot.texts import gettext as _
from bot.texts.words import field_name
from domain.imports import Fault, Part, Problem, Verdict

HELP = N_("Import a client's list of machines: XLSX, XLS, ODS or CSV. Every row is checked first.")
HELP_FILE = N_("The list.")
HELP_CLIENT = N_("The client whose machines they are.")
HELP_YES = N_("Import the good rows without asking.")
HELP_COLUMN = N_("Which column holds what, such as number=B; may be given several times.")
HELP_NO_HEADING = N_("The list has no heading: its first row is a machine, too.")
HELP_REPORT = N_(
    "Where the checked file goes, with a verdict per row; ./NAME-checked.xlsx, if nothing is said."
)

_PARTS = {
    Part.MAKE: N_("Make"),
    Part.MODEL: N_("Model"),
    Part.PHONE: N_("Phone"),
    Part.CONTACT: N_("Contact on site"),
}

_VERDICTS = {
    Verdict.NEW: N_("new"),
    Verdict.SAME: N_("already there"),
    Verdict.CHANGED: N_("changed"),
    Verdict.WRONG: N_("wrong"),
}

_FAULTS = {
    Fault.TITLE: N_("a title, no machine"),
    Fault.TOTAL: N_("a total, no machine"),
    Fault.HEADING: N_("the heading once more, no machine"),
    Fault.NO_NUMBER: N_("there is no number"),
    Fault.FORMULA: N_("{part} is computed ({detail}): copy the column and paste it as values"),
    Fault.ERROR: N_("{part} is an error of the spreadsheet ({detail}): type what is meant"),
    Fault.CUT: N_(
        "{part} {detail} was shortened by the spreadsheet: make the column text and type the number anew"
    ),
    Fault.DATE: N_(
        "the spreadsheet made a date of {part} ({detail}): make the column text and type the number anew"
    ),
    Fault.TOO_LONG: N_("{part} has more than {detail} characters"),
    Fault.NOT_A_TERMINAL: N_("{detail} is no terminal's number: 4 to 32 digits and Latin letters"),
    Fault.NUMBER_TWICE: N_("row {detail} has the same number: leave one of them"),
    Fault.TERMINAL_TWICE: N_("row {detail} has the same terminal: leave it at one of them"),
    Fault.TERMINAL_IN_USE: N_("the terminal is on {detail}: correct that one first"),
}

_PROBLEMS = {
    Problem.NO_TABLE: N_("This is no table. Send the list as XLSX, XLS, ODS or CSV."),
    Problem.EMPTY: N_("The file is empty. Check that the list is on a visible sheet, and save it again."),
    Problem.TOO_BIG: N_("The file has more than 20 MB. Split the list, or save it without pictures."),
    Problem.TOO_MANY_ROWS: N_("The list has more than {where} rows. Split it into several files."),
    Problem.SWELLS: N_(
        "The file is too large when it is unpacked. Copy the list into a new file, values only, and send"
        " that one."
    ),
    Problem.MACROS: N_("The file has macros, which I never open. Save it as «Excel workbook (.xlsx)»."),
    Problem.PASSWORD: N_("The file is protected by a password. Save it without one."),
    Problem.OTHER_FORMAT: N_("I cannot read this format. Open the file and save it as XLSX."),
    Problem.DAMAGED: N_("The file is damaged. Open it, save it as XLSX, and send it again."),
    Problem.MIXED_ENCODINGS: N_(
        "The text mixes two encodings, so letters would be lost; see line {where}. Open the file, correct"
        " those lines and save it as CSV UTF-8, or as XLSX."
    ),
    Problem.UNKNOWN_ENCODING: N_(
        "I do not recognise the encoding of this text. Save it as CSV UTF-8, or as XLSX."
    ),
    Problem.OPEN_QUOTE: N_(
        'A quotation mark (") is not closed; see line {where}. Close it, or send an XLSX.'
    ),
    Problem.GONE: N_("The file cannot be fetched any more. Please send it again."),
    Problem.OURS: N_("That did not work, and it is our fault. Nothing was imported. Please send it again."),
}


def part_name(part: str) -> str:
    """What a column holds."""
    return _(_PARTS[Part(part)]) if part in _PARTS else field_name(part)


def verdict_name(verdict: Verdict) -> str:
    """What will become of a row."""
    return _(_VERDICTS[verdict])


def fault(kind: str, part: str, detail: str) -> str:
    """Why a row cannot be imported, and what to do."""
    if kind == Fault.TERMINAL_IN_USE and not detail:
        detail = _("another machine")
    return _(_FAULTS[Fault(kind)]).format(part=part_name(part) if part else "", detail=detail)


def problem(kind: str, where: str) -> str:
    """Why a file cannot be imported, and what to do."""
    return _(_PROBLEMS[Problem(kind)]).format(where=where)


def changes(found: Sequence[tuple[str, str, str]]) -> str:
    """What will be another."""
    return "; ".join(f"{field_name(name)}: {before or '–'} → {after}" for name, before, after in found)


def report_columns() -> tuple[str, str]:
    """The two columns that the checked file has more."""
    return _("Result"), _("Why")


def own_comment(file: str) -> str:
    """What the history says of whatever an import has written; «{row}» stays in it."""
    # Nothing in a file's name may stand for anything.
    safe = file.replace("{", "(").replace("}", ")")
    return _("Imported from {file}, row {row}").replace("{file}", safe)


# --- command line


def no_file(path: str) -> str:
    """There is no such file."""
    return _("There is no file {path}.").format(path=path)


def not_imported(path: str, why: str) -> str:
    """The file as a whole is refused."""
    return _("{path} was not imported: {why}").format(path=path, why=why)


def wrong_column(given: str) -> str:
    """An option that cannot be read."""
    return _("--column {given}: say a part and a column, such as number=B. The parts are: {parts}.").format(
        given=given, parts=", ".join(Part)
    )


def say_columns(titles: Sequence[str], guess: int) -> str:
    """The columns are not clear; ``guess`` is the row that may be a heading or a machine, 0: it is clear."""
    said = _("Say which column holds what, such as --column number=A. The columns are: {columns}.").format(
        columns=", ".join(titles)
    )
    hint = _("If row {row} is no heading but a machine, say --no-heading as well.").format(row=guess)
    return f"{said} {hint}" if guess else said


def has_a_heading(row: int) -> str:
    """The option says that there is no heading, and there is one."""
    return _("--no-heading: row {row} is a heading.").format(row=row)


def reading(path: str) -> str:
    """The first step."""
    return _("Reading {path}").format(path=path)


def checking() -> str:
    """The dry run."""
    return _("Checking")


def writing() -> str:
    """The last step."""
    return _("Importing")


def report_written(path: str) -> str:
    """Where the verdicts are."""
    return _("What becomes of each row: {path}").format(path=path)


def ask_to_import(count: int, client: str) -> str:
    """The one question."""
    return ngettext("Import {n} row for {client}?", "Import {n} rows for {client}?", count).format(
        n=count, client=client
    )


def say_yes() -> str:
    """Nobody is there to be asked."""
    return _("Nothing was changed. Say --yes to import the good rows.")


def imported(created: int, corrected: int, told: int) -> str:
    """What was done."""
    return _("{created} created, {corrected} corrected, {told} people are told.").format(
        created=created, corrected=corrected, told=told
    )


def left_out(numbers: Sequence[str]) -> str:
    """What was changed meanwhile."""
    return _("Left out, since they were changed meanwhile: {numbers}.").format(numbers=", ".join(numbers))

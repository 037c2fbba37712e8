"""What an import of a list knows: the parts of a machine, what becomes of a row, what may be wrong."""

from enum import StrEnum


class Part(StrEnum):
    """What a column may hold. Make and model belong to the name, the phone to the contact."""

    NUMBER = "number"
    NAME = "name"
    MAKE = "make"
    MODEL = "model"
    PLATE = "plate"
    VIN = "vin"
    TERMINAL = "terminal"
    ADDRESS = "address"
    CONTACT = "contact"
    PHONE = "phone"


class Verdict(StrEnum):
    """What an import will do with a row."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    WRONG = "wrong"


class Fault(StrEnum):
    """Why a row cannot be imported."""

    TITLE = "title"
    TOTAL = "total"
    HEADING = "heading"
    NO_NUMBER = "no_number"
    FORMULA = "formula"
    ERROR = "error"
    CUT = "cut"
    DATE = "date"
    TOO_LONG = "too_long"
    NOT_A_TERMINAL = "not_a_terminal"
    NUMBER_TWICE = "number_twice"
    TERMINAL_TWICE = "terminal_twice"
    TERMINAL_IN_USE = "terminal_in_use"


class Problem(StrEnum):
    """Why a file cannot be imported at all."""

    NO_TABLE = "no_table"
    EMPTY = "empty"
    TOO_BIG = "too_big"
    TOO_MANY_ROWS = "too_many_rows"
    SWELLS = "swells"
    MACROS = "macros"
    PASSWORD = "password"  # noqa: S105  # names a problem
    OTHER_FORMAT = "other_format"
    DAMAGED = "damaged"
    MIXED_ENCODINGS = "mixed_encodings"
    UNKNOWN_ENCODING = "unknown_encoding"
    OPEN_QUOTE = "open_quote"
    GONE = "gone"
    OURS = "ours"


class BadFile(Exception):  # noqa: N818  # named by what is the case
    """The file cannot be imported; ``where`` points to a line or a part of it."""

    def __init__(self, problem: Problem, where: str = "") -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.where = where

"""What is sent to find out what is there: each button that names something, by each who may not see it."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.buttons import (
    Assign,
    AssignTo,
    Away,
    Back,
    Board,
    BoardClients,
    Button,
    Cancel,
    ChangeStatus,
    ClientFilters,
    ClientList,
    Confirm,
    Correct,
    CorrectField,
    Find,
    FollowUp,
    Groups,
    Help,
    History,
    ImBack,
    InvitationList,
    Invite,
    KeepAsNote,
    KeepTerminal,
    MapPin,
    Menu,
    More,
    NewClient,
    NewObject,
    ObjectFilters,
    ObjectList,
    Open,
    OpenPerson,
    PeopleList,
    Photos,
    PickOrganisation,
    PickReason,
    PickStatus,
    Rate,
    RemovePerson,
    RevokeInvitation,
    Rewrite,
    SayAgain,
    Skip,
    StandIn,
    StandInPage,
    Sure,
    ToggleRole,
    Unbind,
    UntilWhen,
    WhyNot,
    WriteNote,
)
from bot.buttons.alerts import GiveUp, TakeIt, WhyMe
from bot.buttons.forecast import Forecast
from bot.buttons.times import KeepTime, PickInstead, SetTime, Times, TimesTrail
from bot.screens.bulk_buttons import (
    BulkDo,
    BulkFile,
    BulkName,
    BulkObjects,
    BulkOf,
    BulkPeople,
    BulkReport,
    BulkTo,
    PickPage,
    SelectFrom,
    Tick,
    TickList,
)
from bot.screens.importing_buttons import (
    ImportCheck,
    ImportColumn,
    ImportColumns,
    ImportGo,
    ImportHeading,
    ImportList,
    ImportPart,
    ImportShow,
    ImportStop,
)
from bot.unit import Answer
from domain.imports import Part
from domain.process import Kind
from domain.roles import Role
from tests.hostile import raw
from tests.hostile.company import Company
from tests.hostile.driving import Bot, Outcome
from tests.hostile.raw import Json
from tests.hostile.watching import Watch

O, C = Kind.OBJECT, Kind.CLIENT  # noqa: E741  # as the data of buttons say it
UNKNOWN = 999_999
NORTH = ("Ivan", "Olga", "Anna")
READERS = (*NORTH, "Clara", "Stranger", "Rem", "Idle")
Drawn = Callable[[int], Button]


@dataclass(frozen=True)
class Case:
    """A button with the id of ``what``, pressed after what ``before`` says: texts, or data with a «!»."""

    what: str
    drawn: Drawn
    before: tuple[str, ...] = ()


def on_both(*drawn: Callable[[Kind, int], Button]) -> list[Case]:
    """A button that objects and clients have."""
    return [
        Case(what, lambda number, one=one, kind=kind: one(kind, number))  # type: ignore[misc]  # the lambda binds its values
        for one in drawn
        for what, kind in (("object", O), ("client", C))
    ]


PICKING = ("!" + SelectFrom().pack(),)
NAMING = (*PICKING, "!" + TickList(on=True).pack(), "!" + BulkDo("assign").pack())
CASES: dict[type[Button], list[Case]] = {
    Open: [*on_both(Open), *on_both(lambda kind, n: Open(kind, n, fresh=True))],
    History: on_both(History, lambda kind, n: History(kind, n, 1)),
    WhyNot: on_both(WhyNot, lambda kind, n: WhyNot(kind, n, card=True)),
    ChangeStatus: on_both(ChangeStatus),
    PickStatus: on_both(*(lambda kind, n, row=row: PickStatus(kind, n, 1, row) for row in (2, 4, 7, 10, 23))),
    FollowUp: [Case("object", lambda n: FollowUp(n, 1)), Case("object", lambda n: FollowUp(n, 2))],
    Confirm: on_both(Confirm),
    WriteNote: on_both(WriteNote),
    Photos: [
        *on_both(lambda kind, n: Photos(kind, n, 1)),
        Case("line", lambda n: Photos(O, own.object, n)),
        Case("line", lambda n: Photos(C, own.client, n)),
        Case("case line", lambda n: Photos(C, own.client, n)),
        Case("case line", lambda n: Photos(O, own.object, n)),
    ],
    MapPin: [Case("object", MapPin)],
    Assign: [Case("object", Assign), Case("object", lambda n: Assign(n, support=True))],
    AssignTo: [
        Case("object", lambda n: AssignTo(n, support=False, person_id=None)),
        Case("person", lambda n: AssignTo(own.object, support=False, person_id=n)),
        Case("person", lambda n: AssignTo(own.object, support=True, person_id=n)),
    ],
    Correct: [Case("object", Correct)],
    CorrectField: [Case("object", lambda n: CorrectField(n, "name"))],
    ObjectList: [
        Case("client", lambda n: ObjectList(client_id=n)),
        Case("client", lambda n: ObjectList(tasks=True, client_id=n, found=True)),
        Case("client", lambda n: ObjectList(client_id=n, due=2)),
    ],
    Board: [Case("client", Board)],
    ObjectFilters: [
        Case("client", lambda n: ObjectFilters(client_id=n)),
        Case("client", lambda n: ObjectFilters(of="client", client_id=n)),
        Case("client", lambda n: ObjectFilters(of="status", client_id=n)),
    ],
    PickOrganisation: [
        Case("client", PickOrganisation, ("/new",)),
        Case("organisation", PickOrganisation, ("/newclient",)),
        Case("organisation", PickOrganisation, ("/newclient", "A new one")),
        Case("organisation", PickOrganisation, ("/invite",)),
        Case("client", PickOrganisation),
    ],
    PeopleList: [Case("organisation", lambda n: PeopleList(0, n))],
    OpenPerson: [Case("person", OpenPerson)],
    RemovePerson: [Case("person", RemovePerson), Case("person", lambda n: RemovePerson(n, sure=True))],
    ToggleRole: [Case("person", lambda n: ToggleRole(n, Role.INSTALLER))],
    SelectFrom: [
        Case("client", lambda n: SelectFrom(client_id=n)),
        Case("client", lambda n: SelectFrom(tasks=True, client_id=n, found=True)),
    ],
    Tick: [
        Case("object", lambda n: Tick(n, on=True), PICKING),
        Case("object", lambda n: Tick(n, on=False), PICKING),
    ],
    BulkName: [Case("person", BulkName, NAMING), Case("person", BulkName)],
    BulkOf: [Case("organisation", BulkOf, NAMING)],
    BulkReport: [Case("bulk", BulkReport), Case("bulk", lambda n: BulkReport(n, 1))],
    BulkFile: [Case("bulk", BulkFile)],
    BulkObjects: [Case("bulk", BulkObjects)],
    ImportShow: [Case("import", ImportShow)],
    ImportGo: [Case("import", ImportGo)],
    ImportColumns: [Case("import", ImportColumns)],
    ImportPart: [Case("import", lambda n: ImportPart(n, Part.NAME))],
    ImportColumn: [Case("import", lambda n: ImportColumn(n, Part.NAME, 1))],
    ImportHeading: [Case("import", lambda n: ImportHeading(n, machine=True))],
    ImportCheck: [Case("import", ImportCheck)],
    ImportStop: [Case("import", ImportStop)],
    RevokeInvitation: [Case("invitation", RevokeInvitation)],
    Unbind: [Case("bound", Unbind)],
    TakeIt: [Case("object", lambda n: TakeIt(n, 1))],
    GiveUp: [Case("object", GiveUp)],
    WhyMe: [Case("object", lambda n: WhyMe(n, 2, 0))],
    Forecast: [Case("client", lambda n: Forecast(client_id=n))],
    Times: [Case("organisation", Times)],
    SetTime: [
        Case("organisation", lambda n: SetTime(n, "Service")),
        Case("organisation", lambda n: SetTime(n, "hours")),
    ],
    KeepTime: [Case("organisation", lambda n: KeepTime(n, "Service"))],
    TimesTrail: [Case("organisation", TimesTrail)],
    StandIn: [Case("person", StandIn, ("/away 2 weeks",)), Case("person", StandIn)],
}
"""The buttons that name something."""
FOR_ADMINISTRATORS = {
    PeopleList, OpenPerson, RemovePerson, ToggleRole, RevokeInvitation, Unbind, Times, SetTime, KeepTime,
    TimesTrail, Forecast,
}  # fmt: skip
"""They tell those apart who see everything anyway."""
NAMES_NOTHING = {
    Away, UntilWhen, StandInPage, ImBack, Groups,
    Menu, More, Help, Find, BoardClients, ClientList, ClientFilters, NewObject, NewClient, Invite,
    InvitationList, TickList, PickPage, BulkDo, BulkTo, BulkPeople, ImportList,
    PickReason, Rate, KeepTerminal, Sure, SayAgain, Rewrite, KeepAsNote, Back, Cancel, Skip,
    PickInstead,
}  # fmt: skip
"""The others act on what the dialogue is about: ``test_what_goes_out_of_sight_in_the_middle``."""


@dataclass
class Own:
    """Something that everybody of North sees."""

    object: int = 0
    client: int = 0


own = Own()


class Yard:
    """The company with its bot, for one test."""

    def __init__(self, bot: Bot, company: Company, runner: asyncio.Runner) -> None:
        self.bot, self.company, self._runner = bot, company, runner
        self.watch = Watch(bot, company)
        self.bulks: dict[str, int] = {}
        self.imports: dict[str, int] = {}

    def prepare(self) -> None:
        """An invitation, a bound group, and what partners have done to many machines."""
        for one in ("/invite", "!" + ToggleRole(None, Role.MODERATOR).pack(), "!" + Confirm().pack()):
            self.act("Adam", one)
        adam = self.company.accounts["Adam"]
        self.feed({"message": {**raw.sent(adam, **raw.words("/bind")), "chat": raw.group()}})
        for number, (name, installer) in enumerate((("Sara", "Stan"), ("Olga", "Anna")), start=1):
            chosen = "!" + BulkName(self.company.people[installer]).pack()
            for one in (*NAMING, chosen, "!" + Confirm().pack(), "/menu"):
                self.act(name, one)
            self.bulks[name] = number
        for number, name in enumerate(("Stan", "Ivan"), start=1):
            account = self.company.accounts[name]
            table = {"file_id": "list", "file_unique_id": "list-u", "file_name": "list.csv"}
            self.feed(raw.sends(account, document=table))
            self.act(name, "!" + PickOrganisation(self.company.organisations["Agro"]).pack())
            self.act(name, "/menu")
            self.imports[name] = number

    def feed(self, update: Json) -> Outcome:
        """Hand one update in; everything that has to hold is looked at."""
        return self.watch.look(self._runner.run(self.bot.feed(update)))

    def act(self, name: str, what: str) -> Outcome:
        """Say something, or press a button: its data with a «!»."""
        account = self.company.accounts[name]
        return self.feed(raw.presses(account, what[1:]) if what[:1] == "!" else raw.says(account, what))

    def foreign(self, name: str, what: str) -> list[int]:
        """The ids of what somebody may not see."""
        clients = {"Terra"} if name in NORTH else {"Terra", "Bravo"}
        objects = [self.company.objects[client][0] for client in clients]
        ids = [self.company.organisations[client] for client in clients]
        return {
            "object": objects,
            "client": [*ids, *(self.company.organisations[one] for one in ("Group", "North"))],
            "organisation": [*ids, self.company.organisations["South"]],
            "line": [self.company.lines[one] for one in objects],
            "case line": [line for one in ids for line in self.company.case_lines[one]],
            "person": [self.company.people[one] for one in ("Stan", "Tina")],
            "invitation": [1],
            "bound": [1],
            "bulk": [self.bulks["Sara"]],
            "import": [self.imports["Stan"]],
        }[what]

    def seen(self, what: str) -> int:
        """The id of something near."""
        return {
            "object": own.object,
            "client": own.client,
            "organisation": self.company.organisations["North"],
            "line": self.company.lines[own.object],
            "case line": self.company.case_lines[own.client][0],
            "person": self.company.people["Anna"],
            "invitation": 1,
            "bound": 1,
            "bulk": self.bulks["Olga"],
            "import": self.imports["Ivan"],
        }[what]

    def answer(self, name: str, before: Sequence[str], what: str, typed: str) -> tuple[object, ...]:
        """What comes back, and comes next; ``typed`` is left out of it."""
        for one in before:
            self.act(name, one)
        found = [readable(self.act(name, what), typed), readable(self.act(name, "!" + Help().pack()), typed)]
        return tuple(found)


def readable(outcome: Outcome, typed: str) -> str:
    """All that a person gets, without ids of their own."""
    answers = [(one.text, one.alert) if isinstance(one, Answer) else one.articles for one in outcome.answers]
    shown = [(one.kind, one.text, one.keyboard, one.photos, one.pin) for one in outcome.shown]
    text = f"{answers} {shown}"
    for word in (typed, *typed.split()):
        text = re.sub(rf"(?<![0-9A-Za-z]){re.escape(word)}(?![0-9A-Za-z])", "…", text)
    return text

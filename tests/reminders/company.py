"""What people do with each other and with their times, in the program and in the ledger."""

from datetime import time, timedelta

from bot.services import administration, own_times
from bot.services.absences import come_back, go_away
from bot.services.people import accept_invitation, invite, lose, welcome_back
from bot.services.time_values import Key, Quiet, Value, times_key
from domain.deadlines import parse_times
from domain.process import Refused
from domain.roles import ROLES_OF, OrganisationKind, Role
from storage.tables import OrganisationRecord
from tests.reminders.acting import Acting
from tests.reminders.people import know
from tests.reminders.spec import DAY, HOUR, TIMES, Home, Person
from tests.reminders.world import seen

QUIET = (None, (time(22), time(7), False), (time(21), time(8), True), (time(13), time(15), False),
         (time(20), time(9, 30), False), (time(0), time(3, 30), True))  # fmt: skip
DIGESTS = (time(9), time(6, 30), time(18), time(23, 30))
SPANS = (("12 h", "30 h"), ("1 d", "2 d"), ("3 d", "4 d"), ("20 d", "21 d"), ("6 h", "90 d"))


class Living(Acting):
    """People who come, go, are away, and set their times."""

    # Absences

    def goes_away(self, who: int, whom: int, hours: int, *, both: bool = False) -> None:
        """Somebody is away, with a stand-in or without; ``both``: whoever stands in is away as well."""
        people = self.there()
        person = people[who % len(people)]
        others = [one for one in people if one.home == person.home and one is not person]
        stand_in = [*others, None][whom % (len(others) + 1)]
        self._goes_away(person, stand_in, timedelta(hours=hours))
        if both and stand_in is not None:
            self.goes_away(people.index(stand_in), whom + 1, hours)

    def _goes_away(self, person: Person, stand_in: Person | None, length: timedelta) -> None:
        stand_in_id = stand_in.id if stand_in is not None else None
        until = self.now + length
        with self.world.database.write() as unit:
            go_away(unit, self.me(unit, person), stand_in_id, until, self.now)
        person.away_until, person.stand_in = until, stand_in_id
        self.ledger.reach_changed(person.id)
        self._takes_no_more(person)
        seen["absences"] += 1

    def _takes_no_more(self, person: Person) -> None:
        """What came to somebody for others goes on to the next of the chain."""
        for one in self.company.people.values():
            if one.is_away(self.now) and one is not person:
                self.ledger.reach_changed(one.id)

    def comes_back(self, who: int) -> None:
        """Somebody says that they are back before their time."""
        away = [one for one in self.there() if one.is_away(self.now)]
        if not away:
            return
        person = away[who % len(away)]
        with self.world.database.write() as unit:
            assert come_back(unit, self.me(unit, person), self.now)
        person.away_until = person.stand_in = None
        self.ledger.is_back(person)
        seen["back early"] += 1

    # Out of reach

    def blocks(self, who: int, *, says_so: bool) -> None:
        """Somebody blocks the bot; Telegram says so at once, or with the next message."""
        people = [one for one in self.there() if one.account not in self.world.blocked]
        if not people:
            return
        self._blocks(people[who % len(people)], says_so=says_so)

    def _blocks(self, person: Person, *, says_so: bool) -> None:
        self.world.blocked.add(person.account)
        if says_so:
            with self.world.database.write() as unit:
                lose(unit, person.account, self.now)
            person.reachable = False
            self.ledger.reach_changed(person.id)
        seen["blocked"] += 1

    def starts(self, who: int) -> None:
        """Somebody presses Start again."""
        people = [one for one in self.there() if one.account in self.world.blocked]
        if not people:
            return
        person = people[who % len(people)]
        self.world.blocked.discard(person.account)
        with self.world.database.write() as unit:
            record = unit.people.get(person.id)
            assert record is not None
            welcome_back(unit, record, self.now)
        if not person.reachable:
            person.reachable = True
            if not person.is_away(self.now):
                self.ledger.is_back(person)
        seen["started again"] += 1

    def nobody_is_there(self, where: int, which: int, hours: int) -> None:
        """All who have a role somewhere are away with nobody to stand in, or (0 hours) block the bot."""
        homes = list(self.company.homes.values())
        home = homes[where % len(homes)]
        roles = list(ROLES_OF[home.kind])
        for person in self.there():
            if person.home == home.id and roles[which % len(roles)] in person.roles:
                if hours:
                    self._goes_away(person, None, timedelta(hours=hours))
                elif person.account not in self.world.blocked:
                    self._blocks(person, says_so=True)

    # Who is who

    def _administrator(self) -> Person:
        return next(one for one in self.there() if Role.ADMINISTRATOR in one.roles)

    def is_removed(self, who: int) -> None:
        """An administrator takes somebody out."""
        people = self.there()
        person = people[who % len(people)]
        try:
            with self.world.database.write() as unit:
                administration.remove(unit, self.me(unit, self._administrator()), person.id, self.now)
        except Refused:
            return  # nobody would be administrator any more
        self._without(person, person.roles)
        person.removed = True
        self.ledger.reach_changed(person.id)
        self._leaves(person)
        self.world.blocked.discard(person.account)
        seen["removed"] += 1

    def _without(self, person: Person, roles: Role) -> None:
        """Without the role one is not named."""
        for machine in self.company.machines.values():
            if machine.installer == person.id and Role.INSTALLER in roles:
                machine.installer = None
        for home in self.company.homes.values():
            if home.support == person.id and Role.SUPPORT in roles:
                home.support = None

    def _leaves(self, person: Person) -> None:
        """They are away no more, and stand in for nobody: whoever they stood in for is back."""
        person.away_until = person.stand_in = None
        for one in self.company.people.values():
            if one.stand_in == person.id:
                one.away_until = one.stand_in = None

    def joins(self, where: int, which: int) -> None:
        """Somebody new accepts an invitation."""
        homes = list(self.company.homes.values())
        home = homes[where % len(homes)]
        roles = list(ROLES_OF[home.kind])
        role = roles[which % len(roles)]
        account = 6_000_000_000 + len(self.company.people)
        with self.world.database.write() as unit:
            record = unit.session.get_one(OrganisationRecord, home.id)
            secret = invite(unit, role, record, self.now)
            person = accept_invitation(unit, secret, account, "Somebody new", self.now)
            self.ledger.hears_from_now(know(self.company, person, role))
        seen["joined"] += 1

    def changes_role(self, who: int, which: int) -> None:
        """An administrator gives a role, or takes it."""
        people = [one for one in self.company.people.values() if not one.removed]
        person = people[who % len(people)]
        roles = list(ROLES_OF[self.company.homes[person.home].kind])
        role = roles[which % len(roles)]
        try:
            with self.world.database.write() as unit:
                me = self.me(unit, self._administrator())
                has = administration.toggle_role(unit, me, person.id, role, self.now)
        except Refused:
            return
        if has:
            person.roles |= role
            self.ledger.hears_from_now(person)
        else:
            person.roles &= ~role
            self.ledger.reach_changed(person.id)
            self._without(person, role)
            if not person.roles:
                self._leaves(person)
        seen["roles changed"] += 1

    # Times

    def sets(self, where: int, what: int, value: int) -> None:
        """An administrator sets quiet hours, the digest, or the times of a status."""
        homes = list(self.company.homes.values())
        home = homes[where % len(homes)]
        if what % 3 == 0:
            home.quiet = QUIET[value % len(QUIET)]
            self._set(home.id, Key.QUIET, Quiet(*home.quiet) if home.quiet is not None else None)
            self.ledger.day_changed(home, self.now)
        elif what % 3 == 1:
            home.digest = DIGESTS[value % len(DIGESTS)]
            self._set(home.id, Key.DIGEST, home.digest)
            self.ledger.day_changed(home, self.now)
        elif home.kind is OrganisationKind.CLIENT:
            names = [str(name) for name in TIMES]
            self._sets_times(home, names[what // 3 % len(names)], SPANS[value % len(SPANS)])
        else:
            return
        seen["times set"] += 1

    def _sets_times(self, home: Home, name: str, span: tuple[str, str]) -> None:
        main, urgent = span if name != "Verified" else ("2 d", "8 d")
        home.times[name] = (_length(main), _length(urgent))
        self._set(home.id, times_key(name), parse_times(name, f"{main} / {urgent}"))
        self.ledger.deadlines_changed()

    def _set(self, organisation_id: int, key: str, value: Value) -> None:
        with self.world.database.write() as unit:
            me = self.me(unit, self._administrator())
            choice = own_times.choice(unit, me, organisation_id, key)
            own_times.set_own(unit, me, choice, value, self.now)


def _length(text: str) -> timedelta:
    number, unit = text.split()
    return int(number) * (DAY if unit == "d" else HOUR)

"""What people do all day, each a walk from its beginning to its confirmed end, with detours.

Every comment is said once in the whole run: by it a change is known in the history and in everybody's chat.
"""

from collections.abc import Awaitable, Callable
from itertools import pairwise

from domain.objects import ObjectStatus
from domain.roles import Role
from tests.domain.oracle import State, targets
from tests.e2e.walking import SURE_ASKED, asks_terminal, choice, opening
from tests.torture.company import CLIENT_ROWS, MANY, Errand, Machine
from tests.torture.person import Line, News, Person, Stuck
from tests.torture.rig import PATIENCE

S = ObjectStatus
ASKED = " Order diagnostics"
"""The answer to a breakdown, as an alert offers it."""
LOOKS = ("/tasks", "/objects", "/board", "/menu", "/help", "M000")
DETOUR = 0.25
"""How often people turn aside, of all the times they could."""


async def row(me: Person, errand: Errand) -> None:
    """Take a machine from one status to the next."""
    assert errand.row is not None
    [machine], row, number = errand.machines, errand.row, errand.machines[0].number
    role, source, target = me.member.role, machine.status, row.target
    following = targets(role, State(source, late=machine.late, commissioned=machine.commissioned))
    comment = me.ledger.new_comment(me.name)
    photo = me.chance.random() < DETOUR

    async def as_far_as_the_comment() -> None:
        await me.opens(machine)
        await me.press(opening(role, source), number, twice=me.chance.random() < DETOUR)
        if len(following) > 1:
            await me.press(_choice(role, source, target), number)
        if target in SURE_ASKED:
            await me.press("Yes, I am sure", number)
        if asks_terminal(row):
            await _give_terminal(me, number)
        if row.no == 18:
            await me.press("It broke down", number)
        if row.no == 10:
            await me.press("★★★★", number)

    await as_far_as_the_comment()
    await _turn_aside(me, as_far_as_the_comment)
    button = f"Change status to {target}"
    await _comment(me, machine, comment, button, photo=photo)
    await me.press(button, number, comment, twice=me.chance.random() < DETOUR)
    _changed(me, machine, [source, target], comment)
    await me.sees(number, str(target))


async def note(me: Person, errand: Errand) -> None:
    """Leave a note on a machine."""
    [machine], comment = errand.machines, me.ledger.new_comment(me.name)
    await me.opens(machine)
    await me.press("Note", machine.number)
    await _comment(me, machine, comment, "Leave this note", photo=me.chance.random() < DETOUR)
    await me.press("Leave this note", machine.number, comment, twice=me.chance.random() < DETOUR)
    me.ledger.lines[Line(me.name, machine.number, None, None, comment)] += 1
    me.ledger.news.append(News(comment, me.name, (machine,), machine.status))
    await me.sees(machine.number, button="Note")


async def case(me: Person, errand: Errand) -> None:
    """Take a client as a sales case one step on."""
    assert errand.row is not None
    name, source, target = errand.case, errand.row.source, errand.row.target
    comment = me.ledger.new_comment(me.name)
    await me.says("/clients")
    await me.press("🔎 Find", "Clients ·")
    await me.sees("Send me")
    await me.says(name)
    await me.press(f" {source}", name)
    if sum(row.source is source for row in CLIENT_ROWS) > 1:
        await me.press(f" {target}", name)
    await me.sees(name, "Write a comment")
    await me.says(comment)
    await me.press(f"Change status to {target}", name, comment)
    me.ledger.lines[Line(me.name, name, source, target, comment)] += 1
    await me.sees(name, str(target))


async def many(me: Person, errand: Errand) -> None:
    """Take several machines on at once."""
    assert errand.row is not None
    target, comment = errand.row.target, me.ledger.new_comment(me.name)
    await me.says("/objects")
    await me.press("Select…", "Objects")
    await me.sees("0 chosen")
    await me.says("\n".join(machine.number for machine in errand.machines))
    await me.press(f"Go on with {MANY} objects", f"{MANY} chosen")
    if me.member.role is not Role.INSTALLER:
        await me.press("Change the status", f"{MANY} objects")
    await me.press(f" {target}", "What happened to all of them?")
    await me.sees("Write one comment")
    await me.says(comment)
    await me.press(f"Change {MANY} objects to {target}", comment, twice=me.chance.random() < DETOUR)
    for machine in errand.machines:
        me.ledger.lines[Line(me.name, machine.number, machine.status, target, comment)] += 1
    me.ledger.news.append(News(comment, me.name, errand.machines, target))
    await me.sees(f"{MANY} changed")


async def answer(me: Person) -> bool:
    """Answer a client's request that nobody else has in hand; whether there was one."""
    for alert in await me.looks_for(ASKED):
        machine = next((m for m in me.ledger.requests if m.number in alert["text"]), None)
        if machine is None:
            continue
        me.ledger.requests.remove(machine)
        comment = me.ledger.new_comment(me.name)
        await me.press_at(alert, ASKED)
        await me.sees(machine.number, "Write what happens next")
        await me.says(comment)
        await me.press("Change status to Diagnostics", machine.number, comment)
        _changed(me, machine, [S.OUT_OF_SERVICE, S.ACTIVE, S.DIAGNOSTICS], comment)
        await me.sees(machine.number, "Diagnostics")
        return True
    return False


async def take(me: Person) -> bool:
    """Take a machine that an alert tells of; whether there was one. Somebody may have been faster."""
    for alert in await me.looks_for("I take it", "the time for it is over"):
        number = alert["text"].split()[1]
        if (me.name, number) not in me.ledger.taken:
            me.ledger.taken.add((me.name, number))
            await me.press_at(alert, "I take it")
            try:
                await me.sees(number, "took it", ever=True, patience=PATIENCE / 4)
            except Stuck:  # a kill: nobody knew of any alert when it was pressed; now it is known
                await me.press_at(alert, "I take it")
                await me.sees(number, "took it", ever=True)
            return True
    return False


async def look(me: Person) -> None:
    """Look at something, as people do in between."""
    await me.says(me.chance.choice(LOOKS))
    await me.sees()


WALKS: dict[str, Callable[[Person, Errand], Awaitable[None]]] = {
    "row": row, "note": note, "case": case, "many": many,
}  # fmt: skip


def _choice(role: Role, source: ObjectStatus, target: ObjectStatus) -> str:
    """The button of a next status; the client's yes and no are sentences."""
    button = choice(role, source, target)
    return button if button[0] == " " else f"{button}…"


async def _give_terminal(me: Person, number: str) -> None:
    """Skip the terminal's number, or type one."""
    if me.chance.random() < 1 - DETOUR:
        await me.press("Skip…", number)
    else:
        await me.sees(number, button="Skip…")
        await me.says(me.ledger.new_terminal())


async def _turn_aside(me: Person, again: Callable[[], Awaitable[None]]) -> None:
    """In the middle of a dialogue, look at something else; then begin anew."""
    if me.chance.random() < DETOUR:
        await look(me)
        await again()


async def _comment(me: Person, machine: Machine, comment: str, button: str, *, photo: bool) -> None:
    """Write the comment; now and then go back and write it again. Taken twice, «Back» leads elsewhere."""
    await me.sees(machine.number, button="Cancel")
    await me.says(comment, photo=photo)
    if me.chance.random() < DETOUR:
        await me.press("« Back", machine.number, comment)
        await me.sees(machine.number, button="Cancel")
        await me.says(comment)
    await me.sees(machine.number, comment, button=button)


def _changed(me: Person, machine: Machine, statuses: list[ObjectStatus], comment: str) -> None:
    """Write down what has to stand in the history, and what has to be told."""
    for before, after in pairwise(statuses):
        me.ledger.lines[Line(me.name, machine.number, before, after, comment)] += 1
    me.ledger.news.append(News(comment, me.name, (machine,), statuses[-1]))
    if statuses[-1] is S.OUT_OF_SERVICE and me.member.role is Role.CLIENT:
        me.ledger.requests.append(machine)

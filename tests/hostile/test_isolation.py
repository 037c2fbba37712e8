"""What somebody may not see does not exist for them: the answer is that of an unknown one, to the byte.

Each probe is sent twice by each reader: with the id of something that they may not see, and with one
that nothing has. A new button has no case here yet, and fails ``test_every_button_has_a_case``.
"""

import re

import pytest
from telegram.ext import CommandHandler

from bot.buttons import (
    Button,
    Confirm,
    Find,
    ToggleRole,
)
from bot.unit import Answer
from domain.roles import Role
from storage.tables import OrganisationRecord
from tests.hostile import raw
from tests.hostile.driving import Bot
from tests.hostile.mischief import kinds_of_button
from tests.hostile.probes import (
    CASES,
    FOR_ADMINISTRATORS,
    NAMES_NOTHING,
    PICKING,
    READERS,
    UNKNOWN,
    C,
    O,
    Yard,
    own,
    readable,
)
from tests.hostile.watching import Watch


def test_every_button_has_a_case() -> None:
    kinds = set(kinds_of_button())
    assert CASES.keys() | NAMES_NOTHING == kinds
    assert not CASES.keys() & NAMES_NOTHING


@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.__name__)
def test_an_unseen_one_is_answered_as_an_unknown_one(yard: Yard, kind: type[Button]) -> None:
    told_apart = False
    for case in CASES[kind]:
        for name in READERS:
            nothing = yard.answer(name, case.before, "!" + case.drawn(UNKNOWN).pack(), str(UNKNOWN))
            for number in yard.foreign(name, case.what):
                found = yard.answer(name, case.before, "!" + case.drawn(number).pack(), str(number))
                assert found == nothing, f"{name} tells {case.what} {number} from an unknown one"
            near = yard.seen(case.what)
            there = yard.answer(name, case.before, "!" + case.drawn(near).pack(), str(near))
            told_apart |= there != nothing
    assert told_apart or kind in FOR_ADMINISTRATORS, "nobody is shown anything: the cases test nothing"


def test_links(yard: Yard) -> None:
    for name in READERS:
        nothing = yard.answer(name, (), f"/start o{UNKNOWN}", f"o{UNKNOWN}")
        for number in yard.foreign(name, "object"):
            assert yard.answer(name, (), f"/start o{number}", f"o{number}") == nothing
        for number in yard.foreign(name, "client"):
            assert yard.answer(name, (), f"/start o{number}", f"o{number}") == nothing
    assert yard.answer("Ivan", (), f"/start o{own.object}", f"o{own.object}") != nothing


def commands(bot: Bot) -> set[str]:
    found = {
        command
        for dialogue in bot.dialogues
        for handler in dialogue.entry_points
        if isinstance(handler, CommandHandler)
        for command in handler.commands
    }
    assert {"start", "objects", "new"} <= found
    return found


SEARCHERS = ("Ivan", "Clara", "Stranger", "Rem")


def words_of(yard: Yard, client: str) -> list[str]:
    """All by which a client's machines could be found: each unguessable, but for who knows it already."""
    records = [yard.watch.after.objects[one] for one in yard.company.objects[client][:2]]
    fields = ("number", "name", "terminal")
    whole = [record[field] for record in records for field in fields]
    return [*whole, whole[0][-10:], yard.watch.after.organisations[
        yard.company.organisations[client]]["name"]]  # fmt: skip


def unknown(words: str) -> str:
    """Words of the same shape that nothing has."""
    return re.sub(r"\d{6}(?=QZ)", "999999", words)


def test_commands(yard: Yard) -> None:
    for command in commands(yard.bot):
        for name in SEARCHERS:
            for words in words_of(yard, "Terra")[:2]:
                found = yard.answer(name, (), f"/{command} {words}", words)
                assert found == yard.answer(name, (), f"/{command} {unknown(words)}", unknown(words))


SEARCHES: dict[str, tuple[str, ...]] = {
    "outside": (),
    "objects": ("!" + Find(O).pack(),),
    "clients": ("!" + Find(C).pack(),),
    "client of a new machine": ("/new",),
    "numbers of many": PICKING,
    "people": ("/people",),
    "where to invite": ("/invite", "!" + ToggleRole(None, Role.INSTALLER).pack(), "!" + Confirm().pack()),
    "who looks after a new client": ("/newclient", "A new one"),
    "whose list it is": ("/import",),
    "who stands in": ("/away 2 weeks",),
    "whose times": ("/times",),
}


@pytest.mark.parametrize("before", SEARCHES.values(), ids=SEARCHES)
def test_searches(yard: Yard, before: tuple[str, ...]) -> None:
    for name in SEARCHERS:
        for words in words_of(yard, "Terra"):
            found = yard.answer(name, before, words, words)
            assert found == yard.answer(name, before, unknown(words), unknown(words))
    for words in words_of(yard, "Agro"):
        yard.answer("Tina", before, words, words)  # and the other way round


def test_searching_for_what_everybody_may_guess_finds_the_own_alone(yard: Yard) -> None:
    for name in SEARCHERS:
        for words in ("Loader", "AB", "86", "a", "Z", "QZ", "Terra", "was done", "Field"):
            yard.act(name, words)
            yard.feed(raw.asks(yard.company.accounts[name], words))


def test_inline_queries(yard: Yard) -> None:
    for name in SEARCHERS:
        account = yard.company.accounts[name]
        for words in words_of(yard, "Terra"):
            found = readable(yard.feed(raw.asks(account, words)), words)
            assert found == readable(yard.feed(raw.asks(account, unknown(words))), unknown(words))
    [offer] = yard.feed(raw.asks(yard.company.accounts["Ivan"], "Loader")).answers
    assert not isinstance(offer, Answer)
    assert len(offer.articles) == 5


MIDDLES: dict[str, tuple[str, ...]] = {
    "note": ("!note:o:{id}",),
    "note summary": ("!note:o:{id}", "A note"),
    "change": ("!chg:o:{id}", "!pick:o:{id}:1:26"),
    "comment": ("!chg:o:{id}", "!pick:o:{id}:1:26", "!keep"),
    "summary": ("!chg:o:{id}", "!pick:o:{id}:1:26", "!keep", "Done"),
    "correction": ("!fix:{id}", "!fixf:{id}:name"),
    "position": ("!fixf:{id}:position",),
}
ENDS = (
    "!do", "!do:o:{id}", "!rewrite", "!back", "!stop", "!say:0", "!keep", "!sure", "!asnote", "!rate:5",
    "!why18:breakdown", "!skip:name", "!skip:position", "!org:1:0", "Words", "50.1, 30.1", "/cancel",
)  # fmt: skip


@pytest.mark.parametrize("middle", MIDDLES.values(), ids=MIDDLES)
def test_what_goes_out_of_sight_in_the_middle(yard: Yard, middle: tuple[str, ...]) -> None:
    number, client = yard.company.objects["Agro"][3], yard.company.organisations["Agro"]

    def hand_over(partner: str) -> None:
        with yard.bot.database.write() as unit:
            unit.session.get_one(OrganisationRecord, client).parent_id = yard.company.organisations[partner]
        yard.watch = Watch(yard.bot, yard.company)

    for end in ENDS:
        hand_over("North")
        for one in middle:
            yard.act("Ivan", one.format(id=number))
        assert "Ivan" in {
            name for name, account in yard.company.accounts.items()
            for _chat, user, *_rest in yard.watch.after.dialogues if user == account
        }  # fmt: skip
        hand_over("South")
        yard.act("Ivan", end.format(id=number))
        assert not yard.watch.lines
        yard.act("Ivan", "!stop")

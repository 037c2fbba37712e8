"""What must be true after every step, whatever came."""

from collections.abc import Sequence

from bot.unit import Answer, Offer
from domain.process import Kind
from storage.queues import InboxState
from storage.tables import HistoryRecord
from tests.hostile import facts
from tests.hostile.allowing import Change
from tests.hostile.company import Company, marks_of
from tests.hostile.driving import Bot, Json, Outcome, Shown
from tests.hostile.facts import Person
from tests.hostile.keeping import Keeping
from tests.hostile.telegram import CAPTION, TOAST, check_keyboard, check_text, units

CLIENT_WORDS = ("Potential", "In development", "For registration", "Implementation", "Have worked", "Refusal")
"""Statuses of clients whose names mean nothing else anywhere."""


class Watch:
    """Compares what is stored and shown with what the papers say."""

    def __init__(self, bot: Bot, company: Company) -> None:
        self.bot = bot
        self.company = company
        self.before = facts.read(bot.database)
        self.after = self.before
        self.lines: list[HistoryRecord] = []

    def look(self, outcome: Outcome) -> Outcome:
        """Check one step; ``AssertionError`` when something is wrong."""
        database = self.bot.database
        self.before, self.after = self.after, facts.read(database)
        self.lines = facts.lines_after(database, self.before.last_line)
        accounts = {sender for update in outcome.updates if (sender := sender_of(update)) is not None}
        self._nothing_failed()
        self._every_press_is_answered(outcome)
        self._note_typed(outcome.updates)
        self._note_written()
        authors = [one for account in accounts for one in self._versions(account)]
        arrived = any("/start" in repr(update) for update in outcome.updates)
        last = facts.last_statuses(database)
        change = Change(self.before, self.after, self.lines, last, authors, self.bot.clock.now, arrived)
        change.history_is_allowed()
        change.nothing_else_changed()
        news = any(is_group_news(update) for update in outcome.updates)
        Keeping(self.before, self.after, authors, self.bot.clock.now, news).is_allowed()
        self._one_dialogue_each()
        for shown in outcome.shown:
            self._may_be_shown(shown)
        for answer in outcome.answers:
            self._may_be_answered(answer, outcome.updates)
        return outcome

    def look_at_work(self, outcome: Outcome) -> None:
        """Check what the bot has done beside the conversations: whoever asked for it did so before."""
        self.before, self.after = self.after, facts.read(self.bot.database)
        self.lines = facts.lines_after(self.bot.database, self.before.last_line)
        self._nothing_failed()
        Keeping(self.before, self.after, (), self.bot.clock.now, group_news=False).nothing_came()
        self._note_written()
        for shown in outcome.shown:
            self._may_be_shown(shown)

    def _versions(self, account: int) -> list[Person]:
        """Who it was before and after: roles may have come or gone in the same moment."""
        found = (self.before.of_account(account), self.after.of_account(account))
        return list({one for one in found if one is not None})

    def _nothing_failed(self) -> None:
        assert not self.bot.errors.found, self.bot.errors.found
        left = {state: n for state, n in self.bot.inbox_states().items() if state != InboxState.DONE}
        assert not left, left

    @staticmethod
    def _every_press_is_answered(outcome: Outcome) -> None:
        kinds = ("callback_query", "inline_query")
        asked = [update[kind]["id"] for update in outcome.updates for kind in kinds if kind in update]
        assert sorted(answer.query_id for answer in outcome.answers) == sorted(asked)

    def _note_typed(self, updates: Sequence[Json]) -> None:
        """Whoever types a mark knows it."""
        for update in updates:
            account = sender_of(update)
            if account is not None:
                self.company.secrets.note(repr(update), account=account)
                for name in _photos_in(update):
                    self.company.photos.setdefault(name, 0)

    def _note_written(self) -> None:
        """Where a mark was written it may be read from now on."""
        secrets = self.company.secrets
        for line in self.lines:
            if line.object_id is not None:
                client = self.after.objects[line.object_id]["client_id"]
                secrets.note(line.comment, client=client)
                for photo in facts.photos_of(self.bot.database, line.id or 0):
                    assert self.company.photos.get(photo) in {0, client}, "a photo of somebody else"
                    self.company.photos[photo] = client
            else:
                secrets.note(line.comment, case=line.client_id)
        for key, record in self.after.objects.items():
            if record != self.before.objects.get(key):
                secrets.note(repr(record), client=record["client_id"])
                if record["latitude"] is not None:
                    self.company.pins[record["latitude"], record["longitude"]] = record["client_id"]
        for key, record in self.after.organisations.items():
            if record != self.before.organisations.get(key):
                secrets.note(record["name"], client=key)

    def _one_dialogue_each(self) -> None:
        rows = {(chat, user): (name, state) for chat, user, name, state, _ in self.after.dialogues}
        assert len({user for _chat, user in rows}) == len(rows)
        held = {
            key: (str(dialogue.name), str(state))
            for dialogue in self.bot.dialogues
            for key, state in dialogue._conversations.items()
        }
        count = sum(len(dialogue._conversations) for dialogue in self.bot.dialogues)
        assert held == rows, "what is held and what is stored differ"
        assert count == len(rows)

    # Nothing is shown that somebody may not see

    def _may_be_shown(self, shown: Shown) -> None:
        people = self._versions(shown.chat_id)
        for photo in shown.photos:
            assert any(self._sees(one, self.company.photos[photo]) for one in people), "a foreign photo"
        if shown.pin is not None:
            assert any(self._sees(one, self.company.pins[shown.pin]) for one in people), "a foreign place"
            return
        if shown.kind in {"album", "file"}:
            assert units(shown.text) <= CAPTION
            self._may_be_read(shown.text, shown.chat_id)
            return
        check_text(shown.text)
        check_keyboard(shown.buttons)
        self._may_be_read(shown.text, shown.chat_id)
        for label, data, _url in shown.buttons:
            self._may_be_read(label or "", shown.chat_id)
            if data and not any(one.is_staff for one in people):
                assert Kind.CLIENT not in data.split(":"), "a button of a sales case for a client"

    def _may_be_answered(self, answer: Answer | Offer, updates: Sequence[Json]) -> None:
        asked = next(sender_of(update) for update in updates if f"'id': '{answer.query_id}'" in repr(update))
        assert asked is not None
        if isinstance(answer, Answer):
            assert units(answer.text or "") <= TOAST
            self._may_be_read(answer.text or "", asked)
            return
        for article in answer.articles:
            check_text(article.text)
            for text in (article.text, article.title, article.description, article.button):
                self._may_be_read(text, asked)

    def _may_be_read(self, text: str, account: int) -> None:
        people = self._versions(account)
        if not any(one.is_staff for one in people):
            words = [one for one in CLIENT_WORDS if one in text]
            assert not words, f"a client reads the status of a client: {text!r}"
        for mark in marks_of(text):
            secret = self.company.secrets.marks[mark]
            fine = (
                account in secret.accounts
                or (self._is_bound(account) and secret.clients)
                or any(
                    any(self._sees(one, client) for client in secret.clients)
                    or (one.is_staff and any(self._sees(one, client) for client in secret.cases))
                    for one in people
                )
            )
            assert fine, f"{account} is shown {mark}: {text!r}"

    def _is_bound(self, chat: int) -> bool:
        """Whether it is a group of the moderators, who see the things of all clients."""
        rows = [*self.before.bound.values(), *self.after.bound.values()]
        return any(row["chat_id"] == chat for row in rows)

    def _sees(self, person: Person, client_id: int) -> bool:
        return self.after.sees(person, client_id)


def sender_of(update: Json) -> int | None:
    """The account that an update comes from."""
    for content in update.values():
        if isinstance(content, dict) and "from" in content:
            account: int = content["from"]["id"]
            return account
    return None


def is_group_news(update: Json) -> bool:
    """Whether Telegram says that the bot was put out of a group, or that a group has another number."""
    message: Json = update.get("message", {})
    return "my_chat_member" in update or bool({"migrate_to_chat_id", "migrate_from_chat_id"} & message.keys())


def _photos_in(update: Json) -> list[str]:
    message: Json = update.get("message", {})
    return [size["file_id"] for size in message.get("photo", [])]

"""``greenlight doctor``: what is all right, and what to do about the rest."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text
from sqlalchemy.exc import DBAPIError

from bot.commands import telegram
from bot.commands.common import REFUSED, Standing, now, reason, shown, standing
from bot.logs import redact
from bot.services.deployment import read_file
from bot.services.reaching import LATE, Reach, reach
from bot.settings import Settings, WrongSetting, load
from bot.texts import checks as words
from bot.texts import cli
from bot.texts import gettext as _
from bot.texts.words import role_names
from domain.roles import Role
from storage import migrations
from storage.database import Database
from storage.queues import OutboxState

CLOCK_TOLERANCE = 30
"""Seconds that the two clocks may differ: certificates, deadlines and reminders still work."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what was found, or what to do."""

    name: str
    ok: bool
    finding: str


def doctor() -> None:
    """Print all checks; exit code 1 when something is wrong."""
    settings = load()
    console = Console(highlight=False, soft_wrap=True)
    healthy = True
    with console.status(""):
        for check in checks(settings):
            healthy = healthy and check.ok
            mark = Text("ok   ", style="green") if check.ok else Text("WRONG", style="bold red")
            finding = redact(" ".join(check.finding.split()))
            console.print(mark, f"{_(check.name):<11}", Text(finding))
    if not healthy:
        raise typer.Exit(REFUSED)


def checks(settings: Settings) -> Iterator[Check]:
    """Everything there is to check, the most basic first."""
    yield Check(words.CHECK_SETTINGS, ok=True, finding=words.settings_ok())
    yield _times(settings.times)
    yield from _database(settings)
    yield _files(settings.files)
    yield from _telegram(settings)


def _times(path: Path | None) -> Check:
    try:
        read_file(path)
    except WrongSetting as wrong:
        return Check(words.CHECK_TIMES, ok=False, finding=str(wrong))
    return Check(words.CHECK_TIMES, ok=True, finding=words.times_ok(str(path) if path else None))


def _database(settings: Settings) -> Iterator[Check]:
    database = Database(settings.database_url)
    url = shown(database.url)
    path = database.engine.url.database
    try:
        # Connecting would make the file: a doctor changes nothing.
        if database.is_sqlite and path and path != ":memory:" and not Path(path).exists():
            yield Check(words.CHECK_DATABASE, ok=False, finding=words.database_absent(url))
            return
        found = standing(database)
        yield Check(words.CHECK_DATABASE, ok=True, finding=words.database_ok(url))
        yield _migrations(database, found)
        if found is Standing.NEWEST:
            yield from _contents(database)
    except DBAPIError as error:
        wrong = cli.database_unreachable(url, reason(error))
        yield Check(words.CHECK_DATABASE, ok=False, finding=wrong)
    finally:
        database.close()


def _migrations(database: Database, found: Standing) -> Check:
    url, at, newest = shown(database.url), migrations.current(database), migrations.newest(database)
    finding = {
        Standing.NEWEST: words.migrations_ok(str(at)),
        Standing.NEWER: cli.database_newer(url, str(at)),
        Standing.FOREIGN: cli.database_foreign(url),
    }.get(found, words.migrations_behind(at, newest))
    return Check(words.CHECK_MIGRATIONS, ok=found is Standing.NEWEST, finding=finding)


def _contents(database: Database) -> Iterator[Check]:
    with database.read() as uow:
        administrators = len(uow.people.with_role(Role.ADMINISTRATOR))
        states = uow.outbox.counts()
        errors = ", ".join(sorted({message.error or "?" for message in uow.outbox.dead()}))
        parked = list(uow.inbox.parked())
        waiting = len(uow.inbox.waiting_ids())
        reached = reach(uow, now())
    finding = words.people_ok(administrators) if administrators else words.nobody_yet()
    yield Check(words.CHECK_PEOPLE, ok=administrators > 0, finding=finding)
    yield from _reach(reached)
    dead = states.get(OutboxState.DEAD, 0)
    finding = words.outbox_dead(dead, errors) if dead else words.outbox_ok(states.get(OutboxState.WAITING, 0))
    yield Check(words.CHECK_OUTBOX, ok=not dead, finding=finding)
    kinds = ", ".join(sorted({error for _id, error in parked}))
    finding = words.inbox_parked(len(parked), kinds) if parked else words.inbox_ok(waiting)
    yield Check(words.CHECK_INBOX, ok=not parked, finding=finding)


def _reach(found: Reach) -> Iterator[Check]:
    """Whether people can be told, and are."""
    teams = [words.team_missing(name, role_names(roles)) for name, roles in found.gaps]
    if found.centre:
        teams.append(words.centre_missing(role_names(found.centre)))
    yield Check(words.CHECK_ROLES, ok=not teams, finding=words.roles_missing(teams))
    yield Check(words.CHECK_CLIENTS, ok=not found.clients, finding=words.clients_deaf(found.clients))
    # Others hear what was meant for them, so a few of them are normal life.
    yield Check(words.CHECK_CHATS, ok=True, finding=words.chats_closed(found.silent))
    yield Check(words.CHECK_GROUPS, ok=not found.groups, finding=words.groups_deaf(found.groups))
    late = bool(found.overdue) or found.untold > LATE
    yield Check(words.CHECK_TICKS, ok=not late, finding=words.ticks(found.overdue, found.untold, late=late))


def _files(folder: Path) -> Check:
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    ok = there.is_dir() and os.access(there, os.W_OK)
    finding = words.files_ok(str(folder)) if ok else words.files_wrong(str(folder))
    return Check(words.CHECK_FILES, ok=ok, finding=finding)


def _telegram(settings: Settings) -> Iterator[Check]:
    try:
        known = telegram.identity(settings)
    except (WrongSetting, telegram.Unreachable, telegram.TokenRefused) as error:
        yield Check(words.CHECK_TOKEN, ok=False, finding=str(error))
        yield Check(words.CHECK_CLOCK, ok=True, finding=words.clock_unknown())
        return
    yield Check(words.CHECK_TOKEN, ok=True, finding=words.token_ok(known.username))
    yield _clock(known.date, now())


def _clock(theirs: datetime | None, ours: datetime) -> Check:
    if theirs is None:
        return Check(words.CHECK_CLOCK, ok=True, finding=words.clock_unknown())
    away = abs((ours - theirs.astimezone(UTC)).total_seconds())
    ok = away <= CLOCK_TOLERANCE
    finding = words.clock_ok(away) if ok else words.clock_wrong(away)
    return Check(words.CHECK_CLOCK, ok=ok, finding=finding)

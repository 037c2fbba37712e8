"""Scripted conversations with the real bot: its process, the sandbox's process, and people between them.

    anna.says("/tasks")
    anna.press("T-17")
    anna.press("Change status")
    anna.shows("T-17", "What happened?")

Every act waits until the bot has answered it: a press has its toast and its screen, a message its
screen. All waiting is long polling of the sandbox with a bound; nothing sleeps.
"""

import base64
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
TOKEN = "424242:the-token-of-the-sandbox-in-tests"  # noqa: S105  # of no bot
BOUND = 45.0
"""Seconds after which a test gives up waiting for the bot."""
STRICTLY = ("--strict", "--no-limits")
"""Every request is checked against the schema. The pace is not: people here never rest."""
TELLING = 6
"""Characters from which on a text in the log is no coincidence."""
SCREENS = {
    "sendMessage", "editMessageText", "sendPhoto", "sendMediaGroup", "sendLocation", "sendDocument",
}  # fmt: skip
BAD_REQUEST = 400
NORMAL_LIFE = (
    "message is not modified", "message to edit not found", "message to delete not found",
    "query is too old", "chat not found", "upgraded to a supergroup", "message thread not found",
)  # fmt: skip
"""What Telegram refuses though nobody did anything wrong."""

Json = dict[str, Any]


class Http:
    """One kept connection to the sandbox."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url).netloc
        self._connection = http.client.HTTPConnection(address, timeout=BOUND + 60)

    def __call__(self, method: str, path: str, body: Json | None = None) -> Json:
        """Ask for JSON; a refusal fails the test with the sandbox's words."""
        status, answer = self.raw(method, path, body)
        assert status == 200, f"{method} {path}: {answer.get('error', answer)}"
        return answer

    def raw(self, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
        """Ask for JSON and give the status with it."""
        sent = None if body is None else json.dumps(body)
        self._connection.request(method, f"/sandbox/{path}", sent, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


class Stage:
    """The sandbox and the bot, each a process of its own, on one folder."""

    def __init__(self, folder: Path, database_url: str, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._log = (folder / "bot.log").open("ab")
        self._sandbox = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "sandbox", "--token", TOKEN, "--port", "0", *STRICTLY],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._sandbox.stdout is not None
        self.url = self._sandbox.stdout.readline().split()[-1]
        self.http = Http(self.url)
        self._environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(ROOT),
            "GREENLIGHT_TELEGRAM_TOKEN": TOKEN,
            "GREENLIGHT_TELEGRAM_API": self.url,
            "GREENLIGHT_DATABASE_URL": database_url,
            "GREENLIGHT_FILES": str(folder / "files"),
            "GREENLIGHT_TICK_SECONDS": "0.5",
            "GREENLIGHT_PACE": "1000",  # the tests of the pace have clocks of their own
            "GREENLIGHT_LOG_LEVEL": "DEBUG",
            **(environment or {}),
        }
        self._bot: subprocess.Popen[bytes] | None = None
        self._checked = 0
        self.written: list[str] = []
        """What people have written: none of it may be in the log."""
        self.all_sent: Callable[[int], bool] = lambda _chat: True
        """Whether no message waits for a chat any more; whoever knows the database says so."""

    def start_bot(self) -> None:
        """Start the bot and wait until it listens."""
        seen = self.last_call
        self.launch_bot()
        # The last call before it begins to poll; the polls themselves are held open.
        self.calls_until(seen, lambda calls: any(c["method"] == "deleteWebhook" for c in calls), "no start")

    def launch_bot(self) -> None:
        """Start the bot, and wait for nothing."""
        self._bot = self.process()

    def process(self, **environment: str) -> "subprocess.Popen[bytes]":
        """A process of the bot, for whoever wants several; who asks for it ends it."""
        return subprocess.Popen(  # our own program
            [sys.executable, "-m", "bot", "run"],
            cwd=self.folder, env=self._environment | environment, stdout=self._log, stderr=self._log,
        )  # fmt: skip

    @property
    def pid(self) -> int:
        """The number of the bot's process."""
        assert self._bot is not None
        return self._bot.pid

    def kill_bot(self) -> None:
        """End the bot as a power cut does."""
        assert self._bot is not None
        self._bot.kill()
        self._bot.wait()
        self._bot = None

    def stop_bot(self) -> int:
        """Ask the bot to end, and give its exit code."""
        assert self._bot is not None
        self._bot.terminate()
        code = self._bot.wait(BOUND)
        self._bot = None
        return code

    def close(self) -> None:
        """End both processes."""
        if self._bot is not None:
            self.stop_bot()
        self.http.close()
        self._sandbox.terminate()
        self._sandbox.wait(BOUND)
        assert self._sandbox.stdout is not None
        self._sandbox.stdout.close()
        self._log.close()

    @property
    def bot_log(self) -> str:
        """What the bot has written to its log."""
        return (self.folder / "bot.log").read_text()

    def events(self, since: int = 0) -> list[Json]:
        """The events of the bot's log from a position on; none may hold what people have written."""
        log = self.bot_log[since:]
        said = {TOKEN, *(text for text in self.written if len(text) >= TELLING and not text.startswith("/"))}
        for text in said:
            assert text not in log, text
            assert json.dumps(text)[1:-1] not in log, text
        return [json.loads(line) for line in log.splitlines()]

    @property
    def last_call(self) -> int:
        """The number of the latest call of the Bot API."""
        return int(self.http("GET", "state")["calls"])

    def calls(self, after: int = 0) -> list[Json]:
        """All calls of the Bot API after a number."""
        found: list[Json] = []
        while page := self.http("GET", f"log?after={after}")["calls"]:
            found += page
            after = page[-1]["n"]
        return found

    def assert_well_spoken(self) -> None:
        """Neither side has said what Telegram would never take, or never say, since this was last asked."""
        assert self.http("GET", "state")["violations"] == []
        calls = self.calls(self._checked)
        self._checked = calls[-1]["n"] if calls else self._checked
        refused = [call for call in calls if call["error_code"] == BAD_REQUEST]
        wrong = [call for call in refused if not any(said in call["description"] for said in NORMAL_LIFE)]
        assert not wrong, _said(wrong)

    def wait_for_calls(self, count: int, bound: float = 0.3) -> None:
        """Wait for so many further calls, or for the bound when there are none."""
        after = self.last_call
        for _ in range(count):
            calls = self.http("GET", f"log?after={after}&wait={bound}&limit=1")["calls"]
            after = calls[-1]["n"] if calls else after

    def pass_time(self, seconds: float) -> None:
        """Let the bot work for a moment: nobody calls that method, so the sandbox holds the answer."""
        self.http("GET", f"log?after={self.last_call}&method=none&wait={seconds:.4f}")

    def wait_until_sent(self, chat: int) -> None:
        """Wait until everything that an act led to has been sent: it may be several messages."""
        until = time.monotonic() + BOUND
        while not self.all_sent(chat) and time.monotonic() < until:
            self.wait_for_calls(1, 0.005)

    def calls_until(
        self, after: int, enough: Callable[[list[Json]], bool], complaint: str, bound: float = BOUND
    ) -> list[Json]:
        """The bot's calls after a number, as soon as they are enough."""
        calls: list[Json] = []
        until = time.monotonic() + bound
        while True:
            left = until - time.monotonic()
            got = self.http("GET", f"log?after={after}&wait={max(left, 0):.3f}")["calls"]
            calls += got
            after = got[-1]["n"] if got else after
            if enough(calls):
                return calls
            assert left > 0, f"{complaint}\n{_said(calls)}\n{self.bot_log[-3000:]}"


class Talk:
    """One person's chat with the bot."""

    def __init__(self, stage: Stage, account: int, name: str) -> None:
        self.stage = stage
        self.account = account
        self.name = name
        self._messages: dict[int, Json] = {}
        self._toasts: list[Json] = []
        self._seq = 0
        self._since = 0
        self._waiting: tuple[int, int, int] | None = None

    # What the person does

    def says(self, text: str, *, wait: bool = True) -> None:
        """Write a text or a command."""
        self._act("text", {"text": text}, wait=wait)

    def starts(self, payload: str = "", *, wait: bool = True) -> None:
        """Press Start, or follow a deep link."""
        self._act("start", {"payload": payload}, wait=wait)

    def press(self, label: str, *, message: int | None = None, wait: bool = True) -> None:
        """Press the button of this label, or of one that begins with it or has it in it."""
        number, button = self._button(label, message)
        self._act("press", {"message_id": number, "data": button["callback_data"]}, presses=True, wait=wait)

    def forge(self, data: str, message: int | None = None, *, wait: bool = True) -> None:
        """Send the data of a button that is not there."""
        number = message or self.living["message_id"]
        body = {"message_id": number, "data": data, "forge": True}
        self._act("press", body, presses=True, wait=wait)

    def sends_photo(self, *photos: bytes, caption: str = "", wait: bool = True) -> None:
        """Send a photo, or several as an album."""
        encoded = [base64.b64encode(photo).decode() for photo in photos]
        self._act("photo", {"photos": encoded, "caption": caption}, wait=wait)

    def sends_file(self, name: str, content: bytes, *, wait: bool = True) -> None:
        """Send a file of any kind."""
        self._act("document", {"file_name": name, "content": base64.b64encode(content).decode()}, wait=wait)

    def sends_place(self, latitude: float, longitude: float) -> None:
        """Send a position."""
        self._act("location", {"latitude": latitude, "longitude": longitude})

    def blocks(self) -> None:
        """Block the bot."""
        self._post("block", {})

    def _act(self, name: str, body: Json, *, presses: bool = False, wait: bool = True) -> None:
        self._look()
        self._since = self._seq
        before, screens, toasts = self._waiting or (self.stage.last_call, 0, 0)
        count = len(self._post(name, body)["message_ids"])
        self._waiting = (before, screens + count, toasts + count * presses)
        if wait:
            self.settled()

    def _post(self, name: str, body: Json) -> Json:
        self.stage.written += [
            str(body[key]) for key in ("text", "caption", "query", "payload") if body.get(key)
        ]
        return self.stage.http("POST", f"people/{self.account}/{name}", body)

    def settled(self) -> None:
        """Wait until the bot has answered what was done: as many screens as updates, and the toasts."""
        if self._waiting is None:
            return
        before, screens, toasts = self._waiting
        self._waiting = None

        def answered(calls: list[Json]) -> bool:
            shown = [c for c in calls if c["chat_id"] == self.account and _shown(c)]
            said = [c for c in calls if str(c["params"].get("callback_query_id")).startswith(self._me)]
            # Of presses that follow each other at once only the last one's screen may be worth showing.
            return len(shown) >= screens - max(toasts - 1, 0) and len(said) >= toasts

        self.stage.calls_until(before, answered, f"the bot did not answer {self.name}\n{self.transcript()}")
        self.stage.wait_until_sent(self.account)

    @property
    def _me(self) -> str:
        return str(self.account)

    # What the person sees

    def shows(self, *fragments: str) -> str:
        """Wait until what the bot wrote or changed since the last act has all this in one message."""
        return self._until(lambda: self._shown_with(fragments), f"nothing shows {fragments}")

    def shows_not(self, *fragments: str) -> None:
        """What the bot has shown since the last act has none of this."""
        self._look()
        for fragment in fragments:
            assert fragment not in self.text, f"«{fragment}» is there\n{self.transcript()}"

    def toast(self, *fragments: str) -> str:
        """Wait until a line over the chat has all this."""
        return self._until(lambda: self._toast_with(fragments), f"no toast {fragments}")

    @property
    def text(self) -> str:
        """The newest screen: the message of the bot that came or changed last."""
        self._look()
        return _words(self._newest())

    @property
    def living(self) -> Json:
        """The newest message with a keyboard."""
        self._look()
        for message in reversed(self._messages.values()):
            if message.get("keyboard"):
                return message
        raise AssertionError(f"no keyboard\n{self.transcript()}")

    def with_button(self, label: str) -> list[int]:
        """The messages that have a button of exactly this label."""
        self._look()
        found = self._messages.items()
        return [
            number for number, m in found if any(k["text"] == label for line in m["keyboard"] for k in line)
        ]

    def buttons(self) -> list[str]:
        """The labels of the newest keyboard."""
        return [key["text"] for line in self.living["keyboard"] for key in line]

    def offers(self, label: str) -> bool:
        """Whether a message has a button with this in its label."""
        self._look()
        keyboards = (message["keyboard"] for message in self._messages.values())
        return any(label in key["text"] for keyboard in keyboards for line in keyboard for key in line)

    def data_of(self, label: str) -> str:
        """What a button would send."""
        return str(self._button(label, None)[1]["callback_data"])

    def messages(self, since: int = 0) -> list[Json]:
        """The messages of the chat."""
        self._look()
        return [m for m in self._messages.values() if m["seq"] > since and not m.get("deleted")]

    @property
    def photos(self) -> int:
        """How many photos the bot has sent in this chat."""
        return sum(len(m.get("photos", ())) for m in self.messages() if m["from"] == "bot")

    @property
    def now(self) -> int:
        """Where the chat stands: later messages have a greater ``seq``."""
        self._look()
        return self._seq

    def transcript(self) -> str:
        """The chat as a page of text, for whoever has to find out what went wrong."""
        self._look()
        lines = [f"--- {self.name}'s chat"]
        for message in list(self._messages.values())[-12:]:
            who = "<" if message["from"] == "bot" else ">"
            lines.append(f"{who} {_words(message)}")
            lines += ["    " + " ".join(f"[{k['text']}]" for k in line) for line in message["keyboard"]]
        return "\n".join([*lines, *(f"toast: {toast['text']}" for toast in self._toasts[-2:])])

    def _button(self, label: str, message: int | None) -> tuple[int, Json]:
        self._look()
        known = [self._messages[message]] if message else reversed(self._messages.values())
        for fits in (str.__eq__, str.startswith, str.__contains__):
            known = list(known)
            for shown in known:
                for key in (key for line in shown.get("keyboard", ()) for key in line):
                    if fits(key["text"], label):
                        return shown["message_id"], key
        raise AssertionError(f"no button «{label}»\n{self.transcript()}")

    def _look(self, wait: float = 0) -> None:
        path = f"people/{self.account}/chat?after={self._seq}&wait={max(wait, 0):.3f}"
        chat = self.stage.http("GET", path)
        for message in chat["messages"]:
            self._messages[message["message_id"]] = {"keyboard": [], "text": "", **message}
        self._toasts += chat["toasts"]
        self._seq = chat["seq"]

    def _until(self, found: Callable[[], str | None], complaint: str) -> str:
        self.settled()
        until = time.monotonic() + BOUND
        self._look()
        while (answer := found()) is None:
            left = until - time.monotonic()
            assert left > 0, f"{complaint}\n{self.transcript()}\n{self.stage.bot_log[-2000:]}"
            self._look(left)
        return answer

    def _newest(self) -> Json:
        mine = [m for m in self._messages.values() if m["from"] == "bot" and not m.get("deleted")]
        # A message that only lost its buttons is not what one reads.
        mine = [m for m in mine if m["keyboard"]] or mine
        assert mine, f"the bot has said nothing to {self.name}"
        return max(mine, key=lambda message: message["seq"])

    def _shown_with(self, fragments: Sequence[str]) -> str | None:
        recent = [m for m in self._messages.values() if m["from"] == "bot" and m["seq"] > self._since]
        if not recent and self._messages:
            recent = [self._newest()]
        for message in recent:
            words = _words(message)
            if all(fragment in words for fragment in fragments):
                return words
        return None

    def _toast_with(self, fragments: Sequence[str]) -> str | None:
        for toast in self._toasts:
            if toast["seq"] > self._since and all(fragment in toast["text"] for fragment in fragments):
                return str(toast["text"])
        return None


def together(*acts: Callable[[], None], talks: Iterable[Talk]) -> None:
    """Let several people act at once, and wait for all the answers."""
    for act in acts:
        act()
    for talk in talks:
        talk.settled()


def _words(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _shown(call: Json) -> bool:
    fine = call["ok"] or "not modified" in (call.get("description") or "")
    return call["method"] in SCREENS and fine


def _said(calls: list[Json]) -> str:
    return "\n".join(f"{c['n']} {c['method']} {c['chat_id']} {c.get('description') or 'ok'}" for c in calls)

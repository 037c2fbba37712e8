"""A group of people with the bot in it."""

from typing import Any

from tests.e2e.world import World
from tests.talk import Talk

BOT = "greenlight_demo_bot"


class Crew:
    """The chat of a group; ``thread`` 0 is the group outside of its topics."""

    def __init__(self, world: World, *members: Talk, **fields: Any) -> None:
        self.world = world
        new = {"title": "Crew", "members": [talk.account for talk in members]}
        self._keep(new | fields)

    def change(self, **fields: Any) -> None:
        """Change something about the group, as the people in it would."""
        self._keep({"id": self.id} | fields)
        self.world.quiet()

    def _keep(self, entry: dict[str, Any]) -> None:
        made = self.world.stage.http("POST", "groups", {"groups": [entry]})["groups"][0]
        self.id: int = made["id"]
        self.topics = {name: int(number) for number, name in made["topics"].items()}
        self.world.quiet()

    def says(self, talk: Talk, text: str, thread: int = 0) -> list[str]:
        """Let somebody write; what the bot says to it."""
        return self._answers(talk, "text", {"text": text}, thread)

    def presses(self, talk: Talk, data: str, message: int, thread: int = 0) -> str | None:
        """Let somebody press a button; the line over the chat, None when the press was not answered."""
        before = self._chat()
        self._act(talk, "press", {"message_id": message, "data": data, "forge": True}, thread)
        found = [toast for toast in self._chat()["toasts"] if toast["seq"] > before["seq"]]
        return str(found[0]["text"]) if found else None

    def lines(self, thread: int | None = None) -> list[str]:
        """All that the bot has said here; in one topic when it is named."""
        return [
            message["text"]
            for message in self._chat()["messages"]
            if message["from"] == "bot" and thread in {None, message.get("message_thread_id", 0)}
        ]

    @property
    def last_message(self) -> int:
        """The number of the newest message of the bot."""
        return max(m["message_id"] for m in self._chat()["messages"] if m["from"] == "bot")

    def _answers(self, talk: Talk, name: str, body: dict[str, Any], thread: int) -> list[str]:
        before = len(self.lines())
        self._act(talk, name, body, thread)
        return self.lines()[before:]

    def _act(self, talk: Talk, name: str, body: dict[str, Any], thread: int) -> None:
        where = {"chat_id": self.id} | ({"thread_id": thread} if thread else {})
        self.world.stage.http("POST", f"people/{talk.account}/{name}", body | where)
        self.world.quiet()

    def _chat(self) -> dict[str, Any]:
        return self.world.stage.http("GET", f"groups/{self.id}/chat?limit=100")

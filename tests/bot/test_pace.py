"""The pace by a clock of its own: what Telegram bears is never exceeded, replies go first, nobody starves."""

import heapq
import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lanes import BURST, KEPT_FREE, Sort
from bot.pace import IN_A_ROW, IN_ALL, IN_HAND, LONGEST_REST, Pace, Turn

REPLY, OTHER, WORK = Sort
GROUP = -100
FILES = 0

Arrival = tuple[float, int, Sort]


class Post:
    """An outbox of mere counts, a Telegram that takes ``takes`` seconds, and a clock that is set."""

    def __init__(self, speed: float = 1.0, *, takes: float = 0.0) -> None:
        self.clock = 1000.0
        self.pace = Pace({FILES}, speed, clock=lambda: self.clock, jitter=lambda _low, high: high)
        self.left: Counter[tuple[int, Sort]] = Counter()
        self.sent: list[Turn] = []
        self.takes = takes
        self._newest = 0
        self._on_their_way: list[tuple[float, int, Turn]] = []

    def queue(self, chat: int, sort: Sort, messages: int = 1) -> None:
        """Something was committed."""
        self.left[chat, sort] += messages
        self._newest += messages
        self.pace.ready(chat, sort, self._newest)

    def send(self, seconds: float, arrivals: Iterable[Arrival] = ()) -> list[Turn]:
        """Let time pass, with what is committed meanwhile; what was sent."""
        begun, first, end = self.clock, len(self.sent), self.clock + seconds
        coming = sorted(arrivals, key=lambda one: one[0])
        while True:
            while coming and begun + coming[0][0] <= self.clock:
                self.queue(*coming.pop(0)[1:])
            while self._on_their_way and self._on_their_way[0][0] <= self.clock:
                self.arrive(heapq.heappop(self._on_their_way)[2])
            found = self.pace.pick(self.clock)
            if isinstance(found, Turn):
                self.sent.append(found)
                self.left[found.chat_id, found.sort] -= 1
                arrives = (self.clock + self.takes, len(self.sent), found)
                heapq.heappush(self._on_their_way, arrives)
                continue
            assert found > 0
            next_one = min(
                self.clock + found,
                begun + coming[0][0] if coming else inf,
                self._on_their_way[0][0] if self._on_their_way else inf,
            )
            if next_one > end:
                self.clock = end
                return self.sent[first:]
            self.clock = next_one

    def arrive(self, turn: Turn, messages: int = 1) -> None:
        """A message is there."""
        more = self.left[turn.chat_id, turn.sort] > 0
        self.pace.done(turn, messages=messages, more=more)

    def take(self) -> Turn:
        """The turn that there must be now."""
        found = self.pace.pick(self.clock)
        assert isinstance(found, Turn)
        self.left[found.chat_id, found.sort] -= 1
        return found


def most(times: list[float], seconds: float) -> int:
    """The most in any stretch of so many seconds."""
    ordered = sorted(times)
    return max((bisect_left(ordered, t + seconds) - n for n, t in enumerate(ordered)), default=0)


def of(turns: list[Turn], *chats: int) -> list[float]:
    """When chats got their messages."""
    return [turn.at for turn in turns if turn.chat_id in chats]


# The limits.

arrivals = st.lists(
    st.tuples(
        st.integers(0, 400).map(lambda n: n / 8), st.sampled_from([GROUP, GROUP - 1, *range(1, 12)]),
        st.sampled_from([REPLY, OTHER]),
    ),
    max_size=400,
)  # fmt: skip


@given(arrivals, st.sampled_from([0.0, 0.04, 0.3, 2.0]))
@settings(max_examples=60, deadline=None)
def test_no_limit_is_ever_exceeded_and_everything_arrives(coming: list[Arrival], takes: float) -> None:
    post = Post(takes=takes)
    sent = post.send(2000, coming)
    assert len(sent) == len(coming)
    assert Counter(turn.chat_id for turn in sent) == Counter(chat for _, chat, _ in coming)
    assert most([turn.at for turn in sent], 1) <= 30
    for chat in {turn.chat_id for turn in sent}:
        times = of(sent, chat)
        assert most(times, 1) <= BURST + 1
        assert most(times, 60) <= (20 if chat < 0 else BURST + 60)
        others = [turn.at for turn in sent if turn.chat_id == chat and turn.sort is OTHER]
        # A second apart, but for the one in ten that goes in a reply's place.
        close = [b - a for a, b in itertools.pairwise(others) if b - a < 1]
        assert len(close) <= sum(turn.chat_id == chat for turn in sent) // IN_A_ROW


def test_many_chats_get_their_messages_evenly_and_leave_room_for_replies() -> None:
    post = Post()
    for chat in range(1, 301):
        post.queue(chat, OTHER)
    times = [turn.at for turn in post.send(9.99)]
    assert len(times) in {249, 250}
    gaps = {round(b - a, 6) for a, b in itertools.pairwise(times)}
    assert gaps == {0.04}


def test_a_chat_gets_alerts_once_a_second_and_a_burst_of_replies() -> None:
    post = Post()
    post.queue(1, OTHER, 5)
    assert [t - 1000 for t in of(post.send(10), 1)] == [0, 1, 2, 3, 4]
    post.send(60)
    post.queue(1, REPLY, BURST + 2)
    begun = post.clock
    assert [round(t - begun, 6) for t in of(post.send(10), 1)] == [0] * BURST + [1, 2]


def test_while_somebody_presses_their_alerts_leave_them_the_burst() -> None:
    post = Post()
    post.queue(1, OTHER, 100)
    sent = post.send(60, [(n * 1.2, 1, REPLY) for n in range(50)])
    assert sum(turn.sort is REPLY for turn in sent) == 50
    assert sum(turn.sort is OTHER for turn in sent) > 5
    assert all(most(of(sent, 1), seconds) <= 3 + seconds for seconds in range(1, 60))


def test_a_group_keeps_room_for_replies() -> None:
    post = Post()
    post.queue(GROUP, OTHER, 60)
    assert len(post.send(59.9)) == 20 - KEPT_FREE
    post = Post()
    post.queue(GROUP, OTHER, 60)
    post.send(30)
    post.queue(GROUP, REPLY, 2)
    turns = post.send(0)
    assert [turn.sort for turn in turns] == [REPLY, REPLY]


def test_an_album_is_as_many_messages_as_it_has_photos() -> None:
    post = Post()
    post.queue(1, REPLY, 2)
    post.arrive(post.take(), messages=10)
    assert of(post.send(5), 1) == [1001]
    for chat in range(2, 40):
        post.queue(chat, REPLY)
    post = Post()
    post.queue(1, REPLY)
    post.arrive(post.take(), messages=10)
    for chat in range(2, 40):
        post.queue(chat, REPLY)
    assert len(post.send(0.5)) == IN_ALL - 10


def test_what_was_not_sent_counts_nowhere() -> None:
    post = Post()
    post.queue(1, OTHER, 200)
    for _ in range(100):
        post.clock += 0.05
        post.arrive(post.take(), messages=0)


def test_the_programs_own_work_takes_nothing_from_the_messages() -> None:
    post = Post()
    post.queue(FILES, WORK, 500)
    post.queue(1, OTHER)
    turns = post.send(0)
    assert len(of(turns, FILES)) == 500
    assert len(of(turns, 1)) == 1


def test_a_pace_may_be_faster_than_telegrams() -> None:
    post = Post(speed=10)
    for chat in range(1, 1001):
        post.queue(chat, OTHER)
    sent = 0
    for _ in range(1000):
        post.clock += 0.001
        found = post.pace.pick(post.pace.now())
        if isinstance(found, Turn):
            sent += 1
            post.pace.done(found, messages=1, more=False)
    assert 200 < sent <= 250


# Who goes first.


@given(st.integers(1, 60), st.integers(0, 29), st.sampled_from([0.0, 0.04, 0.3]))
@settings(max_examples=30, deadline=None)
def test_a_reply_waits_for_none_of_the_others(chats: int, at: int, takes: float) -> None:
    """Its own chat has fifty alerts, and all others have some, too."""
    post = Post(takes=takes)
    for chat in range(1, chats + 1):
        post.queue(chat, OTHER, 50)
    post.send(5 + at / 30)
    asked = post.clock
    post.queue(1, REPLY)
    replies = [turn.at for turn in post.send(5) if turn.sort is REPLY]
    # At once, or when what is on its way to the same chat is there, or when the window of a second moves on.
    assert [t - asked <= takes + 1 / IN_ALL + 1e-6 for t in replies] == [True]


def test_replies_go_first_but_for_one_in_ten() -> None:
    post = Post()
    for chat in range(1, 200):
        post.queue(chat, OTHER, 5)
    for chat in range(200, 1200):
        post.queue(chat, REPLY, 2)
    sorts = [turn.sort for turn in post.send(10)]
    assert sorts[:IN_A_ROW] == [REPLY] * IN_A_ROW
    assert 0.09 < sorts.count(OTHER) / len(sorts) < 0.11


def test_whoever_presses_for_ever_gets_their_alerts_all_the_same() -> None:
    post = Post()
    post.queue(1, REPLY, 1000)
    post.queue(1, OTHER, 10)
    for chat in range(2, 60):
        post.queue(chat, OTHER, 1000)
    assert sum(turn.sort is OTHER for turn in post.send(100) if turn.chat_id == 1) >= 9


def test_chats_take_turns() -> None:
    post = Post()
    for chat in range(1, 61):
        post.queue(chat, OTHER, 3)
    turns = post.send(6)
    assert [turn.chat_id for turn in turns[:120]] == [*range(1, 61)] * 2


def test_a_slow_telegram_holds_up_the_others_but_no_reply() -> None:
    post = Post(takes=1000)
    for chat in range(1, 101):
        post.queue(chat, OTHER)
    assert len(post.send(60)) == IN_HAND
    post.queue(500, REPLY)
    assert [turn.sort for turn in post.send(1)] == [REPLY]


def test_one_message_of_a_chat_is_on_its_way_at_a_time() -> None:
    post = Post(takes=7)
    post.queue(1, REPLY, 3)
    post.queue(1, OTHER, 1)
    # The alert a second after the last reply is there.
    assert [t - 1000 for t in of(post.send(40), 1)] == [0, 7, 14, 22]


# Trouble.


def test_what_telegram_refuses_delays_that_chat_alone() -> None:
    post = Post()
    post.queue(1, OTHER, 2)
    turn = post.take()
    post.left[1, OTHER] += 1
    post.pace.refused(1, 30)
    post.arrive(turn)
    post.queue(2, OTHER, 2)
    post.queue(1, REPLY, 3)
    turns = post.send(60)
    assert next(t - 1000 for t in of(turns, 2)) < 0.1
    assert [(round(t.at - 1000), t.sort) for t in turns if t.chat_id == 1] == [
        (30, REPLY), (31, REPLY), (32, REPLY), (42, OTHER), (43, OTHER),
    ]  # fmt: skip
    assert most(of(turns, 1), 1) == 1, "no burst is left"


def fail(post: Post, chat: int) -> float:
    """A try that fails; the seconds until the next."""
    turn = post.take()
    assert turn.chat_id == chat
    post.left[chat, turn.sort] += 1
    post.pace.troubled(chat)
    post.arrive(turn)
    found = post.pace.pick(post.clock)
    assert isinstance(found, float)
    return found


def test_rests_grow_to_a_minute_and_begin_anew_when_it_is_well() -> None:
    post = Post()
    post.queue(1, OTHER, 2)
    rests = []
    for _ in range(10):
        rests.append(fail(post, 1))
        post.clock += rests[-1]
    assert rests[2:] == [2, 4, 8, 16, 32, 60, 60, 60]
    assert rests[:2] == [1, 1], "never sooner than its limits let it"
    post.arrive(post.take())
    post.pace.well(1)
    post.clock += 1
    assert fail(post, 1) == 1


def test_the_rest_is_shared_out_by_chance() -> None:
    asked = []
    pace = Pace(jitter=lambda low, high: asked.append((low, high)) or low)  # type: ignore[func-returns-value]  # nothing, so it is the lowest
    pace.ready(1, OTHER)
    pace.pick(pace.now())
    for _ in range(9):
        pace.troubled(1)
    assert asked[0] == (0.25, 0.5)
    assert asked[-1] == (LONGEST_REST / 2, LONGEST_REST)


def test_when_one_message_arrives_the_resting_chats_come_back_at_the_pace() -> None:
    post = Post()
    for chat in range(1, 101):
        post.queue(chat, OTHER)
    for _ in range(100):
        turn = post.take()
        post.left[turn.chat_id, OTHER] += 1
        for _ in range(9):
            post.pace.troubled(turn.chat_id)
        post.arrive(turn)
        post.clock += 0.05
    assert post.send(20) == [], "all of them rest"
    post.queue(500, OTHER)
    post.send(0)
    post.pace.well(500)
    back = post.send(4)
    assert {turn.chat_id for turn in back} == set(range(1, 101))
    assert most([turn.at for turn in back], 1) <= IN_ALL


def test_a_chat_with_a_trouble_of_its_own_is_not_woken_by_every_success() -> None:
    post = Post()
    post.queue(1, OTHER)
    tries = 0
    for other in range(2, 122):
        post.clock += 0.5
        found = post.pace.pick(post.clock)
        if isinstance(found, Turn):
            tries += 1
            post.pace.troubled(1)
            post.pace.done(found, messages=1, more=True)
        post.queue(other, REPLY)
        post.arrive(post.take())
        post.pace.well(other)
    assert tries <= 9


def test_a_new_reply_ends_a_rest_once_but_not_one_that_telegram_asked_for() -> None:
    post = Post()
    post.queue(1, OTHER)
    for _ in range(9):
        post.clock += fail(post, 1)
    fail(post, 1)
    post.clock += 2
    post.queue(1, REPLY)
    turn = post.take()
    assert turn.sort is REPLY
    post.pace.troubled(1)
    post.pace.done(turn, messages=1, more=True)
    post.pace.ready(1, REPLY, post._newest)
    assert post.send(20) == [], "the same reply again is no reason"
    post.send(60)
    post.pace.refused(1, 30)
    post.queue(1, REPLY)
    assert post.send(29) == []


def test_a_chat_that_is_found_again_and_again_stands_in_line_once() -> None:
    post = Post()
    post.queue(1, OTHER)
    for _ in range(1000):
        post.pace.ready(1, OTHER)
    assert len(post.pace._queues[OTHER]) == 1


def test_the_program_forgets_whom_it_has_not_written_to_for_a_minute() -> None:
    post = Post()
    for chat in range(1, 1001):
        post.queue(chat, REPLY)
    post.send(50)
    post.pace.forget()
    assert post.pace._lanes
    post.clock += 61
    post.pace.forget()
    assert not post.pace._lanes
    assert not [entry for line in post.pace._queues.values() for entry in line if entry[2].waiting]


async def test_a_turn_is_waited_for() -> None:
    pace = Pace(speed=1000)
    pace.ready(1, OTHER)
    first = await pace.turn()
    pace.done(first, messages=1, more=True)
    assert (await pace.turn()).at >= first.at + 1
    with pytest.raises(KeyError):
        pace.refused(77, 1)

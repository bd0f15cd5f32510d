"""The checker accepts a good history, and rejects each kind of bad history by the violated rule."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.reliability.model.client_record import Frame, Record, Sent, View
from tests.reliability.model.history_checker import Entry, Truth, violations

TEA = "tea"


def make_message(seq: int, who: str, text: str) -> Frame:
    """Return a message as log, reply and event contain it."""
    return {
        "roomId": TEA,
        "seq": seq,
        "sender": {"userId": f"u-{who}", "name": who},
        "text": text,
        "sentAt": "2026-01-01T00:00:00.000Z",
        "clientMessageId": f"id-{text}",
    }


class History:
    """Alice sends one, two and four. Bob joins after one, sends three, and sees the rest."""

    def __init__(self) -> None:
        self.log = [make_message(1, "alice", "one"), make_message(3, "alice", "two")]
        self.log += [make_message(4, "bob", "three"), make_message(6, "alice", "four")]
        self.alice, self.bob = Record("u-alice"), Record("u-bob")
        for message in self.log:
            record = self.alice if message["sender"]["name"] == "alice" else self.bob
            id_ = message["clientMessageId"]
            sent = Sent(TEA, id_, message["text"], 0.0, record.tick(), record.tick(), message)
            record.sends.append(sent)
        self.alice.views.append(View(TEA, "e", 0, 0.0, list(self.log), synced=True))
        self.bob.views.append(View(TEA, "e", 3, 0.0, self.log[1:3]))
        self.truth = Truth({}, {TEA: ["alice", "bob"]}, {TEA: ["bob", "alice"]})

    def rules(self) -> set[str]:
        """Return the violated rules."""
        truth = replace(self.truth, log={TEA: [Entry(m) for m in copy.deepcopy(self.log)]})
        return {v.rule for v in violations([self.alice, self.bob], truth)}


def test_accepts_a_good_history() -> None:
    """Gaps in the seqs, a view that starts later, and a view that ends early are allowed."""
    assert History().rules() == set()


def forge_text(history: History) -> None:
    history.alice.sends[0].text = "won"


def forge_sender(history: History) -> None:
    history.alice.sends[0].message = make_message(1, "bob", "one")


def lose(history: History) -> None:
    del history.log[3]


def move(history: History) -> None:
    history.log[3] = make_message(7, "alice", "four")


def double(history: History) -> None:
    history.log.append({**make_message(7, "alice", "four")})


def invent(history: History) -> None:
    history.log.append(make_message(7, "eve", "boo"))


def log_what_was_never_sent(history: History) -> None:
    history.bob.sends.append(Sent(TEA, "id-boo", "boo", 0.0))
    history.log.append(make_message(7, "bob", "boo"))


def repeat_a_seq(history: History) -> None:
    history.log[2]["seq"] = 3


def show_twice(history: History) -> None:
    history.alice.views[0].messages.append(history.log[3])


def show_late(history: History) -> None:
    history.alice.views[0].messages[1:3] = [history.log[2], history.log[1]]


def skip(history: History) -> None:
    del history.alice.views[0].messages[1]


def miss_the_start(history: History) -> None:
    del history.bob.views[0].messages[0]


def miss_the_end(history: History) -> None:
    history.bob.views[0].synced = True


def show_nothing(history: History) -> None:
    history.alice.views[0].messages.clear()


def show_other_text(history: History) -> None:
    history.bob.views[0].messages[0] = {**history.log[1], "text": "too"}


def show_what_is_not_there(history: History) -> None:
    history.alice.views[0].messages.append(make_message(9, "bob", "nine"))


def swap(history: History) -> None:
    history.log[0]["seq"], history.log[1]["seq"] = 3, 1
    history.log[:2] = [history.log[1], history.log[0]]


def keep_a_ghost(history: History) -> None:
    history.truth = replace(history.truth, connected={TEA: ["alice"]})


def exclude(history: History) -> None:
    history.truth = replace(history.truth, members={TEA: ["alice"]})


@pytest.mark.parametrize(
    ("falsify", "rule"),
    [
        (forge_text, "acknowledged as sent"),
        (forge_sender, "acknowledged as sent"),
        (lose, "acknowledged is logged"),
        (move, "acknowledged is logged"),
        (double, "once in the log"),
        (invent, "logged was sent"),
        (log_what_was_never_sent, "logged was sent"),
        (repeat_a_seq, "one order"),
        (show_twice, "view without duplicates"),
        (show_late, "view in order"),
        (skip, "view is complete"),
        (miss_the_start, "view is complete"),
        (miss_the_end, "view is complete"),
        (show_nothing, "view is complete"),
        (show_other_text, "view of the log"),
        (show_what_is_not_there, "view of the log"),
        (swap, "sender's order"),
        (keep_a_ghost, "no ghosts"),
        (exclude, "no ghosts"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_rejects(falsify: Callable[[History], Any], rule: str) -> None:
    """A falsified history violates the rule that it was falsified against."""
    history = History()

    falsify(history)

    assert rule in history.rules()


def test_accepts_that_expired_messages_are_missing() -> None:
    """A view need not contain messages that expired before it opened. Others must be there."""
    history = History()
    view = View(TEA, "e", 0, 10.0, history.log[1:], synced=True)
    log = [Entry(history.log[0], expires_at=5.0), *map(Entry, history.log[1:])]
    history.alice.views = [view]
    truth = replace(history.truth, log={TEA: log})

    accepted = violations([history.alice, history.bob], truth)
    view.opened_at = 4.0
    missed = violations([history.alice, history.bob], truth)

    assert accepted == []
    assert [v.rule for v in missed] == ["view is complete"]


def test_a_message_of_two_connections_has_no_order_of_its_sender() -> None:
    """A message that both connections of a user sent may precede either's reply."""
    history = History()
    phone = Record("u-alice")
    four = history.alice.sends[2]
    phone.sends = [
        Sent(TEA, four.client_message_id, "four", 0.0, phone.tick(), phone.tick(), four.message)
    ]
    phone.sends.append(Sent(TEA, "id-one", "one", 0.0, phone.tick(), phone.tick(), history.log[0]))
    truth = replace(history.truth, log={TEA: [Entry(m) for m in history.log]})

    assert violations([history.alice, history.bob, phone], truth) == []

"""The checker accepts a good history, and rejects each kind of bad one by the rule it breaks."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.reliability.model.client_record import Frame, Record, Sent, View
from tests.reliability.model.history_checker import Entry, Truth, violations

TEA = "tea"


def line(seq: int, who: str, text: str) -> Frame:
    """A message as log, reply and event have it."""
    return {
        "roomId": TEA,
        "seq": seq,
        "sender": {"userId": f"u-{who}", "name": who},
        "text": text,
        "sentAt": "2026-01-01T00:00:00.000Z",
        "clientMessageId": f"id-{text}",
    }


class Story:
    """Alice says one, two and four; Bob joins after one, says three, and sees the rest."""

    def __init__(self) -> None:
        self.log = [line(1, "alice", "one"), line(3, "alice", "two")]
        self.log += [line(4, "bob", "three"), line(6, "alice", "four")]
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
        """The rules that are broken."""
        truth = replace(self.truth, log={TEA: [Entry(m) for m in copy.deepcopy(self.log)]})
        return {v.rule for v in violations([self.alice, self.bob], truth)}


def test_accepts_a_good_history() -> None:
    """Holes in the seqs, a view from the middle on and one that ends early are all as promised."""
    assert Story().rules() == set()


def forge_text(story: Story) -> None:
    story.alice.sends[0].text = "won"


def forge_sender(story: Story) -> None:
    story.alice.sends[0].message = line(1, "bob", "one")


def lose(story: Story) -> None:
    del story.log[3]


def move(story: Story) -> None:
    story.log[3] = line(7, "alice", "four")


def double(story: Story) -> None:
    story.log.append({**line(7, "alice", "four")})


def invent(story: Story) -> None:
    story.log.append(line(7, "eve", "boo"))


def log_what_was_never_sent(story: Story) -> None:
    story.bob.sends.append(Sent(TEA, "id-boo", "boo", 0.0))
    story.log.append(line(7, "bob", "boo"))


def repeat_a_seq(story: Story) -> None:
    story.log[2]["seq"] = 3


def show_twice(story: Story) -> None:
    story.alice.views[0].messages.append(story.log[3])


def show_late(story: Story) -> None:
    story.alice.views[0].messages[1:3] = [story.log[2], story.log[1]]


def skip(story: Story) -> None:
    del story.alice.views[0].messages[1]


def miss_the_start(story: Story) -> None:
    del story.bob.views[0].messages[0]


def miss_the_end(story: Story) -> None:
    story.bob.views[0].synced = True


def show_nothing(story: Story) -> None:
    story.alice.views[0].messages.clear()


def show_other_text(story: Story) -> None:
    story.bob.views[0].messages[0] = {**story.log[1], "text": "too"}


def show_what_is_not_there(story: Story) -> None:
    story.alice.views[0].messages.append(line(9, "bob", "nine"))


def swap(story: Story) -> None:
    story.log[0]["seq"], story.log[1]["seq"] = 3, 1
    story.log[:2] = [story.log[1], story.log[0]]


def haunt(story: Story) -> None:
    story.truth = replace(story.truth, connected={TEA: ["alice"]})


def exclude(story: Story) -> None:
    story.truth = replace(story.truth, members={TEA: ["alice"]})


@pytest.mark.parametrize(
    ("doctor", "rule"),
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
        (haunt, "no ghosts"),
        (exclude, "no ghosts"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_rejects(doctor: Callable[[Story], Any], rule: str) -> None:
    """A doctored history breaks the rule it was doctored against."""
    story = Story()

    doctor(story)

    assert rule in story.rules()


def test_excuses_what_had_expired() -> None:
    """What was over when a view was opened is not missing from it; what ended later is."""
    story = Story()
    view = View(TEA, "e", 0, 10.0, story.log[1:], synced=True)
    log = [Entry(story.log[0], expires_at=5.0), *map(Entry, story.log[1:])]
    story.alice.views = [view]
    truth = replace(story.truth, log={TEA: log})

    excused = violations([story.alice, story.bob], truth)
    view.opened_at = 4.0
    missed = violations([story.alice, story.bob], truth)

    assert excused == []
    assert [v.rule for v in missed] == ["view is complete"]


def test_a_message_of_two_connections_keeps_no_ones_order() -> None:
    """What both connections of a user sent may be in the log from before either's reply."""
    story = Story()
    phone = Record("u-alice")
    four = story.alice.sends[2]
    phone.sends = [
        Sent(TEA, four.client_message_id, "four", 0.0, phone.tick(), phone.tick(), four.message)
    ]
    phone.sends.append(Sent(TEA, "id-one", "one", 0.0, phone.tick(), phone.tick(), story.log[0]))
    truth = replace(story.truth, log={TEA: [Entry(m) for m in story.log]})

    assert violations([story.alice, story.bob, phone], truth) == []

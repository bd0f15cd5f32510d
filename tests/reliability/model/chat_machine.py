"""The state machine of guests: four clients of three users in two rooms."""

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from tests.reliability.model.clients import enter
from tests.reliability.model.history_checker import violations
from tests.reliability.model.in_memory_transport import (
    FAILURES,
    PUSHES,
    ExchangeResult,
    InMemoryUser,
)
from tests.reliability.model.simulation import Simulation
from tests.reliability.model.statistics import STATISTICS

NAMES = ["alice", "alice-phone", "bob", "carol"]


ROOMS = ["tea", "milk"]


ROUNDS = 300
"""The seconds of the chat's clock within which every client must have caught up."""


who = st.sampled_from(NAMES)


where = st.sampled_from(ROOMS)


often = st.integers(1, 8)


RESULTS = (ExchangeResult.FINE, *FAILURES)


class ChatMachine(RuleBasedStateMachine):
    """Four clients of three users in two rooms."""

    @staticmethod
    def make_simulation() -> Simulation:
        """Return an empty chat with guests."""
        return Simulation()

    def __init__(self) -> None:
        super().__init__()
        self.simulation = self.make_simulation()
        self.users = {name: enter(self.simulation, name) for name in NAMES}
        self.vanished: list[str] = []
        self.departed: set[str] = set()
        self.texts = 0

    @initialize()
    def create_rooms(self) -> None:
        """Let Alice create the rooms, and the other users join them."""
        for name, user in self.users.items():
            for room in ROOMS:
                (user.client.create if name == "alice" else user.client.join)(room)
            user.settle()

    @rule(name=who, room=where)
    def create(self, name: str, room: str) -> None:
        """Create a room, which may exist already."""
        self.users[name].client.create(room)

    @rule(name=who, room=where, claims=st.booleans())
    def join(self, name: str, room: str, claims: bool) -> None:
        """Join or rejoin a room, with or without the claim to resume."""
        self.users[name].client.join(room, claims=claims)

    @rule(name=who, room=where)
    def leave(self, name: str, room: str) -> None:
        """Leave a room."""
        if room in self.users[name].client.rooms:
            self.users[name].client.leave(room)

    @rule(name=who, room=where, times=st.integers(1, 5))
    def say(self, name: str, room: str, times: int) -> None:
        """Send messages."""
        user = self.users[name]
        for _ in range(times if room in user.client.rooms else 0):
            self.texts += 1
            user.client.say(room, f"{self.texts}", user.now)

    @rule(turns=st.lists(st.tuples(who, where), min_size=3, max_size=12))
    def converse(self, turns: list[tuple[str, str]]) -> None:
        """Send several messages and await their replies. Other clients may receive them later."""
        for name, room in turns:
            self.say(name, room, 1)
            if name not in self.departed:
                self.users[name].settle()

    @rule(name=who, room=where, turns=st.integers(1, 12), is_reported=st.booleans())
    def miss(self, name: str, room: str, turns: int, is_reported: bool) -> None:
        """Disconnect a client while the others send."""
        self.drop(name, is_reported)
        others = [other for other in NAMES if other not in {name, *self.departed}]
        for turn in range(turns if others else 0):
            self.converse([(others[turn % len(others)], room)])

    @rule(room=where)
    def echo(self, room: str) -> None:
        """Send a message of Alice's page from her phone too, under the same id."""
        page, phone = self.users["alice"].client, self.users["alice-phone"].client
        said = [sent for sent in page.record.sends if sent.room_id == room]
        if said and room in phone.rooms:
            sent = said[-1]
            phone.say(room, sent.text, sent.said_at, id_=sent.client_message_id)

    @rule(name=who, room=where)
    def read_older(self, name: str, room: str) -> None:
        """Ask for a page of older messages."""
        if room in self.users[name].client.rooms:
            self.users[name].client.read_older(room)

    @rule(name=who, steps=often)
    def go_on(self, name: str, steps: int) -> None:
        """Let a client take some of its next steps."""
        if name not in self.departed:
            for _ in range(steps):
                self.users[name].step()

    @rule()
    def settle(self) -> None:
        """Let every client do all that it can do now."""
        for name, user in self.users.items():
            if name not in self.departed:
                user.settle()

    @rule(name=who, room=where, results=st.lists(st.sampled_from(RESULTS), min_size=2, max_size=10))
    def send_with_failures(self, name: str, room: str, results: list[ExchangeResult]) -> None:
        """Send messages while the requests fail in a row."""
        if name not in self.departed:
            self.users[name].settle()
            self.say(name, room, 2)
            for result in results:
                self.users[name].step(result)
                self.simulation.clock.advance(milliseconds=300)

    @rule(name=who, is_reported=st.booleans())
    def drop(self, name: str, is_reported: bool) -> None:
        """Lose a client's connection, with or without a `$disconnect`."""
        user = self.users[name]
        if user.connection_id and not is_reported:
            self.vanished.append(user.connection_id)
        user.drop(is_reported=is_reported)

    @precondition(lambda self: len(self.departed) < 2)
    @rule(name=who, is_reported=st.booleans())
    def depart(self, name: str, is_reported: bool) -> None:
        """Disconnect a client permanently."""
        self.drop(name, is_reported)
        self.departed.add(name)

    @rule()
    def late_disconnect(self) -> None:
        """Report lost connections later, and more than once."""
        for connection_id in self.vanished:
            self.simulation.hangs_up(connection_id)

    @rule(result=st.sampled_from(PUSHES))
    def pushes(self, result: ExchangeResult) -> None:
        """Choose whether pushes arrive, get lost, come twice, or come late from now on."""
        self.simulation.unreliable_push.result = result

    @rule()
    def release(self) -> None:
        """Deliver the late pushes in the wrong order."""
        self.simulation.unreliable_push.release()

    @rule(hours=st.sampled_from([0.0005, 0.005, 0.1, 1, 3, 12, 30]))
    def wait(self, hours: float) -> None:
        """Advance the clock. Connections and messages expire."""
        self.simulation.clock.advance(hours=hours)

    @rule(name=who, hours=st.sampled_from([1, 20, 25, 50]), away=st.booleans())
    def outlast(self, name: str, hours: float, away: bool) -> None:
        """Keep a client from receiving anything until messages may have expired."""
        if away:
            self.drop(name, True)
        self.converse([(other, room) for other in NAMES for room in ROOMS if other != name])
        self.simulation.clock.advance(hours=hours)
        self.converse([(other, room) for other in NAMES[:2] for room in ROOMS if other != name])

    @rule(name=who, room=where)
    def ask_around(self, name: str, room: str) -> None:
        """Assert that requests about the user and the members get replies."""
        if id_ := self.users[name].connection_id:
            for action in ("listMembers", "getHistory"):
                assert "type" in self.simulation.says(id_, {"action": action, "roomId": room})
            assert "type" in self.simulation.says(id_, {"action": "hello"})

    def teardown(self) -> None:
        """Let all clients catch up, and run the checker.

        A last message finds the dead connections.
        """
        self.simulation.unreliable_push.result = ExchangeResult.FINE
        self.simulation.unreliable_push.release()
        present = [p for name, p in self.users.items() if name not in self.departed]
        witness = enter(self.simulation, "witness")
        for room in ROOMS:
            witness.client.create(room)
        self._until_idle([*present, witness])
        for room in ROOMS:
            witness.client.say(room, f"the end of {room}", witness.now)
        self._until_idle([*present, witness])
        for user in (*present, witness):
            user.client.sync()
        self._until_idle([*present, witness])
        for user in (*present, witness):
            user.client.mark_synced()

        everyone = [*self.users.values(), witness]
        truth = self.simulation.truth([*present, witness], ROOMS)
        STATISTICS.add([user.client.record for user in everyone])
        assert violations([user.client.record for user in everyone], truth) == []
        assert all(not user.client.record.counts["strays"] for user in everyone)
        assert all(len(truth.log[room]) for room in ROOMS)

    def _until_idle(self, users: list[InMemoryUser]) -> None:
        for _ in range(ROUNDS):
            for user in users:
                user.settle()
            if all(user.connection_id and user.client.is_idle for user in users):
                return
            self.simulation.clock.advance(seconds=1)
        raise AssertionError([user.client for user in users if not user.client.is_idle])

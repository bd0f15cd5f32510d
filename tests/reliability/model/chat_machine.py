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
from tests.reliability.model.in_memory_transport import PUSHES, SHAKY, Fate, Person
from tests.reliability.model.simulation import World
from tests.reliability.model.statistics import TOTALS

NAMES = ["alice", "alice-phone", "bob", "carol"]


ROOMS = ["tea", "milk"]


ROUNDS = 300
"""Seconds of the chat's time within which everyone must have caught up."""


who = st.sampled_from(NAMES)


where = st.sampled_from(ROOMS)


often = st.integers(1, 8)


FATES = (Fate.FINE, *SHAKY)


class ChatMachine(RuleBasedStateMachine):
    """Four clients of three users in two rooms."""

    @staticmethod
    def make_world() -> World:
        """An empty chat; that of guests."""
        return World()

    def __init__(self) -> None:
        super().__init__()
        self.world = self.make_world()
        self.people = {name: enter(self.world, name) for name in NAMES}
        self.vanished: list[str] = []
        self.departed: set[str] = set()
        self.texts = 0

    @initialize()
    def meet(self) -> None:
        """Alice opens the rooms; the others come."""
        for name, person in self.people.items():
            for room in ROOMS:
                (person.client.create if name == "alice" else person.client.join)(room)
            person.settle()

    @rule(name=who, room=where)
    def create(self, name: str, room: str) -> None:
        """Somebody wants a room, which may be there."""
        self.people[name].client.create(room)

    @rule(name=who, room=where, claims=st.booleans())
    def join(self, name: str, room: str, claims: bool) -> None:
        """Somebody joins, or joins again, and remembers what was seen or does not."""
        self.people[name].client.join(room, claims=claims)

    @rule(name=who, room=where)
    def leave(self, name: str, room: str) -> None:
        """Somebody leaves."""
        if room in self.people[name].client.places:
            self.people[name].client.leave(room)

    @rule(name=who, room=where, times=st.integers(1, 5))
    def say(self, name: str, room: str, times: int) -> None:
        """Somebody has something to say."""
        person = self.people[name]
        for _ in range(times if room in person.client.places else 0):
            self.texts += 1
            person.client.say(room, f"{self.texts}", person.now)

    @rule(turns=st.lists(st.tuples(who, where), min_size=3, max_size=12))
    def converse(self, turns: list[tuple[str, str]]) -> None:
        """Some talk, to the end; the others may hear it later."""
        for name, room in turns:
            self.say(name, room, 1)
            if name not in self.departed:
                self.people[name].settle()

    @rule(name=who, room=where, turns=st.integers(1, 12), told=st.booleans())
    def miss(self, name: str, room: str, turns: int, told: bool) -> None:
        """Somebody is away while the others talk."""
        self.drop(name, told)
        others = [other for other in NAMES if other not in {name, *self.departed}]
        for turn in range(turns if others else 0):
            self.converse([(others[turn % len(others)], room)])

    @rule(room=where)
    def echo(self, room: str) -> None:
        """Alice's phone sends what her laptop sent, under the same id."""
        laptop, phone = self.people["alice"].client, self.people["alice-phone"].client
        said = [sent for sent in laptop.record.sends if sent.room_id == room]
        if said and room in phone.places:
            sent = said[-1]
            phone.say(room, sent.text, sent.said_at, id_=sent.client_message_id)

    @rule(name=who, room=where)
    def read_older(self, name: str, room: str) -> None:
        """Somebody scrolls up."""
        if room in self.people[name].client.places:
            self.people[name].client.read_older(room)

    @rule(name=who, steps=often)
    def go_on(self, name: str, steps: int) -> None:
        """Somebody's client does some of what it has to do."""
        if name not in self.departed:
            for _ in range(steps):
                self.people[name].step()

    @rule()
    def settle(self) -> None:
        """Every client does all it can do now."""
        for name, person in self.people.items():
            if name not in self.departed:
                person.settle()

    @rule(name=who, room=where, fates=st.lists(st.sampled_from(FATES), min_size=2, max_size=10))
    def suffer(self, name: str, room: str, fates: list[Fate]) -> None:
        """Somebody speaks, and the requests go wrong, one after another."""
        if name not in self.departed:
            self.people[name].settle()
            self.say(name, room, 2)
            for fate in fates:
                self.people[name].step(fate)
                self.world.clock.advance(milliseconds=300)

    @rule(name=who, told=st.booleans())
    def drop(self, name: str, told: bool) -> None:
        """Somebody's line goes dead; API Gateway says so, or does not."""
        person = self.people[name]
        if person.connection_id and not told:
            self.vanished.append(person.connection_id)
        person.drop(told=told)

    @precondition(lambda self: len(self.departed) < 2)
    @rule(name=who, told=st.booleans())
    def depart(self, name: str, told: bool) -> None:
        """Somebody goes for good."""
        self.drop(name, told)
        self.departed.add(name)

    @rule()
    def late_disconnect(self) -> None:
        """API Gateway reports a line that went dead a while ago, more than once."""
        for connection_id in self.vanished:
            self.world.hangs_up(connection_id)

    @rule(fate=st.sampled_from(PUSHES))
    def pushes(self, fate: Fate) -> None:
        """Pushes arrive, get lost, come twice, or come late, from now on."""
        self.world.shaky.fate = fate

    @rule()
    def release(self) -> None:
        """What was late arrives, in the wrong order."""
        self.world.shaky.release()

    @rule(hours=st.sampled_from([0.0005, 0.005, 0.1, 1, 3, 12, 30]))
    def wait(self, hours: float) -> None:
        """Time passes; connections and messages expire."""
        self.world.clock.advance(hours=hours)

    @rule(name=who, hours=st.sampled_from([1, 20, 25, 50]), away=st.booleans())
    def outlast(self, name: str, hours: float, away: bool) -> None:
        """Somebody hears nothing for so long that messages may have expired."""
        if away:
            self.drop(name, True)
        self.converse([(other, room) for other in NAMES for room in ROOMS if other != name])
        self.world.clock.advance(hours=hours)
        self.converse([(other, room) for other in NAMES[:2] for room in ROOMS if other != name])

    @rule(name=who, room=where)
    def ask_around(self, name: str, room: str) -> None:
        """Whoever asks who they are and who is there gets an answer."""
        if id_ := self.people[name].connection_id:
            for action in ("listMembers", "getHistory"):
                assert "type" in self.world.says(id_, {"action": action, "roomId": room})
            assert "type" in self.world.says(id_, {"action": "hello"})

    def teardown(self) -> None:
        """Everyone catches up; a last message finds the dead lines; the checker judges."""
        self.world.shaky.fate = Fate.FINE
        self.world.shaky.release()
        present = [p for name, p in self.people.items() if name not in self.departed]
        witness = enter(self.world, "witness")
        for room in ROOMS:
            witness.client.create(room)
        self._until_idle([*present, witness])
        for room in ROOMS:
            witness.client.say(room, f"the end of {room}", witness.now)
        self._until_idle([*present, witness])
        for person in (*present, witness):
            person.client.sync()
        self._until_idle([*present, witness])
        for person in (*present, witness):
            person.client.mark_synced()

        everyone = [*self.people.values(), witness]
        truth = self.world.truth([*present, witness], ROOMS)
        TOTALS.add([person.client.record for person in everyone])
        assert violations([person.client.record for person in everyone], truth) == []
        assert all(not person.client.record.counts["strays"] for person in everyone)
        assert all(len(truth.log[room]) for room in ROOMS)

    def _until_idle(self, people: list[Person]) -> None:
        for _ in range(ROUNDS):
            for person in people:
                person.settle()
            if all(person.connection_id and person.client.is_idle for person in people):
                return
            self.world.clock.advance(seconds=1)
        raise AssertionError([person.client for person in people if not person.client.is_idle])

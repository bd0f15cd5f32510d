"""The state machine of signed-in users: tokens expire and are renewed, connections are closed."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from chat.logic import closing
from tests.reliability.model.chat_machine import FATES, ChatMachine, where, who
from tests.reliability.model.in_memory_transport import Fate, Person
from tests.reliability.model.simulation import World
from tests.reliability.model.statistics import TOTALS

LIFETIMES = {"alice": 7 * 3600, "alice-phone": 900, "bob": 3600, "carol": 300}
"""Seconds that tokens last; Alice's laptop outlives by them what connections do."""


FOR_GOOD = 24 * 3600


class SignedInMachine(ChatMachine):
    """Four clients of three users, whose rights end, and the closer, which ends connections."""

    make_world = staticmethod(lambda: World(guests=False))

    def __init__(self) -> None:
        super().__init__()
        for name, lifetime in LIFETIMES.items():
            self.people[name].lifetime = lifetime

    @rule(name=who)
    def renew(self, name: str) -> None:
        """Somebody has a new token, which the client renews with when it comes to it."""
        self.people[name].renew()

    @rule(name=who, fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=4))
    def renew_badly(self, name: str, fates: list[Fate]) -> None:
        """The same, and the requests go wrong, one after another."""
        if name not in self.departed:
            person = self.people[name]
            person.settle()
            person.renew()
            for fate in fates:
                person.step(fate)
                self.world.clock.advance(milliseconds=300)

    @rule(name=who, room=where, before=st.integers(0, 3), is_told=st.booleans())
    def outlive(self, name: str, room: str, before: int, is_told: bool) -> None:
        """A token ends in the middle of what somebody says; the others go on talking."""
        if (person := self._inside(name, room)) is None:
            return
        self.say(name, room, 4)
        for _ in range(before):
            person.step()
        self._pass_the_end(person)
        self.converse([(other, room) for other in LIFETIMES if other != name])
        if is_told:
            self.sweep()

    @rule(name=who, room=where)
    def outlast_a_token(self, name: str, room: str) -> None:
        """A connection that was renewed in time is still the same after the first token's end."""
        if (person := self._inside(name, room)) is None:
            return
        before, first_end = person.connection_id, person.token_expires_at
        person.renew()
        person.settle()
        self.world.clock.advance(seconds=max(0.0, first_end - person.now))
        self.say(name, room, 1)
        if person.now < person.token_expires_at:
            person.settle()
            assert person.connection_id == before

    @rule()
    def sweep(self) -> None:
        """The closer's minute; API Gateway tells of what it has closed, sooner or later."""
        closed = set(self.world.push.closed)
        closing.close_expired(self.world.services)
        self.vanished += sorted(self.world.push.closed - closed)

    def teardown(self) -> None:
        """Everyone has a token for the rest of the day, and the first ones end; then as before."""
        for name, person in self.people.items():
            person.lifetime = FOR_GOOD
            if name not in self.departed:
                person.renew()
                person.settle()
        self.world.clock.advance(seconds=LIFETIMES["bob"] + 60)
        super().teardown()
        assert self.world.shaky.overheard == []

    def _inside(self, name: str, room: str) -> Person | None:
        """Somebody who is in a room and has nothing else to do."""
        person = self.people[name]
        if name not in self.departed:
            person.settle()
            place = person.client.places.get(room)
            if person.connection_id and place and place.inside:
                return person
        return None

    def _pass_the_end(self, person: Person) -> None:
        if person.connection_id:
            self.world.clock.advance(seconds=max(0.0, person.token_expires_at - person.now))
            TOTALS.counts["tokens that ended"] += 1

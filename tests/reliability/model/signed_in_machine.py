"""The state machine of signed-in users: tokens expire and are renewed, connections are closed."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from chat.logic import closing
from tests.reliability.model.chat_machine import RESULTS, ChatMachine, where, who
from tests.reliability.model.in_memory_transport import ExchangeResult, InMemoryUser
from tests.reliability.model.simulation import Simulation
from tests.reliability.model.statistics import STATISTICS

LIFETIMES = {"alice": 7 * 3600, "alice-phone": 900, "bob": 3600, "carol": 300}
"""The seconds that tokens are valid. The token of Alice's page outlives its connections."""


ONE_DAY = 24 * 3600


class SignedInMachine(ChatMachine):
    """Four clients of three users, whose tokens expire, and the connection closer."""

    make_simulation = staticmethod(lambda: Simulation(guests=False))

    def __init__(self) -> None:
        super().__init__()
        for name, lifetime in LIFETIMES.items():
            self.users[name].lifetime = lifetime

    @rule(name=who)
    def renew(self, name: str) -> None:
        """Give a user a new token, with which the client renews later."""
        self.users[name].renew()

    @rule(name=who, results=st.lists(st.sampled_from(RESULTS), min_size=1, max_size=4))
    def renew_with_failures(self, name: str, results: list[ExchangeResult]) -> None:
        """Renew while the requests fail in a row."""
        if name not in self.departed:
            user = self.users[name]
            user.settle()
            user.renew()
            for result in results:
                user.step(result)
                self.simulation.clock.advance(milliseconds=300)

    @rule(name=who, room=where, before=st.integers(0, 3), is_reported=st.booleans())
    def outlive(self, name: str, room: str, before: int, is_reported: bool) -> None:
        """Let a token expire while its user sends. The other users continue."""
        if (user := self._inside(name, room)) is None:
            return
        self.say(name, room, 4)
        for _ in range(before):
            user.step()
        self._pass_the_end(user)
        self.converse([(other, room) for other in LIFETIMES if other != name])
        if is_reported:
            self.close_expired()

    @rule(name=who, room=where)
    def outlast_a_token(self, name: str, room: str) -> None:
        """Assert that a connection renewed in time outlives its first token."""
        if (user := self._inside(name, room)) is None:
            return
        before, first_end = user.connection_id, user.token_expires_at
        user.renew()
        user.settle()
        self.simulation.clock.advance(seconds=max(0.0, first_end - user.now))
        self.say(name, room, 1)
        if user.now < user.token_expires_at:
            user.settle()
            assert user.connection_id == before

    @rule()
    def close_expired(self) -> None:
        """Run the connection closer. API Gateway reports the closed connections sooner or later."""
        closed = set(self.simulation.push.closed)
        closing.close_expired(self.simulation.services)
        self.vanished += sorted(self.simulation.push.closed - closed)

    def teardown(self) -> None:
        """Renew all tokens for a day, and let the first ones expire. Then finish as for guests."""
        for name, user in self.users.items():
            user.lifetime = ONE_DAY
            if name not in self.departed:
                user.renew()
                user.settle()
        self.simulation.clock.advance(seconds=LIFETIMES["bob"] + 60)
        super().teardown()
        assert self.simulation.unreliable_push.pushed_after_expiry == []

    def _inside(self, name: str, room: str) -> InMemoryUser | None:
        """Return an idle client that is in a room, or None."""
        user = self.users[name]
        if name not in self.departed:
            user.settle()
            state = user.client.rooms.get(room)
            if user.connection_id and state and state.inside:
                return user
        return None

    def _pass_the_end(self, user: InMemoryUser) -> None:
        if user.connection_id:
            self.simulation.clock.advance(seconds=max(0.0, user.token_expires_at - user.now))
            STATISTICS.counts["tokens that ended"] += 1

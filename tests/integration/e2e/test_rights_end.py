"""Sockets do not outlive their rights: renewed, swept by schedule, banned by an operator."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from chat.domain.clock import unwire
from local.endpoints_file import alone, announced
from local.processes import Stop, wait_until
from tests.integration.e2e.rights import Table, sweep
from tests.integration.e2e.signed_in import SignedIn, subject
from tests.support.clients.websocket import TIMEOUT_SECONDS, WebSocketClient
from tests.support.commands import run_command
from tests.support.emulator import Pool

MOST_CONNECTIONS = 20


@pytest.fixture(scope="module")
def signed_in(pool: Pool) -> SignedIn:
    """A chat where nobody is a guest."""
    return SignedIn(pool)


@pytest.fixture
def table(signed_in: SignedIn) -> Table:
    """What is known of connections."""
    return Table(signed_in.url, signed_in.endpoints.connections_table)


@contextmanager
def connected(signed_in: SignedIn, name: str) -> Iterator[WebSocketClient]:
    """Somebody who has signed in."""
    with signed_in.connect(signed_in.tokens(name)["AccessToken"]) as socket:
        yield WebSocketClient(socket)


def is_closed(someone: WebSocketClient) -> bool:
    """Whether the server ends the connection; what it still says before that is read."""
    try:
        while True:
            someone.socket.recv(timeout=TIMEOUT_SECONDS)
    except ConnectionClosed:
        return True
    except TimeoutError:
        return False


def test_a_fresh_token_keeps_it_open(signed_in: SignedIn, table: Table) -> None:
    """A connection whose token is about to end goes on for the hour of another one."""
    token = signed_in.tokens("alice")["AccessToken"]
    with connected(signed_in, "alice") as alice:
        table.end(subject(token), datetime.now(UTC) + timedelta(minutes=1))
        before = alice.ask("hello")["expiresAt"]

        reply = alice.ask("renew", token=token)

        assert reply["type"] == "renewed"
        assert unwire(reply["expiresAt"]) - unwire(before) > timedelta(minutes=50)
        assert alice.ask("hello")["expiresAt"] == reply["expiresAt"]


def test_no_other_token_does(signed_in: SignedIn) -> None:
    """Bob's is forbidden; an id token and a made-up one are unauthorized; Alice chats on."""
    with connected(signed_in, "alice") as alice:
        bobs = signed_in.tokens("bob")["AccessToken"]
        assert alice.ask("renew", token=bobs)["code"] == "forbidden"
        for bad in ("a.b.c", signed_in.tokens("alice")["IdToken"]):
            assert alice.ask("renew", token=bad)["code"] == "unauthorized"
        assert alice.ask("hello")["type"] == "welcome"


def test_the_sweep_closes_what_has_ended(signed_in: SignedIn, table: Table) -> None:
    """The socket is closed, its items are gone, and who stays hears that the user has left."""
    with connected(signed_in, "alice") as alice, connected(signed_in, "bob") as bob:
        user_id = alice.ask("hello")["userId"]
        bob.ask("createRoom", roomId="swept")
        alice.ask("joinRoom", roomId="swept")
        table.end(user_id, datetime.now(UTC) - timedelta(hours=1))
        assert alice.ask("hello")["code"] == "unauthorized"

        sweep(signed_in.url)

        assert is_closed(alice)
        assert bob.next_event("memberLeft")["userId"] == user_id
        assert bob.ask("hello")["type"] == "welcome"
        assert not table.connections(user_id)
        assert bob.ask("listMembers", roomId="swept")["memberCount"] == 1


def operate(signed_in: SignedIn, folder: Path, command: str, user_id: str) -> str:
    """Run an operator's command against the chat that is announced in *folder*; what it says."""
    with alone(folder), announced(folder, {"webSocketUrl": signed_in.endpoints.web_socket_url}):
        done = run_command("ops", command, LOCAL_FOLDER=str(folder), USER=user_id)
    assert done.status == 0, done.errors
    return done.output.strip()


def test_a_ban_closes_everything_at_once(signed_in: SignedIn, table: Table, tmp_path: Path) -> None:
    """Both sockets are closed, and she is refused, with nothing written, until she is unbanned."""
    with ExitStack() as stack:
        phone, desk, bob = (
            stack.enter_context(connected(signed_in, name)) for name in ("alice", "alice", "bob")
        )
        user_id = phone.ask("hello")["userId"]
        bob.ask("createRoom", roomId="banned")
        for device in (phone, desk):
            device.ask("joinRoom", roomId="banned")

        said = operate(signed_in, tmp_path, "ban-user", user_id)
        try:
            assert said == f"{user_id} is banned from Chat-local; connections closed: 2"
            assert is_closed(phone)
            assert is_closed(desk)
            assert bob.next_event("memberLeft")["userId"] == user_id
            assert not table.connections(user_id)
            with pytest.raises(InvalidStatus) as caught, connected(signed_in, "alice"):
                pass
            assert caught.value.response.status_code == 403
            assert not table.connections(user_id)
        finally:
            operate(signed_in, tmp_path, "unban-user", user_id)
    with connected(signed_in, "alice") as alice:
        assert alice.ask("hello")["userId"] == user_id


def test_who_signs_out_is_out(signed_in: SignedIn) -> None:
    """The reply comes; the other socket of the token is closed, and a copy of it opens nothing."""
    token = signed_in.tokens("alice")["AccessToken"]
    with (
        signed_in.connect(token) as page,
        signed_in.connect(token) as tab,
        connected(signed_in, "alice") as phone,
    ):
        reply = WebSocketClient(page).ask("signOut")

        assert reply["type"] == "signedOut"
        assert is_closed(WebSocketClient(tab))
        assert WebSocketClient(page).ask("hello")["code"] == "unauthorized"
        with pytest.raises(InvalidStatus) as caught:
            signed_in.connect(token)
        assert caught.value.response.status_code == 403  # as the emulator tells any refusal
        assert phone.ask("renew", token=token)["code"] == "unauthorized"
        assert phone.ask("hello")["type"] == "welcome"


def test_a_user_has_so_many_connections(signed_in: SignedIn, table: Table) -> None:
    """One more is refused; with each that is closed, there is room for another."""
    token = signed_in.tokens("bob")["AccessToken"]
    bob = subject(token)
    # Those of tests before this one close first.
    assert wait_until(lambda: not table.connections(bob), stop=Stop(), seconds=TIMEOUT_SECONDS)
    with ExitStack() as stack:
        opened = [stack.enter_context(signed_in.connect(token)) for _ in range(MOST_CONNECTIONS)]
        with pytest.raises(InvalidStatus):
            signed_in.connect(token)
        assert len(table.connections(bob)) == MOST_CONNECTIONS
        opened[0].close()
        assert wait_until(
            lambda: len(table.connections(bob)) < MOST_CONNECTIONS,
            stop=Stop(),
            seconds=TIMEOUT_SECONDS,
        )

        with signed_in.connect(token) as another:
            assert WebSocketClient(another).ask("hello")["userId"] == bob

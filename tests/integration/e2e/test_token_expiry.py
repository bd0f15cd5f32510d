"""The end of connections: renewed tokens, the closer's schedule, bans, and sign-outs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from chat.domain.clock import unwire
from local.processes import Stop, wait_until
from tests.integration.e2e.connections_table import Table, run_closer
from tests.integration.e2e.signed_in import SignedIn, subject
from tests.support.clients.websocket import TIMEOUT_SECONDS, WebSocketClient
from tests.support.commands import run_command
from tests.support.emulator import Pool
from tests.support.operators import announced_chat

MOST_CONNECTIONS = 20


@pytest.fixture(scope="module")
def signed_in(pool: Pool) -> SignedIn:
    """Return a chat whose users sign in."""
    return SignedIn(pool)


@pytest.fixture
def table(signed_in: SignedIn) -> Table:
    """Return the Connections table."""
    return Table(signed_in.url, signed_in.endpoints.connections_table)


@contextmanager
def connected(signed_in: SignedIn, name: str) -> Iterator[WebSocketClient]:
    """Connect a signed-in user."""
    with signed_in.connect(signed_in.tokens(name)["AccessToken"]) as socket:
        yield WebSocketClient(socket)


def is_closed(someone: WebSocketClient) -> bool:
    """Return whether the server closes the connection, after reading its last frames."""
    try:
        while True:
            someone.socket.recv(timeout=TIMEOUT_SECONDS)
    except ConnectionClosed:
        return True
    except TimeoutError:
        return False


def test_a_fresh_token_keeps_it_open(signed_in: SignedIn, table: Table) -> None:
    """A connection with an expiring token stays open for the hour of a fresh one."""
    token = signed_in.tokens("alice")["AccessToken"]
    with connected(signed_in, "alice") as alice:
        table.end(subject(token), datetime.now(UTC) + timedelta(minutes=1))
        before = alice.ask("hello")["expiresAt"]

        reply = alice.ask("renew", token=token)

        assert reply["type"] == "renewed"
        assert unwire(reply["expiresAt"]) - unwire(before) > timedelta(minutes=50)
        assert alice.ask("hello")["expiresAt"] == reply["expiresAt"]


def test_no_other_token_does(signed_in: SignedIn) -> None:
    """Bob's token is forbidden, an id token and a forged one are unauthorized; Alice stays."""
    with connected(signed_in, "alice") as alice:
        bobs = signed_in.tokens("bob")["AccessToken"]
        assert alice.ask("renew", token=bobs)["code"] == "forbidden"
        for bad in ("a.b.c", signed_in.tokens("alice")["IdToken"]):
            assert alice.ask("renew", token=bad)["code"] == "unauthorized"
        assert alice.ask("hello")["type"] == "welcome"


def test_the_closer_closes_expired_connections(signed_in: SignedIn, table: Table) -> None:
    """The socket is closed, its items are deleted, and the others get the leave event."""
    with connected(signed_in, "alice") as alice, connected(signed_in, "bob") as bob:
        user_id = alice.ask("hello")["userId"]
        bob.ask("createRoom", roomId="swept")
        alice.ask("joinRoom", roomId="swept")
        table.end(user_id, datetime.now(UTC) - timedelta(hours=1))
        assert alice.ask("hello")["code"] == "unauthorized"

        run_closer(signed_in.url)

        assert is_closed(alice)
        assert bob.next_event("memberLeft")["userId"] == user_id
        assert bob.ask("hello")["type"] == "welcome"
        assert not table.connections(user_id)
        assert bob.ask("listMembers", roomId="swept")["memberCount"] == 1


def operate(signed_in: SignedIn, folder: Path, command: str, user_id: str) -> str:
    """Run an operators' command against the chat announced in *folder*; return its output."""
    with announced_chat(folder, signed_in.endpoints.web_socket_url):
        done = run_command("ops", command, LOCAL_FOLDER=str(folder), USER=user_id)
    assert done.status == 0, done.errors
    return done.output.strip()


def test_a_ban_closes_everything_at_once(signed_in: SignedIn, table: Table, tmp_path: Path) -> None:
    """Both sockets are closed, and handshakes are refused without a write until the unban."""
    with ExitStack() as stack:
        phone, tablet, bob = (
            stack.enter_context(connected(signed_in, name)) for name in ("alice", "alice", "bob")
        )
        user_id = phone.ask("hello")["userId"]
        bob.ask("createRoom", roomId="banned")
        for device in (phone, tablet):
            device.ask("joinRoom", roomId="banned")

        said = operate(signed_in, tmp_path, "ban-user", user_id)
        try:
            assert said == f"{user_id} is banned from Chat-local; connections closed: 2"
            assert is_closed(phone)
            assert is_closed(tablet)
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


def test_signing_out_revokes_the_token(signed_in: SignedIn) -> None:
    """The reply arrives, the token's other socket is closed, and the token opens no other."""
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
        assert caught.value.response.status_code == 403  # the emulator's status for any of them
        assert phone.ask("renew", token=token)["code"] == "unauthorized"
        assert phone.ask("hello")["type"] == "welcome"


def test_a_user_has_so_many_connections(signed_in: SignedIn, table: Table) -> None:
    """One more connection is refused; each closed one makes room for another."""
    token = signed_in.tokens("bob")["AccessToken"]
    bob = subject(token)
    # Connections of earlier tests close first.
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

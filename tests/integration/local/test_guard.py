"""The guard of the emulator: what it refuses, and what it lets through for the chat."""

import hashlib
import socket
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from local.credentials import Credentials, known
from local.deploy import client
from local.emulator_process import edited_page_port, emulator, free_port
from tests.integration.local.guarded_requests import (
    ADMINISTRATIVE,
    HEALTH,
    NEW_ROLE,
    PREFLIGHT,
    RESET,
    SIGN_IN,
    TABLES,
    UNSIGNED,
)
from tests.support.clients.websocket import connected
from tests.support.emulator import Stack
from tests.support.emulator_state import State
from tests.support.signed_requests import Request

FOREIGN = (
    "http://evil.example",
    "null",
    "http://127.0.0.1:1",
    "http://localhost",
    "https://127.0.0.1:{page}",
    "http://127.0.0.1:{page}.evil.example",
    "http://[::1]:{page}",
    "http://127.0.0.1:{emulator}",
)
"""Origins of pages that are not the chat's."""

MADE_UP = (
    Credentials("test", "test"),
    Credentials("000000000000", "test"),
    Credentials("123456789012", "test"),
    Credentials("AKIAIOSFODNN7EXAMPLE", "test"),
)
"""Keys that are in documents of AWS or of MiniStack."""


@pytest.fixture(scope="module")
def state(stack: Stack) -> State:
    """Return the state that no request of this file may change."""
    room = uuid.uuid4().hex
    with connected(stack.web_socket_url, name="alice") as alice:
        alice.ask("createRoom", roomId=room)
    return State(stack, room)


@pytest.fixture(autouse=True)
def unchanged(state: State) -> Iterator[None]:
    """Compare the state after each test."""
    yield
    state.assert_unchanged()


def pages(stack: Stack) -> list[str]:
    """Return the origins of the page."""
    ports = (stack.page_port, edited_page_port(stack.page_port))
    return [f"http://{name}:{port}" for name in ("127.0.0.1", "localhost") for port in ports]


def foreign(stack: Stack) -> list[str]:
    """Return the origins of other pages."""
    port = int(stack.endpoint_url.rpartition(":")[2])
    return [it.format(page=stack.page_port, emulator=port) for it in FOREIGN]


def with_headers(request: Request, **headers: str) -> Request:
    """Return a request with more headers."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(request.method, request.target, {**request.headers, **more}, request.body)


def handshake(url: str, headers: Mapping[str, str]) -> int:
    """Return the status of a WebSocket handshake."""
    try:
        with connect(f"{url}?name=alice", additional_headers=headers, proxy=None):
            return 101
    except InvalidStatus as refusal:
        return refusal.response.status_code


@pytest.mark.parametrize("request_", [*ADMINISTRATIVE, *UNSIGNED], ids=str)
def test_unsigned_requests_are_refused(stack: Stack, request_: Request) -> None:
    """Nobody reaches tables, functions, roles or MiniStack's own paths without a signature."""
    assert request_.sent_to(stack.endpoint_url) == 403


@pytest.mark.parametrize("request_", ADMINISTRATIVE, ids=str)
def test_administrative_paths_are_closed(stack: Stack, request_: Request) -> None:
    """They are closed to the run's own credentials too."""
    url = stack.endpoint_url

    assert request_.signed(known(url), url, service="s3").sent_to(url) == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "[::1]:{port}"]
)
def test_other_host_names_are_refused(stack: Stack, host: str) -> None:
    """A name that was rebound to this machine reaches nothing, whatever is asked."""
    url = stack.endpoint_url
    host = host.format(port=url.rpartition(":")[2])
    signed = TABLES.signed(known(url), url, service="dynamodb")

    for request in (
        TABLES,
        signed,
        SIGN_IN,
        PREFLIGHT,
        RESET,
        Request("GET", "/_ministack/health"),
    ):
        assert with_headers(request, Host=host).sent_to(url) == 403
    assert _raw_handshake(stack, host) == 403


def _raw_handshake(stack: Stack, host: str) -> int:
    """Return the status of a handshake whose `Host` is *host*."""
    path = "/" + stack.web_socket_url.split("/", 3)[3]
    headers = {
        "Host": host,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    return Request("GET", f"{path}?name=eve", headers).sent_to(stack.endpoint_url)


def test_the_right_host_opens_the_same_handshake(stack: Stack) -> None:
    """The handshake of the test above fails for its host alone."""
    host = stack.endpoint_url.removeprefix("http://")

    assert _raw_handshake(stack, host) == 101
    assert _raw_handshake(stack, host.replace("127.0.0.1", "localhost")) == 101


def test_foreign_pages_are_refused(stack: Stack) -> None:
    """Another origin gets 403, for a preflight, a sign-in, a handshake and even a signed call."""
    url = stack.endpoint_url
    signed = TABLES.signed(known(url), url, service="dynamodb")

    for origin in foreign(stack):
        for request in (TABLES, signed, SIGN_IN, PREFLIGHT, RESET, NEW_ROLE):
            assert with_headers(request, Origin=origin).sent_to(url) == 403, (origin, request)
        assert handshake(stack.web_socket_url, {"Origin": origin}) == 403, origin


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", "none"])
def test_requests_of_pages_without_an_origin_are_refused(stack: Stack, site: str) -> None:
    """A picture, a script or a link of a page sends no `Origin`."""
    url = stack.endpoint_url
    signed = TABLES.signed(known(url), url, service="dynamodb")

    for request in (NEW_ROLE, RESET, SIGN_IN, signed, HEALTH):
        assert with_headers(request, Sec_Fetch_Site=site).sent_to(url) == 403


def test_the_page_gets_only_what_it_needs(stack: Stack) -> None:
    """The page may sign users in and connect them. A signed call of it is refused."""
    url = stack.endpoint_url
    signed = TABLES.signed(known(url), url, service="dynamodb")

    for origin in pages(stack):
        browser = {"Origin": origin, "Sec_Fetch_Site": "cross-site"}
        assert with_headers(PREFLIGHT, **browser).sent_to(url) == 200
        assert with_headers(SIGN_IN, **browser).sent_to(url) == 400  # an unknown client id
        assert handshake(stack.web_socket_url, {"Origin": origin}) == 101
        for request in (signed, NEW_ROLE, *ADMINISTRATIVE, *UNSIGNED):
            if request.method != "OPTIONS":
                assert with_headers(request, **browser).sent_to(url) == 403, request


@pytest.mark.parametrize("credentials", MADE_UP, ids=lambda it: it.key_id)
@pytest.mark.parametrize("in_query", [False, True], ids=["header", "query"])
def test_well_known_keys_are_refused(
    stack: Stack, credentials: Credentials, in_query: bool
) -> None:
    """MiniStack takes the key `test` and ids of 12 digits for the root user. The guard does not."""
    for request, service in ((TABLES, "dynamodb"), (NEW_ROLE, "iam")):
        assert (
            _signed(request, credentials, stack, service, in_query).sent_to(stack.endpoint_url)
            == 403
        )


@pytest.mark.parametrize("in_query", [False, True], ids=["header", "query"])
def test_a_wrong_secret_is_refused(stack: Stack, in_query: bool) -> None:
    """The run's key id alone is worth nothing."""
    forged = Credentials(known(stack.endpoint_url).key_id, "wrong")

    request = _signed(TABLES, forged, stack, "dynamodb", in_query)

    assert request.sent_to(stack.endpoint_url) == 403


def test_a_signed_query_is_refused(stack: Stack) -> None:
    """A POST of text/plain with its signature in the query needs no preflight in a browser."""
    url = stack.endpoint_url
    plain = Request("POST", "/?Action=ListUsers&Version=2010-05-08", {"Content-Type": "text/plain"})

    assert plain.signed_in_query(known(url), url, service="iam").sent_to(url) == 403


def test_another_body_is_refused(stack: Stack) -> None:
    """A signature is for one body only."""
    url = stack.endpoint_url
    signed = TABLES.signed(known(url), url, service="dynamodb")
    altered = Request(signed.method, signed.target, signed.headers, '{"Limit": 1}')

    assert signed.sent_to(url) == 200
    assert altered.sent_to(url) == 403


def test_the_credentials_of_a_function_cannot_be_computed(stack: Stack) -> None:
    """MiniStack derives them from the names of the function and its role."""
    url = stack.endpoint_url
    for function in client("lambda", url).list_functions()["Functions"]:
        names = f"{function['FunctionArn']}:{function['Role']}"
        digest = hashlib.sha256(names.encode()).hexdigest()
        secret = hashlib.sha256(f"secret:{digest}".encode()).hexdigest()
        computed = Credentials(f"ASIA{digest[:16].upper()}", secret)

        assert TABLES.signed(computed, url, service="dynamodb").sent_to(url) == 403


def test_only_one_address_of_this_machine_listens(stack: Stack) -> None:
    """The emulator listens on 127.0.0.1, not on all addresses of the machine."""
    port = int(stack.endpoint_url.rpartition(":")[2])

    with socket.socket() as peer:
        assert peer.connect_ex(("127.0.0.2", port)) != 0


def test_origins_of_the_settings_are_pages_too(tmp_path: Path) -> None:
    """The setting `origins` names pages that a developer serves elsewhere."""
    origin = "http://localhost:3000"
    with emulator(folder=tmp_path, port=free_port(), persist=False, origins=(origin,)) as aws:
        assert with_headers(PREFLIGHT, Origin=origin).sent_to(aws.url) == 200
        assert with_headers(PREFLIGHT, Origin="http://localhost:3001").sent_to(aws.url) == 403


def test_each_run_has_its_own_credentials(tmp_path: Path) -> None:
    """They are in a file that only its owner can read, and are refused by the next run."""
    port, file = free_port(), tmp_path / "credentials.json"
    seen = list[Credentials]()
    for _ in range(2):
        with emulator(folder=tmp_path, port=port, persist=False) as aws:
            assert file.stat().st_mode & 0o777 == 0o600
            seen.append(known(aws.url))
            assert client("sts", aws.url).get_caller_identity()["Arn"].endswith(":root")
            if len(seen) == 2:
                earlier = TABLES.signed(seen[0], aws.url, service="dynamodb")
                assert earlier.sent_to(aws.url) == 403
        assert not file.exists()

    assert len({it.key_id for it in seen}) == len({it.secret for it in seen}) == 2


def _signed(
    request: Request, credentials: Credentials, stack: Stack, service: str, in_query: bool
) -> Request:
    sign = request.signed_in_query if in_query else request.signed
    return sign(credentials, stack.endpoint_url, service=service)

"""The deployed chat with the limits of the settings, and with a function as review hook."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from local.deploy import client, deploy
from local.emulator_process import Emulator, emulator, free_port
from local.processes import Stop, wait_until
from tests.integration.least_privilege.deployed import RoleGrant, grants
from tests.support.clients.websocket import TIMEOUT_SECONDS, Frame, WebSocketClient, connected
from tests.support.conformance import conform, lines
from tests.support.emulated_function import create_function

HOOK = """
import time

def handler(message, context):
    text = message["text"]
    if text == "hang":
        time.sleep(5)
    if text == "fail":
        raise ValueError("a bug in the hook")
    if text == "nonsense":
        return ["what?"]
    if text == "who":
        return {"allow": True, "text": message["sender"]["name"] + " in " + message["roomId"]}
    if "hell" in text:
        return {"allow": True, "text": text.replace("hell", "h**l")}
    return {"allow": "buy" not in text, "reason": "no advertising"}
"""
TIMEOUT_MS = 1_500
REST_SECONDS = 10
DISCONNECTED = {
    "type": "error",
    "code": "rate_limited",
    "message": f"disconnected after repeated rate-limit violations; retry in {REST_SECONDS} s",
    "retryAfterMs": REST_SECONDS * 1_000,
}
SECONDS_FOR_A_MESSAGE = 100
"""With this rate a bucket stays empty during a test, however slow the machine is."""
SLOW_LIMITS = {
    "CONNECTION_MESSAGE_RATE": str(1 / SECONDS_FOR_A_MESSAGE),
    "USER_STRIKE_RATE": str(1 / SECONDS_FOR_A_MESSAGE),
    "REVIEW_FAILURE": "open",
}
"""Environment of the function for tests of floods: no message waits for a slow review."""
UNREVIEWED = ["hang", "fail", "nonsense"]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A deployed chat."""

    aws: Emulator
    url: str
    connections_table: str
    rooms_table: str


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """Deploy the chat with its default limits, and with a hook."""
    folder = tmp_path_factory.mktemp("guarded")
    with emulator(folder=folder, port=free_port(), persist=False) as aws:
        hook = create_function(aws.url, "hook", source=HOOK)
        settings = {
            "reviewFunction": hook,
            "reviewTimeoutMs": TIMEOUT_MS,
            "retentionDays": 30,
            "userCooldownSeconds": REST_SECONDS,
        }
        endpoints = deploy(aws, folder=folder, say=print, settings=settings)
        yield Guarded(
            aws, endpoints.web_socket_url, endpoints.connections_table, endpoints.rooms_table
        )


@pytest.fixture
def room_id() -> str:
    """Return a room id that no other test uses."""
    return uuid.uuid4().hex


@pytest.fixture
def alice(guarded: Guarded, room_id: str) -> Iterator[WebSocketClient]:
    """Connect alice, the room's owner."""
    with connected(guarded.url, name="alice", key=uuid.uuid4().hex) as alice:
        alice.ask("createRoom", roomId=room_id)
        yield alice


@pytest.fixture
def bob(guarded: Guarded, alice: WebSocketClient, room_id: str) -> Iterator[WebSocketClient]:  # noqa: ARG001 - first
    """Connect bob and let him join the room."""
    with connected(guarded.url, name="bob", key=uuid.uuid4().hex) as bob:
        bob.ask("joinRoom", roomId=room_id)
        yield bob


def say(who: WebSocketClient, room_id: str, text: str, **fields: Any) -> Frame:
    return who.ask("sendMessage", roomId=room_id, text=text, **fields)


def insist(who: WebSocketClient, room_id: str, text: str, **fields: Any) -> Frame:
    """Send a message again until the hook has started and answers."""
    for _ in range(20):
        reply = say(who, room_id, text, **fields)
        if reply.get("code") not in ("not_reviewed", "rate_limited"):
            break
    return reply


def log_of(who: WebSocketClient, room_id: str) -> list[str]:
    """Return the texts of the room's log."""
    return [m["text"] for m in who.ask("getHistory", roomId=room_id)["messages"]]


def test_a_real_hook_reviews(alice: WebSocketClient, bob: WebSocketClient, room_id: str) -> None:
    """The hook allows, rewrites and rejects; a rejected message is not stored and not sent."""
    allowed = insist(alice, room_id, "hi")
    rewritten = say(alice, room_id, "what the hell")
    refused = say(alice, room_id, "buy this", clientMessageId="m1")
    asked = say(alice, room_id, "who")

    assert allowed["message"]["text"] == "hi"
    assert rewritten["message"]["text"] == "what the h**l"
    assert (refused["code"], refused["message"]) == (
        "forbidden",
        "the review rejected the message: no advertising",
    )
    assert asked["message"]["text"] == f"alice in {room_id}"
    heard = [bob.next_event("message")["message"]["text"] for _ in range(3)]
    assert heard == log_of(bob, room_id) == ["hi", "what the h**l", f"alice in {room_id}"]


@pytest.mark.parametrize("text", UNREVIEWED)
def test_a_message_without_a_review_is_not_stored(
    alice: WebSocketClient, room_id: str, text: str
) -> None:
    """If the hook times out or fails, the message is not stored; it may be sent again."""
    refused = say(alice, room_id, text, clientMessageId="m1")
    again = insist(alice, room_id, "hi", clientMessageId="m1")

    assert (refused["code"], refused["retryAfterMs"]) == ("not_reviewed", 3_000)
    assert again["type"] == "messageSent"
    assert log_of(alice, room_id) == ["hi"]


@pytest.mark.parametrize("text", UNREVIEWED)
def test_failure_open_stores_a_message_without_a_review(
    guarded: Guarded, alice: WebSocketClient, room_id: str, text: str
) -> None:
    """With `reviewFailure: open` the message is stored; a rejection still counts."""
    with configured(guarded, {"REVIEW_FAILURE": "open"}):
        insist(alice, room_id, "hi")
        stored = say(alice, room_id, text)
        refused = insist(alice, room_id, "buy this")

    assert stored["message"]["text"] == text
    assert refused["code"] == "forbidden"
    assert log_of(alice, room_id) == ["hi", text]


@contextmanager
def configured(guarded: Guarded, variables: dict[str, str]) -> Iterator[None]:
    """Change the function's environment as settings do, and restore it at the end."""
    functions = client("lambda", guarded.aws.url)
    (name, was) = next(
        (it["FunctionName"], it["Environment"])
        for it in functions.list_functions()["Functions"]
        if "REVIEW_FAILURE" in it.get("Environment", {}).get("Variables", {})
    )
    environment = {"Variables": was["Variables"] | variables}
    functions.update_function_configuration(FunctionName=name, Environment=environment)
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Environment=was)


def test_messages_expire_after_the_retention(
    guarded: Guarded, alice: WebSocketClient, room_id: str
) -> None:
    """Messages have the expiry of the setting, and the chat serves none that has expired."""
    tables = client("dynamodb", guarded.aws.url)
    message = insist(alice, room_id, "hi")["message"]
    key = {"pk": {"S": f"ROOM#{room_id}"}, "sk": {"S": f"MESSAGE#{message['seq']:016}"}}
    where = {"TableName": guarded.rooms_table, "Key": key}
    sent = datetime.fromisoformat(message["sentAt"])
    before = log_of(alice, room_id)

    expires = int(tables.get_item(**where)["Item"]["expiresAt"]["N"])
    tables.update_item(
        **where,
        UpdateExpression="SET expiresAt = :past",
        ExpressionAttributeValues={":past": {"N": str(int(sent.timestamp()) - 1)}},
    )
    found = tables.describe_time_to_live(TableName=guarded.rooms_table)["TimeToLiveDescription"]

    assert expires == int((sent + timedelta(days=30)).timestamp())
    assert before == ["hi"]
    assert log_of(alice, room_id) == []
    assert found == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expiresAt"}


def test_a_repetition_is_not_reviewed(alice: WebSocketClient, room_id: str) -> None:
    """A repetition gets the stored message, even if the hook would reject its text."""
    first = insist(alice, room_id, "hi", clientMessageId="m1")

    again = say(alice, room_id, "buy this", clientMessageId="m1")

    assert again["message"] == first["message"]


def test_a_burst_is_limited(
    guarded: Guarded, alice: WebSocketClient, bob: WebSocketClient, room_id: str
) -> None:
    """The burst is accepted and reaches the room; the other errors say how long to wait."""
    with configured(guarded, SLOW_LIMITS):
        insist(alice, room_id, "hi")
        for n in range(60):
            alice.send(_frame(room_id, n))
        replies = [alice.reply_to(f"r{n}") for n in range(60)]
    stored = [reply["message"]["text"] for reply in replies if reply["type"] == "messageSent"]
    refused = [reply for reply in replies if reply["type"] == "error"]

    assert len(stored) >= 15
    assert refused
    assert {reply["code"] for reply in refused} == {"rate_limited"}
    assert all(0 < it["retryAfterMs"] <= 1_000 * SECONDS_FOR_A_MESSAGE for it in refused)
    assert log_of(bob, room_id) == ["hi", *stored]
    heard = [bob.next_event("message")["message"]["text"] for _ in range(len(stored) + 1)]
    assert heard == ["hi", *stored]


def test_a_flooder_is_disconnected(guarded: Guarded, bob: WebSocketClient, room_id: str) -> None:
    """A thousand frames without reading close both sockets, with the reason.

    The room receives the accepted messages once and in order, and the leave event. The user cannot
    connect during the cooldown, and can afterwards.
    """
    key = uuid.uuid4().hex
    with (
        configured(guarded, SLOW_LIMITS),
        connected(guarded.url, name="eve", key=key) as eve,
        connected(guarded.url, name="eve", key=key) as phone,
    ):
        user_id = eve.ask("joinRoom", roomId=room_id)["members"][-1]["userId"]
        with suppress(ConnectionClosed):
            for n in range(1_000):
                eve.send(_frame(room_id, n))
        heard = closing_words(eve)

        assert closing_words(phone)[-1] == DISCONNECTED
        assert DISCONNECTED in heard
        with pytest.raises(InvalidStatus), connected(guarded.url, name="eve", key=key):
            pass
    acknowledged = [frame["message"]["text"] for frame in heard if frame["type"] == "messageSent"]
    assert log_of(bob, room_id) == acknowledged
    assert bob.next_event("memberLeft")["userId"] == user_id
    assert wait_until(lambda: may_come(guarded.url, key), stop=Stop(), seconds=REST_SECONDS + 20)
    assert bob.ask("hello")["type"] == "welcome"


def closing_words(who: WebSocketClient) -> list[Frame]:
    """Return the frames that a connection receives until the server closes it."""
    frames: list[Frame] = []
    with suppress(ConnectionClosed):
        while True:
            frames.append(json.loads(who.socket.recv(timeout=TIMEOUT_SECONDS)))
    return frames


def may_come(url: str, key: str) -> bool:
    """Return whether a handshake is accepted, and a request works after it."""
    try:
        with connected(url, name="eve", key=key) as eve:
            return bool(eve.ask("hello")["type"] == "welcome")
    except InvalidStatus:
        return False


def _frame(room_id: str, n: int) -> str:
    frame = {"action": "sendMessage", "roomId": room_id, "text": f"{n}", "requestId": f"r{n}"}
    return json.dumps(frame)


def test_rate_limits_are_in_the_table(
    guarded: Guarded, alice: WebSocketClient, room_id: str
) -> None:
    """All environments of the function count together, in DynamoDB."""
    user_id = alice.ask("hello")["userId"]
    insist(alice, room_id, "hi")

    found = client("dynamodb", guarded.aws.url).get_item(
        TableName=guarded.connections_table,
        Key={"pk": {"S": f"USER#{user_id}"}, "sk": {"S": "RATES"}},
    )["Item"]

    assert {"messagesFullAt", "joinsFullAt", "expiresAt"} <= set(found)


def test_welcome_has_the_limits(alice: WebSocketClient) -> None:
    """`welcome` has the rate limits of the chat."""
    limits = alice.ask("hello")["limits"]

    assert (limits["messagesPerSecond"], limits["messageBurst"]) == (5, 20)
    assert limits["joinsPerMinute"] == 120
    assert (limits["readsPerSecond"], limits["readBurst"]) == (5, 120)


def test_the_hook_needs_its_permission(
    guarded: Guarded, alice: WebSocketClient, room_id: str
) -> None:
    """Without the permission no message is reviewed; `least_privilege` has no hook."""
    insist(alice, room_id, "with it")
    (grant,) = (
        grant
        for grant in grants(guarded.aws.url)
        if isinstance(grant, RoleGrant) and "lambda:" in grant.name
    )

    with grant.absent(guarded.aws.url):
        without = say(alice, room_id, "without it")
    again = insist(alice, room_id, "with it again")

    assert grant.name.endswith(":function:hook")
    assert without["code"] == "not_reviewed"
    assert again["type"] == "messageSent"
    assert log_of(alice, room_id) == ["with it", "with it again"]


def test_conforms_to_the_rule_of_rate_limits(guarded: Guarded) -> None:
    """`make conformance` can check this rule on a chat with limits only."""
    with configured(guarded, SLOW_LIMITS | {"CONNECTION_MESSAGE_RATE": "0.5"}):
        status, printed, complaints = conform("-k", "test_a_flood", URL=guarded.url)

    assert (status, complaints) == (0, "")
    assert len(lines(printed, "kept")) == 1

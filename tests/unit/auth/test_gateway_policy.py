"""The handshake: where a token may be, and what the refused hear."""

import logging
from typing import Any
from urllib.parse import unquote

import pytest

from chat.auth.gateway_policy import Authorizer, UnauthorizedResponse, authorize
from chat.auth.jwks import KeySet, NoKeysError
from chat.auth.jwt_verifier import JwtVerifier
from chat.domain.identity import Expected
from chat.observability.invocation import InvocationRecord
from tests.support.issuer.issuer import CLIENT, NAME, STRANGER, Issuer

ARN = "arn:aws:execute-api:eu-west-1:123456789012:api/prod/$connect"


@pytest.fixture
def issuer() -> Issuer:
    """An issuer with one key, k1."""
    return Issuer()


def door(issuer: Issuer, **options: Any) -> Authorizer:
    expected = Expected(NAME, (CLIENT,), token_use="access")
    keys = KeySet("", algorithms=("RS256",), clock=issuer.clock, fetch=issuer.fetch)
    return Authorizer(JwtVerifier(expected, keys, clock=issuer.clock), **options)


def handshake(*, query: dict[str, str] | None = None, **headers: str) -> dict[str, Any]:
    """An event of API Gateway; underscores in the names of headers are hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "type": "REQUEST",
        "methodArn": ARN,
        "headers": named or None,
        "queryStringParameters": query,
    }


def effect(policy: dict[str, Any]) -> str:
    (statement,) = policy["policyDocument"]["Statement"]
    assert statement["Resource"] == ARN
    return str(statement["Effect"])


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_a_header(issuer: Issuer, name: str, scheme: str) -> None:
    """Terminals and bots send the token as a header."""
    policy = authorize(
        {**handshake(), "headers": {name: f"{scheme} {issuer.token()}"}}, door(issuer)
    )

    assert effect(policy) == "Allow"
    assert policy["principalId"] == "u-alice"
    assert policy["context"]["userId"] == "u-alice"
    assert int(policy["context"]["expiresAt"]) > issuer.clock.now().timestamp()


@pytest.mark.parametrize("offer", ["chat.v1, {}", "chat.v1,{}"])
def test_a_subprotocol(issuer: Issuer, offer: str) -> None:
    """Browsers send it as the second subprotocol they offer."""
    event = handshake(Sec_WebSocket_Protocol=offer.format(issuer.token()))

    assert effect(authorize(event, door(issuer))) == "Allow"


@pytest.mark.parametrize("offer", ["{}", "chat.v2, {}", "{}, chat.v1", "chat.v1, a, {}", "chat.v1"])
def test_not_a_subprotocol(issuer: Issuer, offer: str) -> None:
    """Any other offer carries no token."""
    with pytest.raises(UnauthorizedResponse):
        authorize(handshake(Sec_WebSocket_Protocol=offer.format(issuer.token())), door(issuer))


def test_the_query_string(issuer: Issuer) -> None:
    """A token in a URL counts only where that is allowed: URLs end up in logs."""
    event = handshake(query={"token": issuer.token()})

    assert effect(authorize(event, door(issuer, token_in_query=True))) == "Allow"
    with pytest.raises(UnauthorizedResponse):
        authorize(event, door(issuer))


def test_names_of_any_script(issuer: Issuer) -> None:
    """What the connection is told is ASCII, and says the same."""
    token = issuer.token(name="Zoë 🫖", sub="u/1")

    context = authorize(handshake(authorization=f"Bearer {token}"), door(issuer))["context"]

    assert all(value.isascii() for value in context.values())
    assert (unquote(context["name"]), unquote(context["userId"])) == ("Zoë 🫖", "u/1")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": "Basic YTpi"},
        {"authorization": "Bearer a.b.c"},
    ],
)
def test_refuses(issuer: Issuer, headers: dict[str, str]) -> None:
    """Without a good token it is 401, which is what this text means to API Gateway."""
    with pytest.raises(UnauthorizedResponse, match=r"^Unauthorized$"):
        authorize({**handshake(), "headers": headers}, door(issuer))


def test_an_outage_is_no_refusal(issuer: Issuer) -> None:
    """When nobody can tell, it is neither 401 nor 403, but the server's fault."""
    issuer.down = True

    with pytest.raises(NoKeysError):
        authorize(handshake(authorization=f"Bearer {issuer.token()}"), door(issuer))


def test_logs_no_token(issuer: Issuer, caplog: pytest.LogCaptureFixture) -> None:
    """A refusal is a line with its reason; the token is in no line."""
    caplog.set_level(logging.DEBUG)
    token = issuer.token(key=STRANGER)

    with pytest.raises(UnauthorizedResponse):
        authorize(handshake(authorization=f"Bearer {token}"), door(issuer))

    assert [record.message for record in caplog.records] == ["handshake denied"]
    assert token.rpartition(".")[2] not in str([vars(record) for record in caplog.records])


def test_counts_what_it_decides(issuer: Issuer) -> None:
    """Let in, turned away, or not able to tell: each is one, and only the last is a fault."""
    good, none, unsure = InvocationRecord(), InvocationRecord(), InvocationRecord()
    bearing = handshake(authorization=f"Bearer {issuer.token()}")

    authorize(bearing, door(issuer), good)
    with pytest.raises(UnauthorizedResponse):
        authorize(handshake(), door(issuer), none)
    issuer.down = True
    with pytest.raises(NoKeysError):
        authorize(bearing, door(issuer), unsure)

    assert [(it.allowed, it.denied, it.faults) for it in (good, none, unsure)] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]
    assert (good.code, none.code) == ("ok", "unauthorized")

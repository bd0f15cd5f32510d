"""The handshake: where a token may be, and the answers to bad ones."""

import logging
from typing import Any
from urllib.parse import unquote

import pytest

from chat.auth.gateway_policy import Authorizer, UnauthorizedResponse, authorize
from chat.auth.jwks import KeySet, NoKeysError
from chat.auth.jwt_verifier import JwtVerifier
from chat.domain.identity import TokenPolicy
from chat.observability.invocation import InvocationRecord
from tests.support.issuer.issuer import CLIENT, NAME, STRANGER, Issuer

ARN = "arn:aws:execute-api:eu-west-1:123456789012:api/prod/$connect"


@pytest.fixture
def issuer() -> Issuer:
    """Return an issuer with one key, k1."""
    return Issuer()


def checker(issuer: Issuer, **options: Any) -> Authorizer:
    expected = TokenPolicy(NAME, (CLIENT,), token_use="access")
    keys = KeySet("", algorithms=("RS256",), clock=issuer.clock, fetch=issuer.fetch)
    return Authorizer(JwtVerifier(expected, keys, clock=issuer.clock), **options)


def handshake(*, query: dict[str, str] | None = None, **headers: str) -> dict[str, Any]:
    """Return an event of API Gateway; underscores in the names of headers are hyphens."""
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
    """The token of a terminal or bot is in a header."""
    policy = authorize(
        {**handshake(), "headers": {name: f"{scheme} {issuer.token()}"}}, checker(issuer)
    )

    assert effect(policy) == "Allow"
    assert policy["principalId"] == "u-alice"
    assert policy["context"]["userId"] == "u-alice"
    assert int(policy["context"]["expiresAt"]) > issuer.clock.now().timestamp()


@pytest.mark.parametrize("offer", ["chat.v1, {}", "chat.v1,{}"])
def test_a_subprotocol(issuer: Issuer, offer: str) -> None:
    """The token of a browser is the second subprotocol that it offers."""
    event = handshake(Sec_WebSocket_Protocol=offer.format(issuer.token()))

    assert effect(authorize(event, checker(issuer))) == "Allow"


@pytest.mark.parametrize("offer", ["{}", "chat.v2, {}", "{}, chat.v1", "chat.v1, a, {}", "chat.v1"])
def test_not_a_subprotocol(issuer: Issuer, offer: str) -> None:
    """Any other offer carries no token."""
    with pytest.raises(UnauthorizedResponse):
        authorize(handshake(Sec_WebSocket_Protocol=offer.format(issuer.token())), checker(issuer))


def test_the_query_string(issuer: Issuer) -> None:
    """A token in a URL counts only if the settings allow it, because URLs are logged."""
    event = handshake(query={"token": issuer.token()})

    assert effect(authorize(event, checker(issuer, token_in_query=True))) == "Allow"
    with pytest.raises(UnauthorizedResponse):
        authorize(event, checker(issuer))


def test_names_of_any_script(issuer: Issuer) -> None:
    """The context of the connection is ASCII and decodes to the same name."""
    token = issuer.token(name="Zoë 🫖", sub="u/1")

    context = authorize(handshake(authorization=f"Bearer {token}"), checker(issuer))["context"]

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
    """Without a good token the error has the text that API Gateway answers with 401."""
    with pytest.raises(UnauthorizedResponse, match=r"^Unauthorized$"):
        authorize({**handshake(), "headers": headers}, checker(issuer))


def test_an_outage_is_a_server_error(issuer: Issuer) -> None:
    """If the keys cannot be fetched, the answer is neither 401 nor 403, but 500."""
    issuer.down = True

    with pytest.raises(NoKeysError):
        authorize(handshake(authorization=f"Bearer {issuer.token()}"), checker(issuer))


def test_logs_no_token(issuer: Issuer, caplog: pytest.LogCaptureFixture) -> None:
    """A rejected token is a line with the reason; the token itself is in no line."""
    caplog.set_level(logging.DEBUG)
    token = issuer.token(key=STRANGER)

    with pytest.raises(UnauthorizedResponse):
        authorize(handshake(authorization=f"Bearer {token}"), checker(issuer))

    assert [record.message for record in caplog.records] == ["handshake denied"]
    assert token.rpartition(".")[2] not in str([vars(record) for record in caplog.records])


def test_counts_what_it_decides(issuer: Issuer) -> None:
    """Accepted, rejected and undecided handshakes are counted; only the last is a fault."""
    good, none, unsure = InvocationRecord(), InvocationRecord(), InvocationRecord()
    bearing = handshake(authorization=f"Bearer {issuer.token()}")

    authorize(bearing, checker(issuer), good)
    with pytest.raises(UnauthorizedResponse):
        authorize(handshake(), checker(issuer), none)
    issuer.down = True
    with pytest.raises(NoKeysError):
        authorize(bearing, checker(issuer), unsure)

    assert [(it.allowed, it.denied, it.faults) for it in (good, none, unsure)] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]
    assert (good.code, none.code) == ("ok", "unauthorized")


def test_long_names_are_cut(issuer: Issuer) -> None:
    """API Gateway rejects a large context, so a name has at most 256 characters before encoding."""
    answer = authorize(
        handshake(Authorization=f"Bearer {issuer.token(name='é' * 600)}"), checker(issuer)
    )

    assert unquote(answer["context"]["name"]) == "é" * 256

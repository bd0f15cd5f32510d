"""The hosted page's sign-in configuration, and the origins that it may connect to."""

from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from chat_stack.errors import ConfigError
from chat_stack.identity.page_config import GUESTS, PageSignIn
from chat_stack.identity.sign_in import SignIn
from chat_stack.settings.load import read_settings
from chat_stack.settings.validation import validate
from chat_stack.web.page import config, content_security_policy
from tests.support.issuer.issuer import NAME

CHAT = "wss://abc.example"
OIDC = {"type": "oidc", "issuer": f"{NAME}/t", "audience": ["a"], "keysUrl": f"{NAME}/k"}
POOL = {"type": "cognito", "userPoolId": "eu-west-1_x", "clientIds": ["first", "second"]}


def sign_in_for(identity: dict[str, Any], **more: Any) -> PageSignIn:
    """Return the page's sign-in for *identity*."""
    given = {"identity": identity, "guestsAllowed": True, "webHosting": True, **more}
    settings = validate("test", read_settings("test", given))
    return SignIn(Stack(App(), "Test"), "SignIn", settings=settings).page


def connects(sign_in: PageSignIn) -> list[str]:
    """Return the origins that the page may connect to, except its own."""
    rules = content_security_policy(CHAT, sign_in).split("; ")
    (rule,) = [rule for rule in rules if rule.startswith("connect-src ")]
    return rule.split()[2:]


def test_guests() -> None:
    """The page of guests may connect to the chat only, by WebSocket and HTTP."""
    assert sign_in_for({"type": "guest"}) is GUESTS
    assert connects(GUESTS) == [CHAT, f"http{CHAT.removeprefix('ws')}"]
    assert config(CHAT) == {"webSocketUrl": CHAT, "signIn": {"type": "guest"}}


def test_an_existing_pool_by_form() -> None:
    """Without a domain, the page calls Cognito's API with the first client."""
    endpoint = "https://cognito-idp.eu-west-1.amazonaws.com"

    sign_in = sign_in_for(POOL)

    assert sign_in.config == {"type": "cognito", "endpoint": f"{endpoint}/", "clientId": "first"}
    assert connects(sign_in) == [CHAT, "https://abc.example", endpoint]


def test_an_existing_pool_by_its_pages() -> None:
    """With a domain, the page redirects there and needs no discovery of its endpoints."""
    sign_in = sign_in_for({**POOL, "domain": "https://auth.example"})

    assert sign_in.config["type"] == "oidc"
    assert sign_in.config["clientId"] == "first"
    assert sign_in.config["issuer"] == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x"
    assert sign_in.config["endpoints"]["token"] == "https://auth.example/oauth2/token"
    assert connects(sign_in) == [CHAT, "https://abc.example", "https://auth.example"]


def test_any_issuer_by_discovery() -> None:
    """The page may connect to the issuer's origin, for discovery."""
    sign_in = sign_in_for({**OIDC, "page": {"clientId": "c", "parameters": {"audience": "a"}}})

    assert sign_in.config == {
        "type": "oidc",
        "issuer": f"{NAME}/t",
        "clientId": "c",
        "scope": "openid profile",
        "token": "access",
        "algorithms": ["RS256"],
        "parameters": {"audience": "a"},
    }
    assert connects(sign_in) == [CHAT, "https://abc.example", NAME]


def test_any_issuer_by_endpoints() -> None:
    """The page connects to the token endpoint only. It redirects to the other endpoints."""
    endpoints = {
        "authorization": "https://pages.example/authorize",
        "token": "https://tokens.example/token",
        "endSession": "https://pages.example/logout",
    }

    sign_in = sign_in_for(
        {**OIDC, "page": {"clientId": "c", "token": "id", "endpoints": endpoints}}
    )

    assert sign_in.config["endpoints"] == endpoints
    assert sign_in.config["token"] == "id"
    assert connects(sign_in) == [CHAT, "https://abc.example", "https://tokens.example"]


def test_a_hosted_page_needs_a_client() -> None:
    """If the page is hosted, an issuer without `page` is an error that names the key."""
    with pytest.raises(
        ConfigError, match=r"^cdk\.json: environments\.test\.identity\.page: expected"
    ):
        sign_in_for(OIDC)

    assert sign_in_for(OIDC, webHosting=False) is GUESTS


def test_a_pool_without_a_page_has_no_redirects() -> None:
    """The client has no domain, no redirects and no OAuth flow, unlike the CDK's default."""
    settings = read_settings("test", {"identity": {"type": "cognito"}})
    stack = Stack(App(), "Test")

    SignIn(stack, "SignIn", settings=settings)

    template = Template.from_stack(stack)
    template.resource_count_is("AWS::Cognito::UserPoolDomain", 0)
    (client,) = template.find_resources("AWS::Cognito::UserPoolClient").values()
    assert client["Properties"]["AllowedOAuthFlowsUserPoolClient"] is False
    assert "CallbackURLs" not in client["Properties"]

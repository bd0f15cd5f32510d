"""What the hosted page is told of signing in, and whom it may ask."""

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


def told(identity: dict[str, Any], **more: Any) -> PageSignIn:
    """What the page is told where that is the choice."""
    given = {"identity": identity, "guestsAllowed": True, "webHosting": True, **more}
    settings = validate("test", read_settings("test", given))
    return SignIn(Stack(App(), "Test"), "SignIn", settings=settings).page


def connects(sign_in: PageSignIn) -> list[str]:
    """Whom the page may ask, beside itself."""
    rules = content_security_policy(CHAT, sign_in).split("; ")
    (rule,) = [rule for rule in rules if rule.startswith("connect-src ")]
    return rule.split()[2:]


def test_guests() -> None:
    """Nobody is asked but the chat, by HTTP as well."""
    assert told({"type": "guest"}) is GUESTS
    assert connects(GUESTS) == [CHAT, f"http{CHAT.removeprefix('ws')}"]
    assert config(CHAT) == {"webSocketUrl": CHAT, "signIn": {"type": "guest"}}


def test_an_existing_pool_by_form() -> None:
    """Without a domain the page asks Cognito's API itself, with the first client."""
    endpoint = "https://cognito-idp.eu-west-1.amazonaws.com"

    sign_in = told(POOL)

    assert sign_in.config == {"type": "cognito", "endpoint": f"{endpoint}/", "clientId": "first"}
    assert connects(sign_in) == [CHAT, "https://abc.example", endpoint]


def test_an_existing_pool_by_its_pages() -> None:
    """With a domain people go there; its endpoints are known, so nobody else is asked for them."""
    sign_in = told({**POOL, "domain": "https://auth.example"})

    assert sign_in.config["type"] == "oidc"
    assert sign_in.config["clientId"] == "first"
    assert sign_in.config["issuer"] == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x"
    assert sign_in.config["endpoints"]["token"] == "https://auth.example/oauth2/token"
    assert connects(sign_in) == [CHAT, "https://abc.example", "https://auth.example"]


def test_any_issuer_by_discovery() -> None:
    """Its origin is asked; the path of the issuer is none of the policy's."""
    sign_in = told({**OIDC, "page": {"clientId": "c", "parameters": {"audience": "a"}}})

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
    """Only those are asked that script asks; one goes to the others."""
    endpoints = {
        "authorization": "https://pages.example/authorize",
        "token": "https://tokens.example/token",
        "endSession": "https://pages.example/logout",
    }

    sign_in = told({**OIDC, "page": {"clientId": "c", "token": "id", "endpoints": endpoints}})

    assert sign_in.config["endpoints"] == endpoints
    assert sign_in.config["token"] == "id"
    assert connects(sign_in) == [CHAT, "https://abc.example", "https://tokens.example"]


def test_a_hosted_page_has_to_know_how() -> None:
    """An issuer without a client for the page is refused where the page is hosted, with the key."""
    with pytest.raises(
        ConfigError, match=r"^cdk\.json: environments\.test\.identity\.page: expected"
    ):
        told(OIDC)

    assert told(OIDC, webHosting=False) is GUESTS


def test_a_pool_without_a_page_has_no_redirects() -> None:
    """Nor the CDK's own defaults, the implicit flow among them."""
    settings = read_settings("test", {"identity": {"type": "cognito"}})
    stack = Stack(App(), "Test")

    SignIn(stack, "SignIn", settings=settings)

    template = Template.from_stack(stack)
    template.resource_count_is("AWS::Cognito::UserPoolDomain", 0)
    (client,) = template.find_resources("AWS::Cognito::UserPoolClient").values()
    assert client["Properties"]["AllowedOAuthFlowsUserPoolClient"] is False
    assert "CallbackURLs" not in client["Properties"]

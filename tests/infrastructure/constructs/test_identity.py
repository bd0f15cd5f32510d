"""The constructs of the authorizer and its issuers, separately and in a chat."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Match, Template
from aws_cdk.aws_apigatewayv2_integrations import WebSocketMockIntegration

from chat_stack.errors import ConfigError
from chat_stack.identity.authorizer import Authorizer
from chat_stack.identity.provider import cognito_provider, oidc_provider
from chat_stack.identity.sign_in import SignIn
from chat_stack.identity.user_pool import ChatUsers
from chat_stack.settings.environment import authorizer_variables, token_variables
from chat_stack.settings.identity import Cognito, Oidc, Provider
from chat_stack.settings.load import read_settings
from chat_stack.settings.settings import Settings
from chat_stack.stack import ChatStack
from tests.support.issuer.issuer import NAME

PROVIDER = Provider(NAME, ("app", "other"), f"{NAME}/keys", name_claim="email")


@pytest.fixture
def code(tmp_path: Path) -> lambda_.Code:
    """Return code without content."""
    (tmp_path / "empty.py").touch()
    return lambda_.Code.from_asset(str(tmp_path))


def authorized(code: lambda_.Code, **settings: Any) -> Template:
    """Return the template of a WebSocket API with an authorizer."""
    stack = Stack(App(), "Test")
    variables = authorizer_variables(Settings(stage_name="test", **settings), PROVIDER)
    authorizer = Authorizer(stack, "Authorizer", code=code, variables=variables)
    api = apigateway.WebSocketApi(stack, "Api")
    api.add_route(
        "$connect",
        integration=WebSocketMockIntegration("Mock"),
        authorizer=authorizer.authorizer,
    )
    return Template.from_stack(stack)


def test_guards_the_handshake(code: lambda_.Code) -> None:
    """$connect calls the authorizer for every request, with or without a token in a header."""
    template = authorized(code)

    template.has_resource_properties("AWS::ApiGatewayV2::Route", {"AuthorizationType": "CUSTOM"})
    template.has_resource_properties(
        "AWS::ApiGatewayV2::Authorizer", {"AuthorizerType": "REQUEST", "IdentitySource": []}
    )


def test_may_only_write_its_log(code: lambda_.Code) -> None:
    """The authorizer's role has one statement, which allows logging."""
    (policy,) = authorized(code).find_resources("AWS::IAM::Policy").values()

    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]


def test_variables_name_the_issuer(code: lambda_.Code) -> None:
    """The function's environment variables contain the issuer, the audience and the claims."""
    template = authorized(code, token_in_query=True)

    variables = {
        "ISSUER": NAME,
        "AUDIENCE": "app other",
        "KEYS_URL": f"{NAME}/keys",
        "ALGORITHMS": "RS256",
        "TOKEN_USE": "",
        "NAME_CLAIM": "email",
        "TOKEN_IN_QUERY": "true",
    }
    template.has_resource_properties(
        "AWS::Lambda::Function",
        {
            "Handler": "chat.authorizer.handler",
            "Environment": {"Variables": Match.object_like(variables)},
        },
    )


def test_a_user_pool() -> None:
    """Users sign in without a client secret. Errors do not reveal whether an account exists."""
    stack = Stack(App(), "Test")
    ChatUsers(stack, "Users")
    template = Template.from_stack(stack)

    template.has_resource_properties(
        "AWS::Cognito::UserPool",
        {
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
            "MfaConfiguration": "OPTIONAL",
        },
    )
    template.has_resource_properties(
        "AWS::Cognito::UserPoolClient",
        {
            "GenerateSecret": False,
            "PreventUserExistenceErrors": "ENABLED",
            "EnableTokenRevocation": True,
        },
    )
    template.has_resource("AWS::Cognito::UserPool", {"DeletionPolicy": "Retain"})


def client_of_the_page(**settings: Any) -> Mapping[str, Any]:
    """Return the properties of the page's client of a pool that the stack creates."""
    settings = {"identity": {"type": "cognito"}, **settings}
    stack = Stack(App(), "Test")
    SignIn(stack, "SignIn", settings=read_settings("test", settings))
    clients = Template.from_stack(stack).find_resources("AWS::Cognito::UserPoolClient")
    (client,) = [it["Properties"] for id_, it in clients.items() if "Page" in id_]
    properties: Mapping[str, Any] = client
    return properties


@pytest.mark.parametrize(
    ("settings", "flow"),
    [
        ({"webHosting": True}, "ALLOW_CUSTOM_AUTH"),
        ({}, "ALLOW_USER_SRP_AUTH"),
        ({"gatewayUrl": "http://127.0.0.1:4566"}, "ALLOW_USER_PASSWORD_AUTH"),
    ],
    ids=["hosted page", "other clients", "laptop"],
)
def test_a_pool_allows_the_used_flow_alone(settings: Mapping[str, Any], flow: str) -> None:
    """The client allows the one way in which its users sign in.

    The hosted page redirects, which needs no flow. Cognito replaces an empty list by SRP and two
    more. Custom sign-in does nothing in a pool without its functions.
    """
    assert client_of_the_page(**settings)["ExplicitAuthFlows"] == [flow]


def test_a_pool_for_the_hosted_page_has_no_functions() -> None:
    """The pool has no function that would make custom sign-in work."""
    stack = Stack(App(), "Test")
    ChatUsers(stack, "Users", flow="redirect")

    (pool,) = Template.from_stack(stack).find_resources("AWS::Cognito::UserPool").values()
    assert "LambdaConfig" not in pool["Properties"]


def test_a_refresh_token_works_once() -> None:
    """Each refresh returns a new refresh token. The old one works for a minute more."""
    rotation = client_of_the_page(webHosting=True)["RefreshTokenRotation"]

    assert rotation == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}


def test_a_new_email_is_verified_first() -> None:
    """Until users prove that they read a new address, the old one stays."""
    stack = Stack(App(), "Test")
    ChatUsers(stack, "Users")

    Template.from_stack(stack).has_resource_properties(
        "AWS::Cognito::UserPool",
        {"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}},
    )


def test_cognito_is_its_own_issuer() -> None:
    """The issuer's URL contains the region and the pool. Only an emulator has another keys URL."""
    pool: Any = {"region": "eu-west-1", "pool_id": "eu-west-1_x", "client_ids": ("c",)}
    at_aws = cognito_provider(Cognito(), **pool)
    emulated = cognito_provider(Cognito(), **pool, keys_at="http://127.0.0.1:4566")

    issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x"
    assert (at_aws.issuer, at_aws.keys_url) == (issuer, f"{issuer}/.well-known/jwks.json")
    assert emulated.issuer == issuer
    assert emulated.keys_url == "http://127.0.0.1:4566/eu-west-1_x/.well-known/jwks.json"
    assert token_variables(at_aws)["TOKEN_USE"] == "access"


def test_any_issuer() -> None:
    """The settings of an issuer become the authorizer's variables."""
    choice = Oidc(
        issuer=NAME, audience=("a",), keys_url=f"{NAME}/k", algorithms=("ES256",), user_claim="oid"
    )

    provider = oidc_provider(choice)

    assert token_variables(provider)["ALGORITHMS"] == "ES256"
    assert token_variables(provider)["USER_CLAIM"] == "oid"
    assert token_variables(provider)["TOKEN_USE"] == ""


def chat_with(identity: Mapping[str, Any], **more: Any) -> Template:
    """Return the template of a chat with the setting *identity*."""
    app = App(context={"aws:cdk:bundling-stacks": []})
    settings = read_settings("test", {"identity": identity, **more})
    return Template.from_stack(ChatStack(app, "Chat-test", settings=settings))


def test_guests_need_no_authorizer() -> None:
    """A chat of guests has no authorizer and no user pool."""
    template = chat_with({"type": "guest"}, guestsAllowed=True)

    template.resource_count_is("AWS::ApiGatewayV2::Authorizer", 0)
    template.resource_count_is("AWS::Cognito::UserPool", 0)


POOL = {"type": "cognito", "userPoolId": "eu-west-1_x", "clientIds": ["c"]}


@pytest.mark.parametrize("identity", [{"type": "cognito"}, POOL], ids=["own pool", "existing pool"])
@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({}, ("sub", "username")),
        ({"userClaim": "username", "nameClaim": "nickname"}, ("username", "nickname")),
    ],
)
def test_claims_of_a_pool(
    identity: Mapping[str, Any], claims: Mapping[str, str], expected: tuple[str, str]
) -> None:
    """The authorizer and the chat have the same claims for the user id and the name."""
    functions = chat_with({**identity, **claims}).find_resources("AWS::Lambda::Function").values()

    found = [it["Properties"]["Environment"]["Variables"] for it in functions]
    claimed = [(it["USER_CLAIM"], it["NAME_CLAIM"]) for it in found if "USER_CLAIM" in it]
    assert claimed == [expected, expected]


@pytest.mark.parametrize(
    ("identity", "pools"),
    [
        ({"type": "cognito"}, 1),
        (POOL, 0),
        ({"type": "oidc", "issuer": NAME, "audience": ["a"], "keysUrl": f"{NAME}/k"}, 0),
    ],
    ids=["own pool", "existing pool", "any issuer"],
)
def test_only_connect_is_authorized(identity: Mapping[str, Any], pools: int) -> None:
    """Only `$connect` has the authorizer. API Gateway supports it on no other route."""
    template = chat_with(identity)

    template.resource_count_is("AWS::Cognito::UserPool", pools)
    routes = template.find_resources("AWS::ApiGatewayV2::Route").values()
    guarded = [
        route["Properties"]["RouteKey"]
        for route in routes
        if route["Properties"].get("AuthorizationType") == "CUSTOM"
    ]
    assert guarded == ["$connect"]


@pytest.mark.parametrize(
    ("identity", "error"),
    [
        ({"type": "ldap"}, "environments.test.identity.type: invalid value 'ldap'"),
        ({"type": "oidc", "issuer": NAME}, "environments.test.identity: object missing required"),
        (
            {"type": "oidc", "issuer": "http://a", "audience": ["a"], "keysUrl": "https://a/k"},
            "environments.test.identity.issuer: expected str matching regex",
        ),
        (
            {"type": "oidc", "issuer": NAME, "audience": [], "keysUrl": f"{NAME}/k"},
            "environments.test.identity.audience: expected array of length >= 1",
        ),
        (
            {
                "type": "oidc",
                "issuer": NAME,
                "audience": ["a"],
                "keysUrl": NAME,
                "algorithms": ["none"],
            },
            "environments.test.identity.algorithms[0]: invalid enum value 'none'",
        ),
        (
            {"type": "cognito", "userClaim": "a b"},
            "environments.test.identity.userClaim: expected str matching regex",
        ),
        (
            {"type": "guest", "name": "x"},
            "environments.test.identity: object contains unknown field",
        ),
    ],
)
def test_says_what_is_wrong(identity: Mapping[str, Any], error: str) -> None:
    """The error for a bad identity names the place in cdk.json."""
    with pytest.raises(ConfigError) as caught:
        chat_with(identity)

    assert error in str(caught.value)

"""The authorizer and its issuers, each construct on its own."""

from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Match, Template
from aws_cdk.aws_apigatewayv2_integrations import WebSocketMockIntegration

from chat_stack.authorizer import Authorizer
from chat_stack.identity import Oidc, Provider, cognito_provider, oidc_provider
from chat_stack.users import ChatUsers
from tests.identity.issuer import NAME

PROVIDER = Provider(NAME, ("app", "other"), f"{NAME}/keys", name_claim="email")


@pytest.fixture
def code(tmp_path: Path) -> lambda_.Code:
    """Any code."""
    (tmp_path / "empty.py").touch()
    return lambda_.Code.from_asset(str(tmp_path))


def authorized(code: lambda_.Code, **options: Any) -> Template:
    """A WebSocket API behind an authorizer."""
    stack = Stack(App(), "Test")
    door = Authorizer(stack, "Door", code=code, provider=PROVIDER, **options)
    api = apigateway.WebSocketApi(stack, "Api")
    api.add_route(
        "$connect",
        integration=WebSocketMockIntegration("Mock"),
        authorizer=door.authorizer,
    )
    return Template.from_stack(stack)


def test_guards_the_handshake(code: lambda_.Code) -> None:
    """$connect asks the authorizer, wherever the token is."""
    template = authorized(code)

    template.has_resource_properties("AWS::ApiGatewayV2::Route", {"AuthorizationType": "CUSTOM"})
    template.has_resource_properties(
        "AWS::ApiGatewayV2::Authorizer", {"AuthorizerType": "REQUEST", "IdentitySource": []}
    )


def test_has_no_rights_but_logs(code: lambda_.Code) -> None:
    """Its role may write its own log group."""
    (policy,) = authorized(code).find_resources("AWS::IAM::Policy").values()

    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]


def test_knows_whom_to_trust(code: lambda_.Code) -> None:
    """Issuer, audience, claims and origins are the function's environment."""
    template = authorized(code, origins=["https://a.example", "https://b.example"])

    variables = {
        "ISSUER": NAME,
        "AUDIENCE": "app other",
        "KEYS_URL": f"{NAME}/keys",
        "ALGORITHMS": "RS256",
        "TOKEN_USE": "",
        "NAME_CLAIM": "email",
        "ORIGINS": "https://a.example https://b.example",
        "ORIGIN_REQUIRED": "false",
        "QUERY": "",
    }
    template.has_resource_properties(
        "AWS::Lambda::Function",
        {
            "Handler": "chat.authorizer.handler",
            "Environment": {"Variables": Match.object_like(variables)},
        },
    )


def test_a_user_pool() -> None:
    """People sign in without a secret in the page, and nobody learns who has an account."""
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
            "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "PreventUserExistenceErrors": "ENABLED",
            "EnableTokenRevocation": True,
        },
    )
    template.has_resource("AWS::Cognito::UserPool", {"DeletionPolicy": "Retain"})


def test_cognito_is_its_own_issuer() -> None:
    """Tokens name the region and the pool; only an emulator serves the keys elsewhere."""
    at_aws = cognito_provider(
        region="eu-west-1", pool_id="eu-west-1_x", client_ids=("c",), name_claim="username"
    )
    emulated = cognito_provider(
        region="eu-west-1",
        pool_id="eu-west-1_x",
        client_ids=("c",),
        name_claim="username",
        keys_at="http://127.0.0.1:4566",
    )

    issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x"
    assert (at_aws.issuer, at_aws.keys_url) == (issuer, f"{issuer}/.well-known/jwks.json")
    assert emulated.issuer == issuer
    assert emulated.keys_url == "http://127.0.0.1:4566/eu-west-1_x/.well-known/jwks.json"
    assert at_aws.variables["TOKEN_USE"] == "access"


def test_any_issuer() -> None:
    """The settings' words reach the authorizer."""
    choice = Oidc(
        issuer=NAME, audience=("a",), keys_url=f"{NAME}/k", algorithms=("ES256",), user_claim="oid"
    )

    provider = oidc_provider(choice)

    assert provider.variables["ALGORITHMS"] == "ES256"
    assert provider.variables["USER_CLAIM"] == "oid"
    assert provider.variables["TOKEN_USE"] == ""

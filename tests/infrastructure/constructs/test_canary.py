"""The canary of the template: off by default, and with the permissions that it needs only."""

from pathlib import Path
from typing import Any

import pytest

from chat_stack.errors import ConfigError
from tests.infrastructure.lint.nag import nag
from tests.infrastructure.synthesis import CONTEXT, Synthesized, synthesize
from tests.support.issuer.issuer import NAME

HANDLER = "smoke.lambda_handler.handler"
OIDC = {"type": "oidc", "issuer": NAME, "audience": ["a"], "keysUrl": f"{NAME}/keys"}
LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}


def environment(folder: Path, base: str, **settings: Any) -> Synthesized:
    """Return an environment of cdk.json with other *settings*, synthesized in *folder*."""
    given = {**CONTEXT["environments"][base], "webHosting": False, **settings}
    return synthesize(folder, environments={base: given})[f"Chat-{base}"]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """Return production with a canary."""
    return environment(tmp_path_factory.mktemp("guarded"), "prod", canaryMinutes=5)


@pytest.fixture(scope="module")
def of_guests(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """Return a chat of guests with a canary, which requires an allowed origin."""
    settings = {"canaryMinutes": 1, "originRequired": True, "origins": ["https://chat.example"]}
    return environment(tmp_path_factory.mktemp("of-guests"), "dev", **settings)


def canary(stack: Synthesized) -> tuple[str, dict[str, Any]]:
    """Return the logical id and the properties of the canary's function."""
    (found,) = [
        (id_, it["Properties"])
        for id_, it in stack.resources("AWS::Lambda::Function").items()
        if it["Properties"]["Handler"] == HANDLER
    ]
    return found


def granted(stack: Synthesized) -> dict[str, Any]:
    """Return the actions that the canary may call, each with its resource."""
    role = {"Ref": canary(stack)[1]["Role"]["Fn::GetAtt"][0]}
    return {
        action: statement["Resource"]
        for policy in stack.resources("AWS::IAM::Policy").values()
        if role in policy["Properties"]["Roles"]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        for action in (
            [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        )
    }


def test_is_off_by_default(each_environment: Synthesized) -> None:
    """No environment of cdk.json has a canary or the password of its users."""
    handlers = {
        it["Properties"]["Handler"]
        for it in each_environment.resources("AWS::Lambda::Function").values()
    }

    assert HANDLER not in handlers
    assert not each_environment.resources("AWS::SecretsManager::Secret")


def test_runs_at_the_configured_interval(guarded: Synthesized, of_guests: Synthesized) -> None:
    """A rule calls the canary at the configured interval, and does not repeat a failed call."""
    for stack, rate in ((guarded, "rate(5 minutes)"), (of_guests, "rate(1 minute)")):
        arn = {"Fn::GetAtt": [canary(stack)[0], "Arn"]}
        (rule,) = [
            it["Properties"]
            for it in stack.resources("AWS::Events::Rule").values()
            if it["Properties"]["Targets"][0]["Arn"] == arn
        ]
        assert (rule["ScheduleExpression"], rule["State"]) == (rate, "ENABLED")
        assert rule["Targets"][0]["RetryPolicy"]["MaximumRetryAttempts"] == 0
        assert canary(stack)[1]["Timeout"] < 60


def test_may_sign_in_and_log(guarded: Synthesized) -> None:
    """The canary may read one password, sign in to one pool, and write its own logs."""
    permissions = granted(guarded)

    (pool,) = guarded.resources("AWS::Cognito::UserPool")
    (secret,) = guarded.resources("AWS::SecretsManager::Secret")
    assert set(permissions) == LOGS | {
        "secretsmanager:GetSecretValue",
        "cognito-idp:AdminInitiateAuth",
    }
    assert permissions["secretsmanager:GetSecretValue"] == {"Fn::GetAtt": [secret, "Id"]}
    assert permissions["cognito-idp:AdminInitiateAuth"] == {"Fn::GetAtt": [pool, "Arn"]}


def test_a_guest_needs_no_permission_to_sign_in(of_guests: Synthesized) -> None:
    """A canary without sign-in may only log. It sends an allowed origin."""
    variables = canary(of_guests)[1]["Environment"]["Variables"]

    assert set(granted(of_guests)) == LOGS
    assert variables["ORIGIN"] == "https://chat.example"
    assert "USER_POOL_ID" not in variables
    assert not of_guests.resources("AWS::SecretsManager::Secret")


def test_its_client_takes_passwords_from_operators_alone(
    guarded: Synthesized,
) -> None:
    """The authorizer accepts the canary's client.

    Its flow needs AWS credentials, and its tokens are valid for 5 minutes.
    """
    clients = guarded.resources("AWS::Cognito::UserPoolClient")
    (id_,) = [id_ for id_ in clients if "Canary" in id_]
    client = clients[id_]["Properties"]

    audience = guarded.function("chat.authorizer.handler")["Environment"]["Variables"]["AUDIENCE"]
    assert {"Ref": id_} in audience["Fn::Join"][1]
    assert client["ExplicitAuthFlows"] == ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    assert client["RefreshTokenRotation"]["Feature"] == "ENABLED"
    assert client["AllowedOAuthFlowsUserPoolClient"] is False
    assert client["AccessTokenValidity"] == 5


def test_the_package_is_its_own(packaged: Synthesized) -> None:
    """The canary's package has the smoke test and websockets, and no code of the chat."""
    asset = canary(packaged)[1]["Code"]["S3Key"].partition(".")[0]
    package = packaged.folder / f"asset.{asset}"

    found = {path.name for path in package.iterdir()}

    assert {"smoke", "websockets"} <= found
    assert not found & {"chat", "msgspec", "boto3", "requirements.txt"}
    assert canary(packaged)[1]["Architectures"] == ["arm64"]


@pytest.mark.parametrize(
    "identity",
    [
        OIDC,
        {"type": "cognito", "userPoolId": "eu-west-1_abc", "clientIds": ["c"]},
    ],
)
def test_cannot_sign_in_elsewhere(tmp_path: Path, identity: dict[str, Any]) -> None:
    """Synthesis fails if the canary could not sign in. The error names an alternative."""
    with pytest.raises(
        ConfigError,
        match=r"^cdk.json: environments.prod.canaryMinutes: .* run `make smoke` with tokens",
    ):
        environment(tmp_path, "prod", canaryMinutes=5, identity=identity)


def test_nag_finds_nothing(guarded: Synthesized, of_guests: Synthesized) -> None:
    """The canary's resources have no unaccepted finding."""
    assert nag(guarded.stack) == nag(of_guests.stack) == set()


def test_is_on_the_dashboard(guarded: Synthesized, prod: Synthesized) -> None:
    """The dashboard shows the canary's runs if there is a canary."""
    shown = [str(it.only("AWS::CloudWatch::Dashboard")) for it in (guarded, prod)]

    assert ["Canary: runs" in text for text in shown] == [True, False]

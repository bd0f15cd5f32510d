"""Access tokens of the canary's users, from the stack's own user pool."""

from collections.abc import Callable
from typing import Any

USERS = ("canary-1", "canary-2")


def sign_in(
    *, pool_id: str, client_id: str, secret_id: str, clients: Callable[[str], Any] | None = None
) -> tuple[str, ...]:
    """Sign in as each of the canary's users. Return their access tokens.

    *clients* creates the client of an AWS service by its name. The default is `boto3.client`.
    The caller needs the permissions GetSecretValue and AdminInitiateAuth.
    """
    make_client = clients or _boto3_client()
    secrets = make_client("secretsmanager")
    password = secrets.get_secret_value(SecretId=secret_id)["SecretString"]
    pool = make_client("cognito-idp")
    answers = [
        pool.admin_initiate_auth(
            UserPoolId=pool_id,
            ClientId=client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user, "PASSWORD": password},
        )
        for user in USERS
    ]
    return tuple(str(answer["AuthenticationResult"]["AccessToken"]) for answer in answers)


def _boto3_client() -> Callable[[str], Any]:
    """Return `boto3.client`. The Lambda runtime contains boto3, and guests do not need it."""
    import boto3

    return boto3.client  # type: ignore[return-value]  # it has a type for each name

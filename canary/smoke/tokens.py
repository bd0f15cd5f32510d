"""Tokens of the users that are there to try the chat, from the stack's own user pool."""

from collections.abc import Callable
from typing import Any

USERS = ("canary-1", "canary-2")


def sign_in(
    *, pool_id: str, client_id: str, secret_id: str, clients: Callable[[str], Any] | None = None
) -> tuple[str, ...]:
    """Their access tokens; the caller needs the right to read the password and to sign them in.

    *clients* makes those of AWS; without it that is boto3, which the runtime has.
    """
    make = clients or _boto3()
    password = make("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"]
    pool = make("cognito-idp")
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


def _boto3() -> Callable[[str], Any]:
    import boto3  # not in the package: it is the runtime's, and guests need none

    return boto3.client  # type: ignore[return-value]  # it has a type for each name

"""Tokens of the users that are there to try the chat, from the stack's own user pool."""

from typing import Any

USERS = ("canary-1", "canary-2")


def sign_in(
    *, pool_id: str, client_id: str, secret_id: str, session: Any = None
) -> tuple[str, ...]:
    """Their access tokens; the caller needs the right to read the password and to sign them in.

    *session* makes the clients of AWS; without one that is boto3, as the runtime has it.
    """
    make = session or _boto3()
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


def _boto3() -> Any:
    import boto3  # not in the package: it is the runtime's, and guests need none

    return boto3.client

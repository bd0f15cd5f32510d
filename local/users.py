"""People who can sign in to the emulated user pool, and their tokens."""

import secrets
from contextlib import suppress
from typing import Any

from local.deploy import Endpoints, client


def make_user(
    url: str,
    endpoints: Endpoints,
    name: str,
    *,
    password: str | None = None,
    permanent: bool = True,
) -> str:
    """Let *name* sign in on the emulator at *url*; the password, which is new unless given.

    One that is not *permanent* has to be replaced by whoever signs in with it.
    """
    password = password or "Aa1-" + secrets.token_urlsafe(12)
    pool = client("cognito-idp", url)
    who = {"UserPoolId": endpoints.user_pool_id, "Username": name}
    with suppress(pool.exceptions.UsernameExistsException):  # of an earlier run
        pool.admin_create_user(**who, MessageAction="SUPPRESS")
    pool.admin_set_user_password(**who, Password=password, Permanent=permanent)
    return password


def sign_in(url: str, endpoints: Endpoints, name: str, password: str) -> dict[str, Any]:
    """Cognito's tokens for a user: AccessToken, IdToken, RefreshToken."""
    answer = client("cognito-idp", url).initiate_auth(
        ClientId=endpoints.user_pool_client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": password},
    )
    tokens: dict[str, Any] = answer["AuthenticationResult"]
    return tokens

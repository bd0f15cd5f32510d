"""Users of the emulated user pool, and their tokens."""

import secrets
from contextlib import suppress
from typing import Any

from local.deploy import Endpoints, client, unsigned_client


def make_user(
    url: str,
    endpoints: Endpoints,
    name: str,
    *,
    password: str | None = None,
    permanent: bool = True,
) -> str:
    """Create the user *name* on the emulator at *url* and return the password.

    Without *password*, a new one is made. If it is not *permanent*, Cognito asks the user for
    another one at the first sign-in.
    """
    password = password or "Aa1-" + secrets.token_urlsafe(12)
    pool = client("cognito-idp", url)
    who = {"UserPoolId": endpoints.user_pool_id, "Username": name}
    with suppress(pool.exceptions.UsernameExistsException):  # made by an earlier run
        pool.admin_create_user(**who, MessageAction="SUPPRESS")
    pool.admin_set_user_password(**who, Password=password, Permanent=permanent)
    return password


def sign_in(url: str, endpoints: Endpoints, name: str, password: str) -> dict[str, Any]:
    """Sign in and return Cognito's AccessToken, IdToken and RefreshToken."""
    answer = unsigned_client("cognito-idp", url).initiate_auth(
        ClientId=endpoints.user_pool_client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": password},
    )
    tokens: dict[str, Any] = answer["AuthenticationResult"]
    return tokens

"""The usual alternative to our authorizer: PyJWT with its own key client, and a policy."""

import os
from collections.abc import Mapping
from typing import Any

import jwt

_keys = jwt.PyJWKClient(os.environ["KEYS_URL"])


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Return a policy that accepts the client of a valid access token. Raises otherwise."""
    token = event["headers"]["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(
        token,
        _keys.get_signing_key_from_jwt(token).key,
        algorithms=["RS256"],
        issuer=os.environ["ISSUER"],
        options={"require": ["exp", "iss", "sub"], "verify_aud": False},
    )
    if (claims["client_id"], claims["token_use"]) != (os.environ["AUDIENCE"], "access"):
        raise PermissionError("Unauthorized")
    allow = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": event["methodArn"]}
    return {
        "principalId": claims["sub"],
        "policyDocument": {"Version": "2012-10-17", "Statement": [allow]},
        "context": {"userId": claims["sub"], "name": claims["username"]},
    }

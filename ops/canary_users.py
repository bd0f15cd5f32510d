"""Tokens of the users who test a deployed chat: the canary's, or those of this machine."""

from contextlib import suppress

from botocore.exceptions import ClientError

from local.sign_in import NAMES, bearer
from ops.deployment import FOLDER, Deployment
from smoke.tokens import USERS, sign_in
from tools.common import UserError

SIGN_IN_FAILED = {"NotAuthorizedException", "UserNotFoundException"}
"""Error codes of Cognito if a user does not exist or has another password."""


def tokens_for(deployment: Deployment) -> tuple[str, ...]:
    """Return two tokens for the chat, or no token if its users are guests. Raises UserError."""
    outputs = deployment.outputs
    if "CanaryPassword" in outputs:
        return _canary_tokens(deployment)
    if "UserPoolId" not in outputs:
        return ()
    if deployment.endpoint_url:
        return tuple(bearer(FOLDER, deployment.endpoint_url, name) for name in NAMES)
    raise UserError(
        f"{deployment.stack}: its users sign in. Set TOKEN=... TOKEN2=..., "
        "or set canaryMinutes, which creates test users"
    )


def make_users(deployment: Deployment) -> str:
    """Create the canary's users with the password of the stack. Return what was done."""
    outputs = deployment.outputs
    if "CanaryPassword" not in outputs:
        raise UserError(f"{deployment.stack}: it has no canary that signs in; see canaryMinutes")
    secrets, pool = deployment.client("secretsmanager"), deployment.client("cognito-idp")
    password = secrets.get_secret_value(SecretId=outputs["CanaryPassword"])["SecretString"]
    for name in USERS:
        user = {"UserPoolId": outputs["UserPoolId"], "Username": name}
        with suppress(pool.exceptions.UsernameExistsException):
            pool.admin_create_user(**user, MessageAction="SUPPRESS")
        pool.admin_set_user_password(**user, Password=password, Permanent=True)
    return f"{' and '.join(USERS)} can sign in to {deployment.stack}."


def _canary_tokens(deployment: Deployment) -> tuple[str, ...]:
    """Sign in as the canary's users. Raises UserError if they do not exist yet."""
    outputs = deployment.outputs
    try:
        return sign_in(
            pool_id=outputs["UserPoolId"],
            client_id=outputs["CanaryClientId"],
            secret_id=outputs["CanaryPassword"],
            clients=deployment.client,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in SIGN_IN_FAILED:
            raise
        environment = deployment.stack.removeprefix("Chat-")
        raise UserError(
            f"{deployment.stack}: the canary's users cannot sign in; create them once: "
            f"make canary-users ENV={environment}"
        ) from error

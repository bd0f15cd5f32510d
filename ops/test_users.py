"""Who tries a deployed chat: guests, the canary's users, or the people of this machine."""

from contextlib import suppress

from botocore.exceptions import ClientError

from local.sign_in import NAMES, bearer
from ops.deployment import FOLDER, Deployment
from smoke.tokens import USERS, sign_in
from tools.common import UserError

REFUSED = {"NotAuthorizedException", "UserNotFoundException"}


def tokens_for(deployment: Deployment) -> tuple[str, ...]:
    """Two tokens for the chat; none where there is no user pool. Raises UserError."""
    outputs = deployment.outputs
    if "CanaryPassword" in outputs:
        return _of_canary(deployment)
    if "UserPoolId" not in outputs:
        return ()
    if deployment.endpoint_url:
        return tuple(bearer(FOLDER, deployment.endpoint_url, name) for name in NAMES)
    raise UserError(
        f"{deployment.stack}: people sign in there: say TOKEN=... TOKEN2=..., "
        "or set canaryMinutes, which makes users for this"
    )


def make_users(deployment: Deployment) -> str:
    """Let the canary's users sign in with the password that the stack has made; what was done."""
    outputs = deployment.outputs
    if "CanaryPassword" not in outputs:
        raise UserError(f"{deployment.stack}: no canary signs in there; see canaryMinutes")
    secrets, pool = deployment.client("secretsmanager"), deployment.client("cognito-idp")
    password = secrets.get_secret_value(SecretId=outputs["CanaryPassword"])["SecretString"]
    for name in USERS:
        who = {"UserPoolId": outputs["UserPoolId"], "Username": name}
        with suppress(pool.exceptions.UsernameExistsException):
            pool.admin_create_user(**who, MessageAction="SUPPRESS")
        pool.admin_set_user_password(**who, Password=password, Permanent=True)
    return f"{' and '.join(USERS)} can sign in to {deployment.stack}."


def _of_canary(deployment: Deployment) -> tuple[str, ...]:
    outputs = deployment.outputs
    try:
        return sign_in(
            pool_id=outputs["UserPoolId"],
            client_id=outputs["CanaryClientId"],
            secret_id=outputs["CanaryPassword"],
            clients=deployment.client,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in REFUSED:
            raise
        environment = deployment.stack.removeprefix("Chat-")
        raise UserError(
            f"{deployment.stack}: the canary's users cannot sign in; make them once: "
            f"make canary-users ENV={environment}"
        ) from error

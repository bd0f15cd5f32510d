"""Gives functions secrets that nobody can compute; MiniStack derives them from public names."""

import hashlib
import hmac
import secrets
from importlib import import_module
from typing import Any

_lambda: Any = import_module("ministack.services.lambda_svc")
_runtime: Any = import_module("ministack.core.lambda_runtime")
_sts: Any = import_module("ministack.services.sts")


def unpredictable() -> None:
    """Derive the credentials of functions from a key that is random for each run."""
    key = secrets.token_bytes(32)

    def credentials(config: dict[str, Any]) -> dict[str, str]:
        account, _ = _runtime._account_region_from_function_config(config)
        role_arn, name = config["Role"], config["FunctionName"][:64]
        role = role_arn.rpartition("/")[2]
        of = f"{config['FunctionArn']}:{role_arn}"
        # The id is the same in each run, because MiniStack keeps sessions in its state.
        key_id = f"ASIA{hashlib.sha256(of.encode()).hexdigest()[:16].upper()}"
        secret, token = (_derive(key, f"{use}:{of}") for use in ("secret", "token"))
        session = {
            "Arn": f"arn:aws:sts::{account}:assumed-role/{role}/{name}",
            "UserId": f"{role}:{name}",
            "SecretAccessKey": secret,
            "SessionToken": token,
        }
        _sts.register_session(key_id, session)
        return {
            "AWS_ACCESS_KEY_ID": key_id,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_SESSION_TOKEN": token,
        }

    _runtime.execution_credentials = _lambda.execution_credentials = credentials


def _derive(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

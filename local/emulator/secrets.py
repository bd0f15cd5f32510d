"""MiniStack's CloudFormation makes secrets that may lack a kind of character; AWS's have each."""

import json
from importlib import import_module
from typing import Any

_provisioners: Any = import_module("ministack.services.cloudformation.provisioners")
_secrets: Any = import_module("ministack.services.secretsmanager")


def of_each_kind() -> None:
    """Let secrets be as Secrets Manager itself makes them, or a user pool may refuse one."""
    plain = _provisioners._sm_secret_string

    def secret_string(props: dict[str, Any]) -> str:
        wanted = props.get("GenerateSecretString")
        if not wanted or "SecretStringTemplate" in wanted:
            return str(plain(props))
        _, _, body = _secrets._get_random_password(wanted)
        return str(json.loads(body)["RandomPassword"])

    _provisioners._sm_secret_string = secret_string

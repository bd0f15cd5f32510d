"""Makes generated secrets contain each kind of character, as Secrets Manager does."""

import json
from importlib import import_module
from typing import Any

_provisioners: Any = import_module("ministack.services.cloudformation.provisioners")
_secrets: Any = import_module("ministack.services.secretsmanager")


def of_each_kind() -> None:
    """Generate CloudFormation's secrets as Secrets Manager does.

    A secret without a digit, for example, fails the password policy of a user pool.
    """
    plain = _provisioners._sm_secret_string

    def secret_string(props: dict[str, Any]) -> str:
        wanted = props.get("GenerateSecretString")
        if not wanted or "SecretStringTemplate" in wanted:
            return str(plain(props))
        _, _, body = _secrets._get_random_password(wanted)
        return str(json.loads(body)["RandomPassword"])

    _provisioners._sm_secret_string = secret_string

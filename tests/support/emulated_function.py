"""A Python function on the emulator, outside of any stack."""

import io
import json
import sys
import zipfile

from local.deploy import client

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
    ],
}


def create_function(url: str, name: str, *, source: str) -> str:
    """Create a function and its role, both called *name*; return the function's ARN.

    *source* is a module with a `handler`. *url* is the emulator's address.
    """
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as code:
        code.writestr("function.py", source)
    role = client("iam", url).create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    created = client("lambda", url).create_function(
        FunctionName=name,
        Runtime=f"python3.{sys.version_info.minor}",
        Role=role["Role"]["Arn"],
        Handler="function.handler",
        Code={"ZipFile": archive.getvalue()},
        Timeout=10,
    )
    return str(created["FunctionArn"])

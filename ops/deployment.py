"""Which chat a command is for: that of ENV on AWS, or the one that runs on this machine."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.deploy import STACK, client
from local.endpoints_file import endpoint
from tools.common import ROOT, UserError

FOLDER = Path(os.environ.get("LOCAL_FOLDER") or ROOT / ".local")


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployed stack: its name, its outputs, and AWS where it is."""

    stack: str
    outputs: Mapping[str, str]
    endpoint_url: str | None = None
    """Of the emulator, where it is on this machine."""

    @property
    def connections_table(self) -> str:
        """The name of the table of connections."""
        return self.outputs["ConnectionsTable"]

    @property
    def rooms_table(self) -> str:
        """The name of the table of rooms."""
        return self.outputs["RoomsTable"]

    def client(self, service: str) -> Any:
        """A boto3 client where the stack is."""
        return _client(service, self.endpoint_url)


def find(environment: str | None) -> Deployment:
    """The stack of *environment*, or of `make run` without one; raises UserError."""
    if not environment or environment == "local":
        address = urlsplit(endpoint(FOLDER, "webSocketUrl"))
        return described(STACK, f"http://127.0.0.1:{address.port or 80}")
    known = json.loads((ROOT / "cdk.json").read_text())["context"]["environments"]
    if environment not in known:
        raise UserError(
            f"ENV={environment}: cdk.json has no such environment; it has {_any(known)}"
        )
    return described(f"Chat-{environment}", None)


def described(stack: str, endpoint_url: str | None) -> Deployment:
    """The stack of that name; raises UserError."""
    try:
        found = _client("cloudformation", endpoint_url).describe_stacks(StackName=stack)["Stacks"]
    except (BotoCoreError, ClientError) as error:
        raise UserError(f"{stack}: {error}") from error
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found[0].get("Outputs", ())}
    return Deployment(stack, outputs, endpoint_url)


def _client(service: str, endpoint_url: str | None) -> Any:
    if endpoint_url:
        return client(service, endpoint_url)
    patient = Config(retries={"mode": "adaptive", "max_attempts": 10})
    return boto3.client(service, config=patient)  # type: ignore[call-overload]  # any


def _any(names: Mapping[str, Any]) -> str:
    return ", ".join(names)

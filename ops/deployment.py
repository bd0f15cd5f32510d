"""The chat that a command is for: that of ENV on AWS, or the one on this machine."""

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

from local import credentials
from local.deploy import STACK, client
from local.endpoints_file import endpoint
from tools.common import ROOT, UserError

FOLDER = Path(os.environ.get("LOCAL_FOLDER") or ROOT / ".local")
"""Folder of the chat on this machine."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployed stack with its outputs."""

    stack: str
    outputs: Mapping[str, str]
    endpoint_url: str | None = None
    """URL of the emulator, if the stack is on this machine."""

    @property
    def connections_table(self) -> str:
        """Name of the table of connections."""
        return self.outputs["ConnectionsTable"]

    @property
    def rooms_table(self) -> str:
        """Name of the table of rooms."""
        return self.outputs["RoomsTable"]

    def client(self, service: str) -> Any:
        """Return a boto3 client of the account or the emulator that the stack is in."""
        return _client(service, self.endpoint_url)


def find(environment: str | None) -> Deployment:
    """Return the stack of an environment, or of `make run` if there is none. Raises UserError."""
    if not environment or environment == "local":
        address = urlsplit(endpoint(FOLDER, "webSocketUrl"))
        url = f"http://127.0.0.1:{address.port or 80}"
        credentials.load(FOLDER, url)
        return describe(STACK, url)
    known = json.loads((ROOT / "cdk.json").read_text())["context"]["environments"]
    if environment not in known:
        raise UserError(
            f"ENV={environment}: cdk.json has no such environment; it has {', '.join(known)}"
        )
    return describe(f"Chat-{environment}", None)


def describe(stack: str, endpoint_url: str | None) -> Deployment:
    """Return the stack of that name. Raises UserError."""
    try:
        found = _client("cloudformation", endpoint_url).describe_stacks(StackName=stack)["Stacks"]
    except (BotoCoreError, ClientError) as error:
        raise UserError(f"{stack}: {error}") from error
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found[0].get("Outputs", ())}
    return Deployment(stack, outputs, endpoint_url)


def _client(service: str, endpoint_url: str | None) -> Any:
    if endpoint_url:
        return client(service, endpoint_url)
    config = Config(retries={"mode": "adaptive", "max_attempts": 10})
    return boto3.client(service, config=config)  # type: ignore[call-overload]  # any service

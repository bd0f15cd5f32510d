"""The deployed chat that an operator means: an environment on AWS, or the one on this machine."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local.announcement import endpoint
from local.children import ROOT, Problem
from local.deploy import STACK, client

Connect = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Deployment:
    """A stack, what it says of itself, and the way to its AWS services."""

    stack: str
    outputs: Mapping[str, str]
    connect: Connect


def on_aws(environment: str) -> Deployment:
    """The environment in the account and region of the caller's credentials."""
    session = boto3.Session()
    return _deployment(f"Chat-{environment}", lambda service: session.client(service))  # type: ignore[call-overload]  # any


def on_this_machine() -> Deployment:
    """The chat that `make run` has started."""
    folder = Path(os.environ.get("LOCAL_FOLDER") or ROOT / ".local")
    url = endpoint(folder, "webSocketUrl").replace("ws", "http", 1)
    origin = "/".join(url.split("/")[:3])
    return _deployment(STACK, partial(client, endpoint_url=origin))


def _deployment(stack: str, connect: Connect) -> Deployment:
    try:
        found = connect("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except (BotoCoreError, ClientError) as error:
        raise Problem(f"{stack} was not found: {error}") from error
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
    return Deployment(stack, outputs, connect)

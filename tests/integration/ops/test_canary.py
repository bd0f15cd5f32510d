"""The canary of a chat with signed-in users: its users, permissions, runs and metrics."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.deploy import STACK, UNBOUNDED, Endpoints, client, deploy
from local.emulator_process import Emulator, emulator, free_port
from ops.cost.monitoring import CANARY_METRICS
from smoke.lambda_handler import handler
from smoke.websocket_client import SmokeError
from tests.integration.least_privilege.deployed import RoleGrant, grants
from tests.integration.least_privilege.watch import Watch
from tests.integration.ops.smoke_steps import STEPS
from tests.support.commands import Ended, run_command
from tests.support.emulator import Stack
from tests.support.operators import announced_chat

METRICS = {"Canary" + step.title().replace(" ", "") for step in STEPS}


@dataclass(frozen=True, slots=True)
class Guarded:
    """A deployed chat with a canary."""

    aws: Emulator
    endpoints: Endpoints
    folder: Path

    def operate(self, module: str, *command: str) -> Ended:
        """Run a command against it, as against the chat on this machine."""
        with announced_chat(self.folder, self.endpoints.web_socket_url):
            return run_command(module, *command, LOCAL_FOLDER=str(self.folder))

    def invoke(self) -> tuple[str | None, dict[str, Any]]:
        """Invoke the canary; return the error, if any, and the answer."""
        name = self._part("AWS::Lambda::Function")
        answer = client("lambda", self.aws.url).invoke(FunctionName=name)
        return answer.get("FunctionError"), json.load(answer["Payload"])

    def runs_in_log(self) -> int:
        """Return the number of runs in its log."""
        group = self._part("AWS::Logs::LogGroup")
        pages = client("logs", self.aws.url).get_paginator("filter_log_events")
        found = pages.paginate(logGroupName=group, filterPattern="REPORT").build_full_result()
        return sum("REPORT" in it["message"] for it in found["events"])

    def _part(self, type_: str) -> str:
        resources = client("cloudformation", self.aws.url).describe_stack_resources(StackName=STACK)
        (name,) = [
            it["PhysicalResourceId"]
            for it in resources["StackResources"]
            if it["LogicalResourceId"].startswith("CanaryFunction") and it["ResourceType"] == type_
        ]
        return str(name)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """Deploy a chat with signed-in users and a canary; permissions are enforced."""
    folder = tmp_path_factory.mktemp("canary")
    with emulator(folder=folder, port=free_port(), persist=False) as aws:
        settings = {**UNBOUNDED, "canaryMinutes": 60}
        endpoints = deploy(aws, folder=folder, say=print, identity="cognito", settings=settings)
        yield Guarded(aws, endpoints, tmp_path_factory.mktemp("here"))


def test_a_canary_signs_in_and_chats(guarded: Guarded) -> None:
    """Without its users it fails and `make smoke` names the remedy; with them both succeed."""
    failed, _ = guarded.invoke()
    refused = guarded.operate("ops.smoke")
    made = guarded.operate("ops", "canary-users")
    again = guarded.operate("ops", "canary-users")
    error, took = guarded.invoke()
    passed = guarded.operate("ops.smoke")

    assert failed == "Unhandled"
    assert (refused[0], refused[1], refused[2].count("\n")) == (2, "", 1)
    assert refused[2].endswith("create them once: make canary-users ENV=local\n")
    assert made == again == (0, f"canary-1 and canary-2 can sign in to {STACK}.\n", "")
    assert error is None, took
    assert list(took) == STEPS
    assert (passed[0], passed[2]) == (0, "")
    assert passed[1].endswith("passed the smoke test.\n")


@pytest.fixture
def users(guarded: Guarded) -> None:
    """Create the users that the canary signs in as."""
    assert guarded.operate("ops", "canary-users")[0] == 0


def missed(guarded: Guarded, grant: RoleGrant) -> str:
    """Return how a run fails without a permission, which it must have used."""
    watch = Watch(guarded.aws.log, guarded.aws.log.stat().st_size, grant.denial)
    before = guarded.runs_in_log()
    with grant.absent(guarded.aws.url):
        error, _ = guarded.invoke()
        watch.until(watch.refused, "a refusal")
    if error:
        return error
    return "" if guarded.runs_in_log() > before else "no log"


@pytest.mark.usefixtures("users")
def test_each_of_its_permissions_is_needed(guarded: Guarded, subtests: pytest.Subtests) -> None:
    """Without any one of them, it does not sign in, or writes no log."""
    own = [it for it in grants(guarded.aws.url) if it.name.startswith("CanaryFunctionRole ")]
    assert guarded.invoke()[0] is None
    assert guarded.runs_in_log()

    for grant in own:
        assert isinstance(grant, RoleGrant)
        with subtests.test(grant.name):
            expected = "no log" if " logs:" in grant.name else "Unhandled"
            assert missed(guarded, grant) == expected
    assert len(own) == 4


def test_a_run_is_measured(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The log line of a run has embedded metrics: the milliseconds of each step."""
    monkeypatch.setenv("URL", stack.web_socket_url)
    monkeypatch.setenv("METRICS_NAMESPACE", "LiveChat/Chat-dev")

    took = handler({}, None)

    line = json.loads(capsys.readouterr().out)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "LiveChat/Chat-dev"
    assert {metric["Name"] for metric in directive["Metrics"]} == METRICS
    assert len(METRICS) == CANARY_METRICS, "the estimate counts them"
    assert line["CanarySendToReceipt"] == round(took["send to receipt"], 1)


def test_a_run_that_fails_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A failed run raises an error that Lambda counts; steps that did not run have no metric."""
    monkeypatch.setenv("URL", "ws://127.0.0.1:1")
    monkeypatch.setenv("METRICS_NAMESPACE", "LiveChat/Chat-dev")

    with pytest.raises(SmokeError, match=r"^connect: no connection: "):
        handler({}, None)

    assert json.loads(capsys.readouterr().out)["_aws"]["CloudWatchMetrics"][0]["Metrics"] == []

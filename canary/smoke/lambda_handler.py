"""Lambda entry point of the canary: runs the smoke test and publishes its times as metrics."""

import json
import os
import sys
import time
from collections.abc import Mapping

from smoke.scenario import Scenario
from smoke.target import Target
from smoke.tokens import sign_in

TIMEOUT_SECONDS = 5.0
"""Longest wait for each answer. The function itself is stopped after 50 seconds."""


def handler(event: object, context: object) -> dict[str, float]:  # noqa: ARG001 - Lambda's
    """Run the smoke test once. Return the milliseconds of each step.

    Raises SmokeError, which Lambda counts as an error of the function.
    """
    scenario = Scenario(read_target(os.environ))
    try:
        scenario.run()
    finally:
        document = metrics_document(scenario.took, namespace=os.environ["METRICS_NAMESPACE"])
        sys.stdout.write(json.dumps(document, separators=(",", ":")) + "\n")
    return scenario.took


def read_target(variables: Mapping[str, str]) -> Target:
    """Return the chat of the function's variables, with tokens if its users sign in."""
    tokens: tuple[str, ...] = ()
    if pool_id := variables.get("USER_POOL_ID"):
        tokens = sign_in(
            pool_id=pool_id,
            client_id=variables["CLIENT_ID"],
            secret_id=variables["PASSWORD_SECRET"],
        )
    return Target(
        variables["URL"],
        tokens=tokens,
        origin=variables.get("ORIGIN"),
        timeout=TIMEOUT_SECONDS,
    )


def metrics_document(took: Mapping[str, float], *, namespace: str) -> dict[str, object]:
    """Return the milliseconds of the steps in CloudWatch's embedded metric format.

    Steps that did not run are not in it.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    values = {metric_name(step): round(milliseconds, 1) for step, milliseconds in took.items()}
    metrics = [{"Name": name, "Unit": "Milliseconds"} for name in values]
    directive = {"Namespace": namespace, "Dimensions": [[]], "Metrics": metrics}
    about = {"Timestamp": int(time.time() * 1_000), "CloudWatchMetrics": [directive]}
    return {"_aws": about, "function": "canary", **values}


def metric_name(step: str) -> str:
    """Return the name of a step's metric, such as `CanarySendToReceipt`."""
    return "Canary" + step.title().replace(" ", "")

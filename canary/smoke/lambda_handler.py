"""The smoke test as a function: a failed run is a failed invocation, a good one is measured."""

import json
import os
import sys
import time
from collections.abc import Mapping

from smoke.scenario import Run
from smoke.target import Target
from smoke.tokens import sign_in


def handler(event: object, context: object) -> dict[str, float]:  # noqa: ARG001 - Lambda's
    """One run; the milliseconds of each step. Raises Unwell, which Lambda counts as an error."""
    run = Run(target(os.environ))
    try:
        run.run()
    finally:
        line = document(run.took, namespace=os.environ["METRICS_NAMESPACE"])
        sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
    return run.took


def target(given: Mapping[str, str]) -> Target:
    """Where the variables say that the chat is, and the tokens of its users if it has any."""
    tokens: tuple[str, ...] = ()
    if pool_id := given.get("USER_POOL_ID"):
        tokens = sign_in(
            pool_id=pool_id, client_id=given["CLIENT_ID"], secret_id=given["PASSWORD_SECRET"]
        )
    return Target(given["URL"], tokens=tokens, origin=given.get("ORIGIN"), patience=5)


def document(took: Mapping[str, float], *, namespace: str) -> dict[str, object]:
    """The steps as metrics in CloudWatch's embedded format; those not taken are not there.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    values = {metric(step): round(milliseconds, 1) for step, milliseconds in took.items()}
    metrics = [{"Name": name, "Unit": "Milliseconds"} for name in values]
    directive = {"Namespace": namespace, "Dimensions": [[]], "Metrics": metrics}
    about = {"Timestamp": int(time.time() * 1_000), "CloudWatchMetrics": [directive]}
    return {"_aws": about, "function": "canary", **values}


def metric(step: str) -> str:
    """A step's name as a metric has it."""
    return "Canary" + step.title().replace(" ", "")

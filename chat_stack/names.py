"""Names that several constructs share."""

from aws_cdk import Stack
from constructs import Construct


def metrics_namespace(scope: Construct) -> str:
    """Return the CloudWatch namespace of the metrics that a stack's functions write."""
    return f"LiveChat/{Stack.of(scope).stack_name}"

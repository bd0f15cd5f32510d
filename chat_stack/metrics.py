"""The metrics there are: the functions' own, and those of the services that they use."""

from aws_cdk import Stack
from constructs import Construct


def namespace(scope: Construct) -> str:
    """Where the functions of a stack put their metrics."""
    return f"LiveChat/{Stack.of(scope).stack_name}"

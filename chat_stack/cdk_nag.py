"""Acknowledges findings of cdk-nag's AwsSolutions pack beside the constructs that cause them."""

import json
from collections.abc import Mapping

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Acknowledge findings on *construct* and everything in it.

    The keys are rules such as "DDB3", the values are reasons.
    Synthesis does not need cdk-nag; `tests/infrastructure/lint/test_nag.py` runs it.
    """
    Validations.of(construct).acknowledge(
        *(Acknowledgment(id=f"AwsSolutions-{it}", reason=why) for it, why in reasons.items())
    )


def resource_finding(construct: IConstruct, arn: str) -> str:
    """Return IAM5's name for a statement about *arn*, which has a wildcard."""
    return f"IAM5[Resource::{_flat(Stack.of(construct).resolve(arn))}]"


def policy_finding(construct: IConstruct, arn: str) -> str:
    """Return IAM4's name for the managed policy *arn*."""
    return f"IAM4[Policy::{_flat(Stack.of(construct).resolve(arn))}]"


def _flat(value: object) -> str:
    """Return text with references in angle brackets, as cdk-nag writes them."""
    match value:
        case str():
            return value
        case {"Ref": str(name)}:
            return f"<{name}>"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"<{name}.{attribute}>"
        case {"Fn::Join": ["", list(parts)]}:
            return "".join(_flat(part) for part in parts)
    raise TypeError(f"not an ARN of plain references: {json.dumps(value)}")

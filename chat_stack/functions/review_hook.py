"""The right to ask a review hook, and what to do when it does not answer."""

from typing import Literal

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

Failure = Literal["open", "closed"]


def grant_review(
    function: lambda_.Function, *, hook_arn: str, timeout_ms: int, failure: Failure
) -> None:
    """Let *function* call the hook, and nothing else; tell it where, and for how long to wait.

    Not `IFunction.grant_invoke`, which also grants every version and alias.
    """
    iam.Grant.add_to_principal(
        grantee=function, actions=["lambda:InvokeFunction"], resource_arns=[hook_arn]
    )
    function.add_environment("REVIEW_FUNCTION", hook_arn)
    function.add_environment("REVIEW_TIMEOUT_MS", str(timeout_ms))
    function.add_environment("REVIEW_FAILURE", failure)

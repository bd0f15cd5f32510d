"""The permission to invoke the operator's review function, and what to do if it fails."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from chat_stack.settings.types import ReviewFailure


def grant_review(
    function: lambda_.Function, *, hook_arn: str, timeout_ms: int, failure: ReviewFailure
) -> None:
    """Let *function* invoke the review function *hook_arn*, and set its REVIEW_* variables.

    `IFunction.grant_invoke` would grant every version and alias too.
    """
    iam.Grant.add_to_principal(
        grantee=function, actions=["lambda:InvokeFunction"], resource_arns=[hook_arn]
    )
    function.add_environment("REVIEW_FUNCTION", hook_arn)
    function.add_environment("REVIEW_TIMEOUT_MS", str(timeout_ms))
    function.add_environment("REVIEW_FAILURE", failure)

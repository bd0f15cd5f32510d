"""The authorizer of `$connect`: a function of its own, which may write logs and nothing else."""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigatewayv2_authorizers import WebSocketLambdaAuthorizer
from constructs import Construct

from chat_stack.function import ChatFunction
from chat_stack.identity import Provider


class Authorizer(Construct):
    """Lets in whoever bears a token of *provider*, from a page of one of *origins*.

    No origins is any; *origin_required* refuses whoever names none, as only browsers do.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: lambda_.Code,
        provider: Provider,
        origins: Sequence[str] = (),
        origin_required: bool = False,
        token_in_query: bool = False,
        log_level: str = "INFO",
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id_)
        self.function = ChatFunction(
            self,
            "Function",
            code=code,
            variables={
                **provider.variables,
                "LOG_LEVEL": log_level,
                "ORIGINS": " ".join(origins),
                "ORIGIN_REQUIRED": str(origin_required).lower(),
                "QUERY": "token" if token_in_query else "",
            },
            handler="chat.authorizer.handler",
            timeout=Duration.seconds(10),
            log_retention=log_retention,
            removal_policy=removal_policy,
        ).function
        # Without an identity source: the token may be in one of three places, and API Gateway
        # would refuse whoever does not have all that are named.
        self.authorizer = WebSocketLambdaAuthorizer(
            "Authorizer", self.function, identity_source=[], authorizer_name=self.node.path
        )

"""The authorizer of `$connect`: a function of its own, which may write logs and nothing else."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigatewayv2_authorizers import WebSocketLambdaAuthorizer
from constructs import Construct

from chat_stack.function import ChatFunction
from chat_stack.identity import Provider


class Authorizer(Construct):
    """Lets in whoever bears a token of *provider*."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: lambda_.Code,
        provider: Provider,
        token_in_query: bool = False,
        architecture: lambda_.Architecture = lambda_.Architecture.ARM_64,
        tracing: bool = False,
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
                "QUERY": "token" if token_in_query else "",
            },
            handler="chat.authorizer.handler",
            description="Decides who may connect",
            architecture=architecture,
            tracing=tracing,
            timeout=Duration.seconds(10),
            log_retention=log_retention,
            removal_policy=removal_policy,
        ).function
        # Without an identity source: the token may be in one of three places, and API Gateway
        # would refuse whoever does not have all that are named.
        self.authorizer = WebSocketLambdaAuthorizer(
            "Authorizer", self.function, identity_source=[], authorizer_name=self.node.path
        )

"""The authorizer of `$connect`: a function of its own, which may write logs and nothing else."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigatewayv2_authorizers import WebSocketLambdaAuthorizer
from constructs import Construct

from chat_stack.functions.function import ChatFunction
from chat_stack.identity.provider import Provider


class Authorizer(Construct):
    """Lets in whoever bears a token of *provider*.

    It is never traced: X-Ray would be a right beside that to its logs, and on every resource.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: lambda_.Code,
        provider: Provider,
        token_in_query: bool = False,
        architecture: lambda_.Architecture = lambda_.Architecture.ARM_64,
        memory_mb: int = 1_024,
        versions: bool = False,
        log_level: str = "INFO",
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        key: kms.IKey | None = None,
    ) -> None:
        super().__init__(scope, id_)
        parts = ChatFunction(
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
            memory_mb=memory_mb,
            versions=versions,
            timeout=Duration.seconds(10),
            log_retention=log_retention,
            removal_policy=removal_policy,
            key=key,
        )
        self.function, self.alias = parts.function, parts.alias
        # Without an identity source: the token may be in one of three places, and API Gateway
        # would refuse whoever does not have all that are named.
        self.authorizer = WebSocketLambdaAuthorizer(
            "Authorizer", parts.invoked, identity_source=[], authorizer_name=self.node.path
        )

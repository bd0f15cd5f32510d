"""The authorizer of `$connect`: a function that may write its logs and nothing else."""

from dataclasses import replace

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_authorizers import WebSocketLambdaAuthorizer
from constructs import Construct

from chat_stack.functions.function import ChatFunction, FunctionDefaults
from chat_stack.settings.environment import Variables


class Authorizer(Construct):
    """Lets clients connect that have a token of the provider which *variables* describe.

    It is never traced: X-Ray would need a permission on every resource.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: lambda_.Code,
        variables: Variables,
        defaults: FunctionDefaults = FunctionDefaults(),  # noqa: B008 - it is frozen
    ) -> None:
        super().__init__(scope, id_)
        parts = ChatFunction(
            self,
            "Function",
            code=code,
            variables=variables,
            handler="chat.authorizer.handler",
            description="Authenticates connecting clients",
            timeout=Duration.seconds(10),
            defaults=replace(defaults, tracing=False),
        )
        self.function, self.alias = parts.function, parts.alias
        # No identity source: the token may be in one of three places. API Gateway would reject
        # each client that does not send all sources that are named.
        self.authorizer = WebSocketLambdaAuthorizer(
            "Authorizer", parts.invoked, identity_source=[], authorizer_name=self.node.path
        )

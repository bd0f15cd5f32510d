"""The WebSocket API in front of the function, and the permissions to push through it."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chat_stack.api.custom_domains import WebSocketDomain
from chat_stack.cdk_nag import acknowledge, resource_finding
from chat_stack.settings.types import Domain

WITHOUT_REPLY = frozenset({"$connect", "$disconnect"})
GUESTS = "The settings allow guests, who connect without authentication."
# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-control-access.html
AFTER_CONNECT = "Only $connect can have an authorizer; it authorizes the whole connection."


class WebSocketEndpoint(Construct):
    """A WebSocket API with one stage, and grants to push to its connections.

    If *gateway_url* is given, an emulator serves the API there.
    If *domain* is given, clients connect there.
    With *execute_api*, the AWS address stays open beside the domain.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        handler: lambda_.IFunction,
        route_keys: Sequence[str],
        stage_name: str,
        authorizer: apigateway.IWebSocketRouteAuthorizer | None = None,
        throttle: apigateway.ThrottleSettings | None = None,
        gateway_url: str | None = None,
        domain: Domain | None = None,
        execute_api: bool = True,
    ) -> None:
        super().__init__(scope, id_)
        self._domain = domain
        self._execute_api = execute_api
        self._stage_name = stage_name
        self._gateway_url = gateway_url
        self.api = apigateway.WebSocketApi(
            self,
            "Api",
            api_name=self.node.path,
            route_selection_expression="$request.body.action",
        )
        self.stage = apigateway.WebSocketStage(
            self,
            "Stage",
            web_socket_api=self.api,
            stage_name=stage_name,
            auto_deploy=True,
            throttle=throttle,
        )
        self._route(handler, route_keys, authorizer)
        if domain:
            WebSocketDomain(self, "Domain", domain=domain, stage=self.stage)
        if not execute_api:
            self._close_execute_api()

    @property
    def url(self) -> str:
        """URL to which clients connect."""
        if self._domain:
            return f"wss://{self._domain.name}"
        if self._gateway_url is None:
            return self.stage.url
        return self.callback_url.replace("http", "ws", 1)

    @property
    def origin(self) -> str:
        """`url` without its path: the origin that a page must be allowed to connect to."""
        if self._domain:
            return self.url
        if self._gateway_url is None:
            here = Stack.of(self)
            return f"wss://{self.api.api_id}.execute-api.{here.region}.{here.url_suffix}"
        return "/".join(self._gateway_url.replace("http", "ws", 1).split("/")[:3])

    @property
    def callback_url(self) -> str:
        """URL of this stage's `@connections`; with a domain, it has no stage name."""
        if self._domain and not self._execute_api:
            return f"https://{self._domain.name}"
        if self._gateway_url is None:
            return self.stage.callback_url
        return f"{self._gateway_url}/{self.api.api_id}/{self._stage_name}"

    def grant_push(self, function: lambda_.Function) -> None:
        """Let *function* post to this stage's connections, and set its CALLBACK_URL."""
        self._grant_connections(function, "POST")

    def grant_close(self, function: lambda_.Function) -> None:
        """Let *function* close this stage's connections, and set its CALLBACK_URL."""
        self._grant_connections(function, "DELETE")

    def _close_execute_api(self) -> None:
        """Set the property on the resource: the construct does not have it."""
        api = self.api.node.default_child
        assert isinstance(api, apigateway.CfnApi)
        api.disable_execute_api_endpoint = True

    def _grant_connections(self, function: lambda_.Function, method: str) -> None:
        path = f"{self.api.api_id}/{self._stage_name}/{method}/@connections/*"
        arn = Stack.of(self).format_arn(service="execute-api", resource=path)
        iam.Grant.add_to_principal(
            grantee=function, actions=["execute-api:ManageConnections"], resource_arns=[arn]
        )
        if function.role:
            why = "The wildcard is the id of a connection, which API Gateway assigns."
            acknowledge(function.role, {resource_finding(self, arn): why})
        function.add_environment("CALLBACK_URL", self.callback_url)

    def _route(
        self,
        handler: lambda_.IFunction,
        route_keys: Sequence[str],
        authorizer: apigateway.IWebSocketRouteAuthorizer | None,
    ) -> None:
        """Send every route to *handler*, which this stage may invoke.

        The parts are made one after another, and the stage after them.
        API Gateway refuses simultaneous changes of an API with 409, and the stage deploys each.
        """
        integration = _LambdaIntegration(handler)
        last: Construct | None = None
        for key in route_keys:
            route = self.api.add_route(
                key,
                integration=integration,
                return_response=key not in WITHOUT_REPLY,
                authorizer=authorizer if key == "$connect" else None,
            )
            if key != "$connect":
                acknowledge(route, {"APIG4": AFTER_CONNECT})
            elif authorizer is None:
                acknowledge(route, {"APIG4": GUESTS})
            if last:
                route.node.add_dependency(last)
            last = route
        if last:
            self.stage.node.add_dependency(last)
        handler.add_permission(
            "InvokeByStage",
            principal=iam.ServicePrincipal("apigateway.amazonaws.com"),
            source_arn=self.api.arn_for_execute_api_v2("*", self._stage_name),
            scope=self,
        )
        self._wait_for_permissions()

    def _wait_for_permissions(self) -> None:
        """Let the integration and the authorizer wait for the permissions to invoke.

        A change of `snapStart` or `trafficShift` changes what they invoke: a function or its alias.
        The CDK's permission names the authorizer, and thus waits for it.
        This permission is for all authorizers of the API, which has one.
        """
        within = self.api.node.find_all()
        (integration,) = (it for it in within if isinstance(it, apigateway.CfnIntegration))
        integration.node.add_dependency(self.node.find_child("InvokeByStage"))
        for authorizer in within:
            if isinstance(authorizer, apigateway.CfnAuthorizer):
                (permission,) = (it for it in within if isinstance(it, lambda_.CfnPermission))
                permission.source_arn = Stack.of(self).format_arn(
                    service="execute-api",
                    resource=self.api.api_id,
                    resource_name="authorizers/*",
                )
                authorizer.add_dependency(permission)
                authorizer.add_dependency(integration)


class _LambdaIntegration(apigateway.WebSocketRouteIntegration):
    """One integration for all routes, without a permission of its own.

    WebSocketLambdaIntegration permits the first route that it is used for and no other:
    https://github.com/aws/aws-cdk/issues/38148
    """

    def __init__(self, handler: lambda_.IFunction) -> None:
        super().__init__("Integration")
        self._handler = handler

    def bind(
        self,
        *,
        route: apigateway.IWebSocketRoute,  # noqa: ARG002 - part of the interface
        scope: Construct,
    ) -> apigateway.WebSocketRouteIntegrationConfig:
        """Return Lambda's invocation API as the integration."""
        uri = Stack.of(scope).format_arn(
            service="apigateway",
            account="lambda",
            resource="path/2015-03-31/functions",
            resource_name=f"{self._handler.function_arn}/invocations",
        )
        return apigateway.WebSocketRouteIntegrationConfig(
            type=apigateway.WebSocketIntegrationType.AWS_PROXY, uri=uri
        )

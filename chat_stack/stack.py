"""The chat as one stack."""

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import CfnOutput, Duration, Environment, RemovalPolicy, Stack, Stage
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chat_stack import bundling, page
from chat_stack.alarms import Alarms
from chat_stack.authorizer import Authorizer
from chat_stack.canary import NO_ORIGIN, Canary
from chat_stack.closing import TIMEOUT, EachMinute
from chat_stack.crowds import ShardQueue
from chat_stack.dashboard import ChatDashboard
from chat_stack.function import ChatFunction
from chat_stack.gateway_logs import GatewayAccount, GatewayLogs
from chat_stack.identity import Provider
from chat_stack.metrics import Watched
from chat_stack.retention import log_retention
from chat_stack.review import grant_review
from chat_stack.routes import ROUTE_KEYS
from chat_stack.settings import Settings
from chat_stack.sign_in import SignIn
from chat_stack.tables import ConnectionsTable, RoomsTable
from chat_stack.web import WebHosting
from chat_stack.websocket import WebSocketEndpoint

ARCHITECTURES: Mapping[bundling.Architecture, lambda_.Architecture] = {
    "arm64": lambda_.Architecture.ARM_64,
    "x86_64": lambda_.Architecture.X86_64,
}


class ChatStack(Stack):
    """Tables, functions, a queue, one WebSocket API, the grants between them, and the page."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        built_page: Path = page.BUILT,
        review: lambda_.IFunction | None = None,
    ) -> None:
        """*review* is a hook that sees each message before it is stored, before the setting's."""
        super().__init__(
            scope,
            id_,
            description="Live chat over WebSockets",
            env=Environment(account=settings.account, region=settings.region),
            tags=settings.tags,
            termination_protection=settings.deletion_protection,
        )
        removal_policy = RemovalPolicy[settings.removal_policy.upper()]

        connections = ConnectionsTable(self, "Connections")
        rooms = RoomsTable(
            self,
            "Rooms",
            removal_policy=removal_policy,
            deletion_protection=settings.deletion_protection,
            point_in_time_recovery=settings.point_in_time_recovery,
            instead=settings.rooms_table,
        )
        target = bundling.target(settings.package_for, settings.architecture)
        code = self._code(target)
        chat = self._function(
            "Chat",
            settings,
            code,
            handler="chat.app.handler",
            description="Answers every route of the chat",
            reserved_concurrency=settings.reserved_concurrency,
            snap_start=settings.snap_start,
        )
        consumer = self._function(
            "Consumer",
            settings,
            code,
            handler="chat.consumer.handler",
            description="Pushes to large rooms",
        )
        closer = self._function(
            "Closer",
            settings,
            code,
            handler="chat.closer.handler",
            description="Ends connections whose rights have ended",
            timeout=TIMEOUT,
        )
        shards = ShardQueue(
            self, "Shards", consumer_timeout=Duration.seconds(settings.timeout_seconds)
        )
        sign_in = SignIn(self, "SignIn", settings=settings)
        provider = sign_in.provider
        authorizer = self._authorizer(settings, provider, code) if provider else None
        endpoint = WebSocketEndpoint(
            self,
            "Endpoint",
            handler=chat.invoked,
            route_keys=ROUTE_KEYS,
            stage_name=settings.stage_name,
            authorizer=authorizer.authorizer if authorizer else None,
            throttle=apigateway.ThrottleSettings(
                rate_limit=settings.throttle_rate, burst_limit=settings.throttle_burst
            ),
            gateway_url=settings.gateway_url,
        )

        self._gateway_logs(settings, endpoint)

        connections.grant_use(chat.function)
        rooms.grant_use(chat.function)
        endpoint.grant_push(chat.function)
        shards.grant_send(chat.function)

        if hook_arn := review.function_arn if review else settings.review_function:
            grant_review(
                chat.function,
                hook_arn=hook_arn,
                timeout_ms=settings.review_timeout_ms,
                failure=settings.review_failure,
            )

        connections.grant_forget(consumer.function)
        endpoint.grant_push(consumer.function)
        shards.grant_send(consumer.function)
        shards.feed(consumer.function)

        connections.grant_forget(closer.function)
        connections.grant_find_ended(closer.function)
        endpoint.grant_push(closer.function)
        endpoint.grant_close(closer.function)
        shards.grant_send(closer.function)
        if provider:
            for name, value in provider.variables.items():
                chat.function.add_environment(name, value)
            EachMinute(self, "EachMinute", function=closer.function)

        origin = settings.origins[0] if settings.origins else NO_ORIGIN
        if settings.web_hosting:
            web = WebHosting(
                self,
                "Web",
                built=page.require(built_page) if self.bundling_required else None,
                web_socket_url=endpoint.url,
                chat_origin=endpoint.origin,
                sign_in=sign_in.page,
                log_retention=log_retention(settings.log_retention_days),
            )
            # Beside the settings' own, which are among the function's variables already.
            chat.function.add_environment("ORIGINS", " ".join([*settings.origins, web.origin]))
            sign_in.send_back_to(web.url)
            origin = web.origin
            self._output("WebUrl", web.url, "Where people go")

        canary = None
        if settings.canary_minutes:
            page_of = origin if settings.origin_required else None
            canary = self._canary(settings, target, url=endpoint.url, origin=page_of)
            sign_in.let_in(canary)

        self._watch(
            settings,
            Watched(
                stage=endpoint.stage,
                chat=chat.function,
                consumer=consumer.function,
                closer=closer.function,
                authorizer=authorizer.function if authorizer else None,
                connections=connections.table,
                rooms=rooms.table,
                queue=shards.queue,
                dead_letters=shards.dead_letters,
                canary=canary.function if canary else None,
                canary_minutes=canary.minutes if canary else 5,
            ),
            canary,
        )
        self._output("WebSocketUrl", endpoint.url, "Where clients connect")
        self._output("ConnectionsTable", connections.table.table_name, "Who is connected")
        self._output("RoomsTable", rooms.table.table_name, "Rooms and messages")
        self._output("CloserName", closer.function.function_name, "Ends connections")
        self._output("FunctionName", chat.function.function_name, "Answers every route")

    def _function(
        self,
        id_: str,
        settings: Settings,
        code: lambda_.Code,
        *,
        handler: str,
        description: str,
        reserved_concurrency: int | None = None,
        snap_start: bool = False,
        timeout: Duration | None = None,
    ) -> ChatFunction:
        return ChatFunction(
            self,
            id_,
            code=code,
            handler=handler,
            description=description,
            variables=settings.variables,
            architecture=ARCHITECTURES[settings.architecture],
            memory_mb=settings.memory_mb,
            reserved_concurrency=reserved_concurrency,
            snap_start=snap_start,
            tracing=settings.tracing,
            timeout=timeout or Duration.seconds(settings.timeout_seconds),
            log_retention=log_retention(settings.log_retention_days),
            removal_policy=RemovalPolicy[settings.removal_policy.upper()],
        )

    def _authorizer(self, settings: Settings, provider: Provider, code: lambda_.Code) -> Authorizer:
        return Authorizer(
            self,
            "Authorizer",
            code=code,
            provider=provider,
            token_in_query=settings.token_in_query,
            architecture=ARCHITECTURES[settings.architecture],
            tracing=settings.tracing,
            log_level=settings.log_level,
            log_retention=log_retention(settings.log_retention_days),
            removal_policy=RemovalPolicy[settings.removal_policy.upper()],
        )

    def _gateway_logs(self, settings: Settings, endpoint: WebSocketEndpoint) -> None:
        GatewayLogs(
            self,
            "GatewayLogs",
            stage=endpoint.stage,
            access=settings.access_logs,
            execution=settings.execution_logs,
            ip_addresses=settings.log_ip_addresses,
            log_retention=log_retention(settings.log_retention_days),
            removal_policy=RemovalPolicy[settings.removal_policy.upper()],
        )
        if settings.gateway_logs_role:
            GatewayAccount(self, "GatewayAccount", stage=endpoint.stage)

    def _canary(
        self, settings: Settings, target: bundling.Target, *, url: str, origin: str | None
    ) -> Canary:
        return Canary(
            self,
            "Canary",
            code=self._code(target, bundling.PROBE),
            url=url,
            minutes=settings.canary_minutes or 5,
            origin=origin,
            architecture=ARCHITECTURES[settings.architecture],
            log_retention=log_retention(settings.log_retention_days),
            removal_policy=RemovalPolicy[settings.removal_policy.upper()],
        )

    def _watch(self, settings: Settings, watched: Watched, canary: Canary | None) -> None:
        alarms = None
        if settings.alarms:
            alarms = Alarms(self, "Alarms", watched=watched, email=settings.alarm_email)
            self._output("AlarmTopic", alarms.notices.topic.topic_arn, "Where alarms are told")
        if settings.dashboard:
            shown = ChatDashboard(
                self,
                "Dashboard",
                watched=watched,
                memory_mb=settings.memory_mb,
                causes=alarms.causes if alarms else (),
                symptoms=alarms.symptoms if alarms else (),
            )
            if canary:
                shown.dashboard.add_widgets(*canary.widgets())

    def _code(self, target: bundling.Target, source: Path = bundling.SOURCE) -> lambda_.Code:
        """The package; the bare source where the CDK only lists stacks, which needs no package."""
        if not self.bundling_required:
            return lambda_.Code.from_asset(str(source), exclude=[*bundling.JUNK])
        outdir = Path(Stage.of(self).asset_outdir)  # type: ignore[union-attr]  # in a stage
        package = outdir / f"package-{source.name}-{target}"
        return lambda_.Code.from_asset(str(bundling.assemble(target, package, source=source)))

    def _output(self, id_: str, value: str, description: str) -> None:
        CfnOutput(self, id_, value=value, description=description)

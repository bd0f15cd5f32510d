"""The chat as one stack."""

from pathlib import Path

from aws_cdk import CfnOutput, Duration, Environment, RemovalPolicy, Stack, Stage
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chat_stack.api.routes import ROUTE_KEYS
from chat_stack.api.websocket_api import WebSocketEndpoint
from chat_stack.functions import bundling
from chat_stack.functions.canary import NO_ORIGIN
from chat_stack.functions.functions import Functions
from chat_stack.functions.gradual_deployment import GradualDeployment
from chat_stack.functions.log_retention import log_retention
from chat_stack.functions.review_hook import grant_review
from chat_stack.functions.schedule import TIMEOUT, EachMinute
from chat_stack.identity.sign_in import SignIn
from chat_stack.monitoring.metrics import Watched
from chat_stack.monitoring.monitoring import keep_gateway_logs, watch
from chat_stack.settings.settings import Settings
from chat_stack.settings.validation import checked_together
from chat_stack.storage.encryption import encryption_key
from chat_stack.storage.shard_queue import ShardQueue
from chat_stack.storage.tables import ConnectionsTable, RoomsTable
from chat_stack.web import page
from chat_stack.web.hosting import WebHosting


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
        environment: str | None = None,
    ) -> None:
        """*review* is a hook that sees each message before it is stored, before the setting's.

        Raises `Problem` for *settings* that do not fit together, wherever they come from;
        *environment* is what it calls them, and is that of the stage unless told.
        """
        checked_together(environment or settings.stage_name, settings)
        super().__init__(
            scope,
            id_,
            description="Live chat over WebSockets",
            env=Environment(account=settings.account, region=settings.region),
            tags=settings.tags,
            termination_protection=settings.deletion_protection,
        )
        removal_policy = RemovalPolicy[settings.removal_policy.upper()]

        key = encryption_key(self, settings.encryption_key, removal_policy=removal_policy)
        connections = ConnectionsTable(self, "Connections", key=key)
        rooms = RoomsTable(
            self,
            "Rooms",
            removal_policy=removal_policy,
            deletion_protection=settings.deletion_protection,
            point_in_time_recovery=settings.point_in_time_recovery,
            instead=settings.rooms_table,
            key=key,
        )
        target = bundling.target(settings.package_for, settings.architecture)
        functions = Functions(self, settings, self._code(target), key)
        chat = functions.chat(
            "Chat",
            handler="chat.app.handler",
            description="Answers every route of the chat",
            reserved_concurrency=settings.reserved_concurrency,
            snap_start=settings.snap_start,
        )
        consumer = functions.chat(
            "Consumer",
            handler="chat.fanout_consumer.handler",
            description="Pushes to large rooms",
        )
        closer = functions.chat(
            "Closer",
            handler="chat.connection_closer.handler",
            description="Ends connections whose rights have ended",
            timeout=TIMEOUT,
        )
        shards = ShardQueue(
            self,
            "Shards",
            consumer_timeout=Duration.seconds(settings.timeout_seconds),
            key=key,
        )
        sign_in = SignIn(self, "SignIn", settings=settings)
        provider = sign_in.provider
        authorizer = functions.authorizer(provider) if provider else None
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
            domain=settings.web_socket_domain,
            execute_api=settings.execute_api_endpoint,
        )

        keep_gateway_logs(self, settings, endpoint, key=key)

        connections.grant_use(chat.function)
        rooms.grant_use(chat.function)
        endpoint.grant_push(chat.function)
        endpoint.grant_close(chat.function)
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
        shards.feed(consumer.invoked)

        connections.grant_forget(closer.function)
        connections.grant_find_ended(closer.function)
        endpoint.grant_push(closer.function)
        endpoint.grant_close(closer.function)
        shards.grant_send(closer.function)
        if provider:
            for name, value in provider.variables.items():
                chat.function.add_environment(name, value)
            EachMinute(self, "EachMinute", function=closer.invoked)

        origin = settings.origins[0] if settings.origins else NO_ORIGIN
        if settings.web_hosting:
            web = WebHosting(
                self,
                "Web",
                built=page.require(built_page) if self.bundling_required else None,
                web_socket_url=endpoint.url,
                chat_origin=endpoint.origin,
                sign_in=sign_in.page,
                domain=settings.web_domain,
                log_retention=log_retention(settings.log_retention_days),
                key=key,
            )
            # Beside the settings' own, which are among the function's variables already.
            chat.function.add_environment("ORIGINS", " ".join([*settings.origins, web.origin]))
            sign_in.send_back_to(web.url)
            origin = web.origin
            self._output("WebUrl", web.url, "Where people go")

        canary = None
        if settings.canary_minutes:
            page_of = origin if settings.origin_required else None
            probe = self._code(target, bundling.CANARY)
            canary = functions.canary(probe, url=endpoint.url, origin=page_of)
            sign_in.let_in(canary)

        watched = Watched(
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
        )
        watch(self, settings, watched, canary, key=key)
        if settings.traffic_shift != "off":
            parts = {"Chat": chat, "Consumer": consumer, "Closer": closer, "Authorizer": authorizer}
            GradualDeployment(
                self,
                "Deployment",
                shift=settings.traffic_shift,
                aliases={name: it.alias for name, it in parts.items() if it and it.alias},
                internal_errors=watched.own("Errors", code="internal"),
            )
        self._output("WebSocketUrl", endpoint.url, "Where clients connect")
        self._output("ConnectionsTable", connections.table.table_name, "Who is connected")
        self._output("RoomsTable", rooms.table.table_name, "Rooms and messages")
        self._output("CloserName", closer.invoked.function_name, "Ends connections")
        self._output("FunctionName", chat.function.function_name, "Answers every route")

    def _code(self, target: bundling.Target, source: Path = bundling.SOURCE) -> lambda_.Code:
        """The package; the bare source where the CDK only lists stacks, which needs no package."""
        if not self.bundling_required:
            return lambda_.Code.from_asset(str(source), exclude=[*bundling.JUNK])
        outdir = Path(Stage.of(self).asset_outdir)  # type: ignore[union-attr]  # in a stage
        package = outdir / f"package-{source.name}-{target}"
        return lambda_.Code.from_asset(str(bundling.assemble(target, package, source=source)))

    def _output(self, id_: str, value: str, description: str) -> None:
        CfnOutput(self, id_, value=value, description=description)

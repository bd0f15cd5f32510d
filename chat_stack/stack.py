"""The chat as one stack: creates the constructs and connects them."""

from dataclasses import dataclass
from pathlib import Path

from aws_cdk import CfnOutput, Duration, Environment, Stack, Stage
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chat_stack.api.gateway_logs import GatewayAccount, GatewayLogs
from chat_stack.api.routes import ROUTE_KEYS
from chat_stack.api.websocket_api import WebSocketEndpoint
from chat_stack.functions import bundling
from chat_stack.functions.canary import NO_ORIGIN, Canary
from chat_stack.functions.function import ChatFunction, FunctionDefaults
from chat_stack.functions.gradual_deployment import AUTHORIZER, GradualDeployment
from chat_stack.functions.review_hook import grant_review
from chat_stack.functions.schedule import TIMEOUT, EveryMinute
from chat_stack.identity.authorizer import Authorizer
from chat_stack.identity.sign_in import SignIn
from chat_stack.monitoring.metrics import MonitoredChat
from chat_stack.monitoring.monitoring import add_monitoring
from chat_stack.settings.environment import (
    authorizer_variables,
    chat_variables,
    delivery_variables,
    origin_variables,
    token_variables,
)
from chat_stack.settings.identity import Provider
from chat_stack.settings.settings import Settings
from chat_stack.settings.validation import validate
from chat_stack.storage.encryption import encryption_key
from chat_stack.storage.removal import removal_policy
from chat_stack.storage.shard_queue import ShardQueue
from chat_stack.storage.tables import ConnectionsTable, RoomsTable
from chat_stack.web import page
from chat_stack.web.hosting import WebHosting


@dataclass(frozen=True, slots=True)
class Storage:
    """The tables and the queue."""

    connections: ConnectionsTable
    rooms: RoomsTable
    shards: ShardQueue


@dataclass(frozen=True, slots=True)
class Functions:
    """The functions; guests need no authorizer."""

    chat: ChatFunction
    consumer: ChatFunction
    closer: ChatFunction
    authorizer: Authorizer | None


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
        """Raise `ConfigError` if *settings* do not fit together.

        If *review* is given, this function reviews messages instead of that of the settings.
        Errors call the settings by *environment*, or else by the name of the stage.
        """
        validate(environment or settings.stage_name, settings)
        super().__init__(
            scope,
            id_,
            description="Live chat over WebSockets",
            env=Environment(account=settings.account, region=settings.region),
            tags=settings.tags,
            termination_protection=settings.deletion_protection,
        )
        self._settings = settings
        self._removal_policy = removal_policy(settings.removal_policy)
        self._key = encryption_key(
            self, settings.encryption_key, removal_policy=self._removal_policy
        )
        self._defaults = FunctionDefaults.of(settings, self._key)
        self._add_parts(built_page, review)

    def _add_parts(self, built_page: Path, review: lambda_.IFunction | None) -> None:
        """Create the constructs and connect them. The order decides that of the template."""
        storage = self._storage()
        sign_in = SignIn(self, "SignIn", settings=self._settings)
        functions = self._functions(sign_in.provider)
        endpoint = self._api(functions)
        self._grant(functions, storage, endpoint)
        self._review(functions.chat, review)
        self._renewals(functions, sign_in.provider)
        hosted = self._page(endpoint, sign_in, built_page)
        functions.chat.add_variables(origin_variables(self._settings, hosted_page=hosted))
        canary = self._canary(endpoint, sign_in, hosted)
        self._monitoring(storage, functions, endpoint, canary)
        self._outputs(storage, functions, endpoint)

    def _storage(self) -> Storage:
        settings = self._settings
        rooms = RoomsTable(
            self,
            "Rooms",
            removal_policy=removal_policy(
                settings.removal_policy, protected=settings.deletion_protection
            ),
            deletion_protection=settings.deletion_protection,
            point_in_time_recovery=settings.point_in_time_recovery,
            restored_table=settings.rooms_table,
            key=self._key,
        )
        timeout = Duration.seconds(settings.timeout_seconds)
        return Storage(
            connections=ConnectionsTable(self, "Connections", key=self._key),
            rooms=rooms,
            shards=ShardQueue(self, "Shards", consumer_timeout=timeout, key=self._key),
        )

    def _functions(self, provider: Provider | None) -> Functions:
        settings, code = self._settings, self._code()
        timeout = Duration.seconds(settings.timeout_seconds)
        chat = ChatFunction(
            self,
            "Chat",
            code=code,
            variables=chat_variables(settings),
            defaults=self._defaults,
            timeout=timeout,
            reserved_concurrency=settings.reserved_concurrency,
            snap_start=settings.snap_start,
        )
        consumer = self._delivery_function(
            "Consumer", code, "fan_out_consumer", "Pushes to large rooms", timeout
        )
        closer = self._delivery_function(
            "Closer", code, "connection_closer", "Closes expired connections", TIMEOUT
        )
        return Functions(chat, consumer, closer, self._authorizer(code, provider))

    def _delivery_function(
        self, id_: str, code: lambda_.Code, entry: str, description: str, timeout: Duration
    ) -> ChatFunction:
        return ChatFunction(
            self,
            id_,
            code=code,
            handler=f"chat.{entry}.handler",
            description=description,
            variables=delivery_variables(self._settings),
            defaults=self._defaults,
            timeout=timeout,
        )

    def _authorizer(self, code: lambda_.Code, provider: Provider | None) -> Authorizer | None:
        if provider is None:
            return None
        variables = authorizer_variables(self._settings, provider)
        return Authorizer(
            self, "Authorizer", code=code, variables=variables, defaults=self._defaults
        )

    def _api(self, functions: Functions) -> WebSocketEndpoint:
        settings, authorizer = self._settings, functions.authorizer
        endpoint = WebSocketEndpoint(
            self,
            "Endpoint",
            handler=functions.chat.invoked,
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
        self._gateway_logs(endpoint)
        return endpoint

    def _gateway_logs(self, endpoint: WebSocketEndpoint) -> None:
        settings = self._settings
        GatewayLogs(
            self,
            "GatewayLogs",
            stage=endpoint.stage,
            access=settings.access_logs,
            execution=settings.execution_logs,
            ip_addresses=settings.log_ip_addresses,
            log_retention=self._defaults.log_retention,
            removal_policy=self._removal_policy,
            key=self._key,
        )
        if settings.gateway_logs_role:
            GatewayAccount(self, "GatewayAccount", stage=endpoint.stage)

    def _grant(self, functions: Functions, storage: Storage, endpoint: WebSocketEndpoint) -> None:
        self._grant_chat(functions.chat, storage, endpoint)
        self._grant_consumer(functions.consumer, storage, endpoint)
        self._grant_closer(functions.closer, storage, endpoint)

    def _grant_chat(
        self, chat: ChatFunction, storage: Storage, endpoint: WebSocketEndpoint
    ) -> None:
        storage.connections.grant_use(chat.function)
        storage.rooms.grant_use(chat.function)
        endpoint.grant_push(chat.function)
        endpoint.grant_close(chat.function)
        storage.shards.grant_send(chat.function)

    def _grant_consumer(
        self, consumer: ChatFunction, storage: Storage, endpoint: WebSocketEndpoint
    ) -> None:
        storage.connections.grant_remove_connections(consumer.function)
        endpoint.grant_push(consumer.function)
        storage.shards.grant_send(consumer.function)
        storage.shards.feed(consumer.invoked)

    def _grant_closer(
        self, closer: ChatFunction, storage: Storage, endpoint: WebSocketEndpoint
    ) -> None:
        storage.connections.grant_remove_connections(closer.function)
        storage.connections.grant_find_expired(closer.function)
        endpoint.grant_push(closer.function)
        endpoint.grant_close(closer.function)
        storage.shards.grant_send(closer.function)

    def _review(self, chat: ChatFunction, hook: lambda_.IFunction | None) -> None:
        """Let *hook* review messages, or else the function of the settings, if there is one."""
        hook_arn = hook.function_arn if hook else self._settings.review_function
        if not hook_arn:
            return
        grant_review(
            chat.function,
            hook_arn=hook_arn,
            timeout_ms=self._settings.review_timeout_ms,
            failure=self._settings.review_failure,
        )

    def _renewals(self, functions: Functions, provider: Provider | None) -> None:
        """Let the chat verify the tokens that renew connections, and close expired connections."""
        if provider is None:
            return
        functions.chat.add_variables(token_variables(provider))
        EveryMinute(
            self,
            "EachMinute",
            function=functions.closer.invoked,
            description="Closes connections whose tokens have expired",
        )

    def _page(
        self, endpoint: WebSocketEndpoint, sign_in: SignIn, built_page: Path
    ) -> tuple[str, ...]:
        """Add the page if the settings ask for it, and return its origin."""
        if not self._settings.web_hosting:
            return ()
        web = WebHosting(
            self,
            "Web",
            built=page.require(built_page) if self.bundling_required else None,
            web_socket_url=endpoint.url,
            chat_origin=endpoint.origin,
            sign_in=sign_in.page,
            domain=self._settings.web_domain,
            log_retention=self._defaults.log_retention,
            key=self._key,
        )
        sign_in.send_back_to(web.url)
        self._output("WebUrl", web.url, "URL of the page")
        return (web.origin,)

    def _canary(
        self, endpoint: WebSocketEndpoint, sign_in: SignIn, hosted: tuple[str, ...]
    ) -> Canary | None:
        settings = self._settings
        if not settings.canary_minutes:
            return None
        origin = next(iter((*hosted, *settings.origins)), NO_ORIGIN)
        canary = Canary(
            self,
            "Canary",
            code=self._code(bundling.CANARY),
            url=endpoint.url,
            minutes=settings.canary_minutes,
            origin=origin if settings.origin_required else None,
            defaults=self._defaults,
        )
        sign_in.add_canary_users(canary)
        return canary

    def _monitoring(
        self,
        storage: Storage,
        functions: Functions,
        endpoint: WebSocketEndpoint,
        canary: Canary | None,
    ) -> None:
        chat = MonitoredChat(
            stage=endpoint.stage,
            chat=functions.chat.function,
            consumer=functions.consumer.function,
            closer=functions.closer.function,
            authorizer=functions.authorizer.function if functions.authorizer else None,
            connections=storage.connections.table,
            rooms=storage.rooms.table,
            queue=storage.shards.queue,
            dead_letters=storage.shards.dead_letters,
            canary=canary.function if canary else None,
            canary_minutes=canary.minutes if canary else 5,
        )
        add_monitoring(self, self._settings, chat=chat, canary=canary, key=self._key)
        if self._settings.traffic_shift != "off":
            self._gradual_deployment(functions, chat)

    def _gradual_deployment(self, functions: Functions, chat: MonitoredChat) -> None:
        parts = {
            "Chat": functions.chat,
            "Consumer": functions.consumer,
            "Closer": functions.closer,
            AUTHORIZER: functions.authorizer,
        }
        GradualDeployment(
            self,
            "Deployment",
            shift=self._settings.traffic_shift,
            aliases={name: it.alias for name, it in parts.items() if it and it.alias},
            faults=chat.own("AuthorizerFaults") if functions.authorizer else None,
            internal_errors=chat.own("Errors", code="internal"),
        )

    def _outputs(self, storage: Storage, functions: Functions, endpoint: WebSocketEndpoint) -> None:
        connections, rooms = storage.connections.table, storage.rooms.table
        closer = functions.closer.invoked.function_name
        self._output("WebSocketUrl", endpoint.url, "URL to which clients connect")
        self._output("ConnectionsTable", connections.table_name, "Table of open connections")
        self._output("RoomsTable", rooms.table_name, "Table of rooms and messages")
        self._output("CloserName", closer, "Function that closes connections")
        self._output(
            "FunctionName", functions.chat.function.function_name, "Function that handles routes"
        )

    def _code(self, source: Path = bundling.SOURCE) -> lambda_.Code:
        """Return the package, or the bare source if the CDK only lists stacks."""
        if not self.bundling_required:
            return lambda_.Code.from_asset(str(source), exclude=[*bundling.JUNK])
        target = bundling.target(self._settings.package_for, self._settings.architecture)
        outdir = Path(Stage.of(self).asset_outdir)  # type: ignore[union-attr]  # in a stage
        package = outdir / f"package-{source.name}-{target}"
        return lambda_.Code.from_asset(str(bundling.assemble(target, package, source=source)))

    def _output(self, id_: str, value: str, description: str) -> None:
        CfnOutput(self, id_, value=value, description=description)

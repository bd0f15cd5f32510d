"""Builds the real services from the configuration, in one place."""

from functools import partial

from chat.auth.lazy_verifier import LazyVerifier, NoVerifier
from chat.config import Config, DeliveryConfig, FunctionConfig, TokenConfig
from chat.domain.clock import SystemClock
from chat.dynamodb.stores import build_connection_stores, build_stores
from chat.gateway.push import GatewayPush
from chat.large_rooms.sqs import SqsFanOutQueue
from chat.ports import DeliveryServices, Review, Services, Verifier
from chat.runtime import aws_clients
from chat.runtime.deadlines import InvocationDeadline
from chat.runtime.function import FunctionRuntime


def start(name: str, config: FunctionConfig) -> FunctionRuntime:
    """Start the logs and metrics of the function that log lines call *name*."""
    return FunctionRuntime(
        name, metrics_namespace=config.metrics_namespace, log_level=config.log_level
    )


def build(config: Config, runtime: FunctionRuntime) -> Services:
    """Build the services of the function that answers the routes."""
    delivery = config.delivery
    clock = SystemClock()
    client = aws_clients.dynamodb(runtime.deadline, runtime.dynamo_timer)
    stores = build_stores(
        client,
        connections_table=delivery.connections_table,
        rooms_table=config.rooms_table,
        clock=clock,
        rates=config.rates,
        connections_per_user=config.connections_per_user,
        rooms_per_connection=config.limits.rooms_per_connection,
        rooms_per_user=config.limits.rooms_per_user,
        retention=config.retention,
        text_length=config.limits.text_length,
        name_length=config.limits.name_length,
    )
    return Services(
        connections=stores.connections,
        user_connections=stores.user_connections,
        handshakes=stores.handshakes,
        rooms=stores.rooms,
        room_transactions=stores.room_transactions,
        invites=stores.invites,
        subscribers=stores.subscribers,
        memberships=stores.memberships,
        messages=stores.messages,
        deletions=stores.deletions,
        rate_limiter=stores.rate_limiter,
        push=_push(delivery),
        clock=clock,
        deadline=runtime.deadline,
        limits=config.limits,
        fan_out_queue=_queue(delivery, runtime.deadline),
        inline_limit=delivery.inline_limit,
        presence=delivery.presence,
        guests=config.tokens is None,
        origins=config.origins,
        verifier=_verifier(config.tokens),
        review=_review(config, runtime.deadline),
    )


def build_delivery(config: DeliveryConfig, runtime: FunctionRuntime) -> DeliveryServices:
    """Build the services of a function that pushes to connections and closes them."""
    client = aws_clients.dynamodb(runtime.deadline, runtime.dynamo_timer)
    stores = build_connection_stores(
        client, connections_table=config.connections_table, clock=SystemClock()
    )
    return DeliveryServices(
        connections=stores.connections,
        user_connections=stores.user_connections,
        subscribers=stores.subscribers,
        push=_push(config),
        fan_out_queue=_queue(config, runtime.deadline),
        deadline=runtime.deadline,
        inline_limit=config.inline_limit,
        presence=config.presence,
    )


def _push(config: DeliveryConfig) -> GatewayPush:
    return GatewayPush(
        config.callback_url, region=config.region, credentials=aws_clients.credentials
    )


def _queue(config: DeliveryConfig, deadline: InvocationDeadline) -> SqsFanOutQueue:
    return SqsFanOutQueue(partial(aws_clients.sqs, deadline), queue_url=config.queue_url)


def _verifier(tokens: TokenConfig | None) -> Verifier:
    """Return what verifies the tokens that renew connections; guests have none."""
    return LazyVerifier(tokens.policy, keys_url=tokens.keys_url) if tokens else NoVerifier()


def _review(config: Config, deadline: InvocationDeadline) -> Review | None:
    """Return the review by the operator's function; its modules are loaded only if it is set."""
    if (review := config.review) is None:
        return None
    from chat.review.lambda_hook import LambdaHook
    from chat.review.review import HookReview

    seconds = review.timeout.total_seconds()
    hook = LambdaHook(
        partial(aws_clients.lambda_client, deadline, seconds=seconds),
        function=review.function_arn,
        seconds=seconds,
    )
    return HookReview(hook, failure=review.failure, text_length=config.limits.text_length)

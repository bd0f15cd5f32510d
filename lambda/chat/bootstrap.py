"""The real services, built in one place."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Literal

from chat.auth.verifier import NoVerifier
from chat.domain.clock import SystemClock
from chat.domain.identity import Origins
from chat.domain.rate_limit import Rates
from chat.dynamodb.stores import build_stores
from chat.gateway.push import GatewayPush
from chat.large_rooms.sqs import SqsFanOutQueue
from chat.observability.metrics import DynamoTimer
from chat.ports import Review, Services, Verifier
from chat.protocol import ID_LENGTH, Limits
from chat.runtime import aws_clients
from chat.runtime.deadlines import InvocationDeadline


def build(
    environment: Mapping[str, str],
    budget: InvocationDeadline,
    watch: DynamoTimer,
    *,
    rooms_table: str,
    guests: bool = False,
    origins: Origins = Origins(),  # noqa: B008 - it is frozen
    verifier: Verifier = NoVerifier(),  # noqa: B008 - it has no state
) -> Services:
    """The services that *environment* describes; a missing variable fails here, at start."""
    clock = SystemClock()
    rates = Rates.read(environment)
    limits = Limits(
        text_length=int(environment["TEXT_LENGTH"]),
        name_length=int(environment["NAME_LENGTH"]),
        room_id_length=ID_LENGTH,
        history_page=int(environment["HISTORY_PAGE"]),
        history_bytes=int(environment["HISTORY_BYTES"]),
        rooms_per_connection=int(environment["ROOMS_PER_CONNECTION"]),
        rooms_per_user=int(environment["ROOMS_PER_USER"]),
        presence=int(environment["PRESENCE"]),
        messages_per_second=rates.per_second("messages"),
        message_burst=rates.burst("messages"),
        joins_per_minute=rates.burst("joins"),
    )
    stores = build_stores(
        aws_clients.dynamodb(budget, watch),
        connections_table=environment["CONNECTIONS_TABLE"],
        rooms_table=rooms_table,
        clock=clock,
        rates=rates,
        connections_per_user=int(environment["CONNECTIONS_PER_USER"]),
        rooms_per_connection=limits.rooms_per_connection,
        rooms_per_user=limits.rooms_per_user,
        retention=timedelta(days=int(environment["RETENTION_DAYS"])) or None,
    )
    return Services(
        connections=stores.connections,
        user_connections=stores.user_connections,
        rooms=stores.rooms,
        joins=stores.joins,
        subscribers=stores.subscribers,
        memberships=stores.memberships,
        messages=stores.messages,
        deletions=stores.deletions,
        rate_limiter=stores.rate_limiter,
        push=GatewayPush(
            environment["CALLBACK_URL"],
            region=environment["AWS_REGION"],
            credentials=aws_clients.credentials,
        ),
        fan_out_queue=SqsFanOutQueue(
            partial(aws_clients.sqs, budget), queue_url=environment["QUEUE_URL"]
        ),
        clock=clock,
        deadline=budget,
        limits=limits,
        inline_limit=int(environment["INLINE_LIMIT"]),
        guests=guests,
        origins=origins,
        verifier=verifier,
        review=_review(environment, budget) if "REVIEW_FUNCTION" in environment else None,
    )


def _review(environment: Mapping[str, str], budget: InvocationDeadline) -> Review:
    """What a hook has to say; imported where there is one."""
    from chat.review.lambda_hook import LambdaHook
    from chat.review.review import HookReview

    seconds = int(environment["REVIEW_TIMEOUT_MS"]) / 1_000
    hook = LambdaHook(
        partial(aws_clients.functions, budget, seconds=seconds),
        function=environment["REVIEW_FUNCTION"],
        seconds=seconds,
    )
    failure: Literal["open", "closed"] = (
        "open" if environment["REVIEW_FAILURE"] == "open" else "closed"
    )
    return HookReview(hook, failure=failure, text_length=int(environment["TEXT_LENGTH"]))

"""Configuration: every environment variable that the functions read, typed, read once at start.

`chat_stack/settings/environment.py` writes the variables of the settings.
The `grant_*` methods of the constructs write the names and URLs of resources.
A test compares what both write with what this module reads.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from chat.domain.identity import Origins, TokenPolicy
from chat.domain.rate_limit import Rate, Rates, by_kind
from chat.protocol import ID_LENGTH, Limits
from chat.variable_parser import Environment, malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionConfig:
    """Configuration that every function has: the namespace of metrics, and the log level."""

    metrics_namespace: str
    log_level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenConfig:
    """Required claims of a token, and the URL of its issuer's public keys."""

    policy: TokenPolicy
    keys_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizerConfig:
    """Configuration of the authorizer of `$connect`."""

    function: FunctionConfig
    tokens: TokenConfig
    token_in_query: bool

    @classmethod
    def from_env(cls, variables: Mapping[str, str] = os.environ) -> "AuthorizerConfig":
        """Read the configuration; raises `ConfigError`."""
        env = Environment(variables)
        return cls(
            function=read_function(env),
            tokens=read_tokens(env),
            token_in_query=env.flag("TOKEN_IN_QUERY"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryConfig:
    """Configuration of functions that push and close: the fan-out consumer, the closer.

    The chat's function has it too, as part of its own.
    """

    function: FunctionConfig
    region: str
    connections_table: str
    callback_url: str
    """URL of `@connections`, to which frames are posted."""
    queue_url: str
    """URL of the queue of large rooms."""
    inline_limit: int
    """Recipients up to which a function posts itself; above it, the queue is used."""
    presence: int
    """Users in a room up to which joins and leaves are announced."""

    @classmethod
    def from_env(cls, variables: Mapping[str, str] = os.environ) -> "DeliveryConfig":
        """Read the configuration; raises `ConfigError`."""
        env = Environment(variables)
        return cls(
            function=read_function(env),
            region=env.name("AWS_REGION"),
            connections_table=env.name("CONNECTIONS_TABLE"),
            callback_url=env.name("CALLBACK_URL"),
            queue_url=env.name("QUEUE_URL"),
            inline_limit=env.integer("INLINE_LIMIT"),
            presence=env.integer("PRESENCE"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewConfig:
    """The function that reviews messages, its time, and what happens when it fails."""

    function_arn: str
    timeout: timedelta
    failure: Literal["open", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Configuration of the function that answers the routes of the WebSocket API."""

    delivery: DeliveryConfig
    rooms_table: str
    limits: Limits
    rates: Rates
    connections_per_user: int
    retention: timedelta | None
    """How long messages are kept; None keeps them without end."""
    origins: Origins
    tokens: TokenConfig | None
    """None if users are guests, who have no tokens."""
    review: ReviewConfig | None
    """None if messages are stored without review."""

    @property
    def function(self) -> FunctionConfig:
        """The part that every function has."""
        return self.delivery.function

    @classmethod
    def from_env(cls, variables: Mapping[str, str] = os.environ) -> "Config":
        """Read the configuration; raises `ConfigError`."""
        env = Environment(variables)
        rates = read_rates(env)
        return cls(
            delivery=DeliveryConfig.from_env(variables),
            rooms_table=env.name("ROOMS_TABLE"),
            limits=read_limits(env, rates),
            rates=rates,
            connections_per_user=env.integer("CONNECTIONS_PER_USER"),
            retention=timedelta(days=env.integer("RETENTION_DAYS")) or None,
            origins=Origins(frozenset(env.texts("ORIGINS")), required=env.flag("ORIGIN_REQUIRED")),
            tokens=None if env.name("IDENTITY") == "guest" else read_tokens(env),
            review=read_review(env) if "REVIEW_FUNCTION" in env else None,
        )


def read_function(env: Environment) -> FunctionConfig:
    """Read what every function needs."""
    return FunctionConfig(
        metrics_namespace=env.name("METRICS_NAMESPACE"), log_level=env.name("LOG_LEVEL")
    )


def read_tokens(env: Environment) -> TokenConfig:
    """Read which tokens count; an empty TOKEN_USE accepts tokens for any use."""
    policy = TokenPolicy(
        issuer=env.name("ISSUER"),
        audience=env.texts("AUDIENCE"),
        algorithms=env.texts("ALGORITHMS"),
        token_use=env.text("TOKEN_USE") or None,
        user_claim=env.name("USER_CLAIM"),
        name_claim=env.name("NAME_CLAIM"),
    )
    return TokenConfig(policy=policy, keys_url=env.name("KEYS_URL"))


def read_limits(env: Environment, rates: Rates) -> Limits:
    """Read the limits that a client is sent in `welcome`."""
    return Limits(
        text_length=env.integer("TEXT_LENGTH"),
        name_length=env.integer("NAME_LENGTH"),
        room_id_length=ID_LENGTH,
        history_page=env.integer("HISTORY_PAGE"),
        history_bytes=env.integer("HISTORY_BYTES"),
        rooms_per_connection=env.integer("ROOMS_PER_CONNECTION"),
        rooms_per_user=env.integer("ROOMS_PER_USER"),
        presence=env.integer("PRESENCE"),
        messages_per_second=rates.per_second("messages"),
        message_burst=rates.burst("messages"),
        joins_per_minute=rates.burst("joins"),
        reads_per_second=rates.per_second("reads"),
        read_burst=rates.burst("reads"),
    )


def read_rates(env: Environment) -> Rates:
    """Read the rate limits; a rate of 0 is no limit."""
    return Rates(
        connection=by_kind(
            messages=Rate.per_second(
                env.number("CONNECTION_MESSAGE_RATE"), burst=env.integer("CONNECTION_MESSAGE_BURST")
            ),
            joins=Rate.per_minute(env.integer("CONNECTION_JOINS_PER_MINUTE")),
            reads=Rate.per_second(
                env.number("CONNECTION_READ_RATE"), burst=env.integer("CONNECTION_READ_BURST")
            ),
        ),
        user=by_kind(
            messages=Rate.per_second(
                env.number("USER_MESSAGE_RATE"), burst=env.integer("USER_MESSAGE_BURST")
            ),
            joins=Rate.per_minute(env.integer("USER_JOINS_PER_MINUTE")),
            reads=Rate.per_second(
                env.number("USER_READ_RATE"), burst=env.integer("USER_READ_BURST")
            ),
        ),
        frames=Rate.per_second(
            env.number("CONNECTION_REQUEST_RATE"), burst=env.integer("CONNECTION_REQUEST_BURST")
        ),
        user_frames=Rate.per_second(
            env.number("USER_REQUEST_RATE"), burst=env.integer("USER_REQUEST_BURST")
        ),
        user_daily=Rate.per_day(env.integer("USER_REQUESTS_PER_DAY")),
        strikes=Rate.per_second(
            env.number("USER_STRIKE_RATE"), burst=env.integer("USER_STRIKE_BURST")
        ),
        cooldown=timedelta(seconds=env.integer("USER_COOLDOWN_SECONDS")),
    )


def read_review(env: Environment) -> ReviewConfig:
    """Read which function reviews messages; REVIEW_FAILURE is `open` or `closed`."""
    failure = env.text("REVIEW_FAILURE")
    if failure not in ("open", "closed"):
        malformed("REVIEW_FAILURE", failure, "open or closed")
    return ReviewConfig(
        function_arn=env.name("REVIEW_FUNCTION"),
        timeout=timedelta(milliseconds=env.integer("REVIEW_TIMEOUT_MS")),
        failure="open" if failure == "open" else "closed",
    )

"""Environment variables of the functions, from the settings.

Each setting has a variable of its own: `connectionMessageRate` is `CONNECTION_MESSAGE_RATE`.
`lambda/chat/config.py` reads them. Names and URLs of resources are set by the `grant_*` methods.
"""

from collections.abc import Mapping, Sequence

from chat_stack.settings.identity import Provider
from chat_stack.settings.settings import Settings

Variables = Mapping[str, str]


def chat_variables(settings: Settings) -> Variables:
    """Return the variables of the function that answers the routes.

    `origin_variables` and `token_variables` return the others.
    """
    return {
        **delivery_variables(settings),
        **_rate_variables(settings),
        "CONNECTIONS_PER_USER": str(settings.connections_per_user),
        "HISTORY_BYTES": str(settings.history_bytes),
        "HISTORY_PAGE": str(settings.history_page),
        "IDENTITY": str(settings.identity.__struct_config__.tag),
        "NAME_LENGTH": str(settings.name_length),
        "ORIGIN_REQUIRED": _flag(settings.origin_required),
        "RETENTION_DAYS": str(settings.retention_days),
        "ROOMS_PER_CONNECTION": str(settings.rooms_per_connection),
        "ROOMS_PER_USER": str(settings.rooms_per_user),
        "TEXT_LENGTH": str(settings.text_length),
    }


def delivery_variables(settings: Settings) -> Variables:
    """Return the variables of functions that push and close: the consumer and the closer."""
    return {
        "INLINE_LIMIT": str(settings.inline_limit),
        "LOG_LEVEL": settings.log_level,
        "PRESENCE": str(settings.presence),
    }


def origin_variables(settings: Settings, *, hosted_page: Sequence[str] = ()) -> Variables:
    """Return the origins that may connect, that of the *hosted_page* last."""
    return {"ORIGINS": " ".join([*settings.origins, *hosted_page])}


def token_variables(provider: Provider) -> Variables:
    """Return what tokens must say, for the authorizer and for the chat, which renews by them."""
    return {
        "ALGORITHMS": " ".join(provider.algorithms),
        "AUDIENCE": " ".join(provider.audience),
        "ISSUER": provider.issuer,
        "KEYS_URL": provider.keys_url,
        "NAME_CLAIM": provider.name_claim,
        "TOKEN_USE": provider.token_use,
        "USER_CLAIM": provider.user_claim,
    }


def authorizer_variables(settings: Settings, provider: Provider) -> Variables:
    """Return the variables of the authorizer."""
    return {
        **token_variables(provider),
        "LOG_LEVEL": settings.log_level,
        "TOKEN_IN_QUERY": _flag(settings.token_in_query),
    }


def _rate_variables(settings: Settings) -> Variables:
    return {
        "CONNECTION_JOINS_PER_MINUTE": str(settings.connection_joins_per_minute),
        "CONNECTION_MESSAGE_BURST": str(settings.connection_message_burst),
        "CONNECTION_MESSAGE_RATE": _number(settings.connection_message_rate),
        "CONNECTION_READ_BURST": str(settings.connection_read_burst),
        "CONNECTION_READ_RATE": _number(settings.connection_read_rate),
        "CONNECTION_REQUEST_BURST": str(settings.connection_request_burst),
        "CONNECTION_REQUEST_RATE": _number(settings.connection_request_rate),
        "USER_JOINS_PER_MINUTE": str(settings.user_joins_per_minute),
        "USER_MESSAGE_BURST": str(settings.user_message_burst),
        "USER_MESSAGE_RATE": _number(settings.user_message_rate),
        "USER_READ_BURST": str(settings.user_read_burst),
        "USER_READ_RATE": _number(settings.user_read_rate),
        "USER_REQUEST_BURST": str(settings.user_request_burst),
        "USER_REQUEST_RATE": _number(settings.user_request_rate),
        "USER_REQUESTS_PER_DAY": str(settings.user_requests_per_day),
        "USER_STRIKE_BURST": str(settings.user_strike_burst),
        "USER_STRIKE_RATE": _number(settings.user_strike_rate),
        "USER_COOLDOWN_SECONDS": str(settings.user_cooldown_seconds),
    }


def _number(value: float) -> str:
    """Return 5 for 5.0, so that equal settings are equal templates."""
    return f"{value:g}"


def _flag(value: bool) -> str:
    return "true" if value else "false"

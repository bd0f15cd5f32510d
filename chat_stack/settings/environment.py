"""What the functions read of the settings from their environment."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chat_stack.settings.settings import Settings


def variables(settings: "Settings") -> dict[str, str]:
    """Variables by name."""
    return {
        "CONNECTIONS_PER_USER": str(settings.connections_per_user),
        **_rates(settings),
        "HISTORY_BYTES": str(settings.history_bytes),
        "HISTORY_PAGE": str(settings.history_page),
        "INLINE_LIMIT": str(settings.inline_limit),
        "IDENTITY": str(settings.identity.__struct_config__.tag),
        "LOG_LEVEL": settings.log_level,
        "NAME_LENGTH": str(settings.name_length),
        "ORIGINS": " ".join(settings.origins),
        "ORIGIN_REQUIRED": str(settings.origin_required).lower(),
        "PRESENCE": str(settings.presence),
        "RETENTION_DAYS": str(settings.retention_days),
        "ROOMS_PER_CONNECTION": str(settings.rooms_per_connection),
        "ROOMS_PER_USER": str(settings.rooms_per_user),
        "TEXT_LENGTH": str(settings.text_length),
    }


def _rates(settings: "Settings") -> dict[str, str]:
    """Counts, the seconds in which they may be, and how many at once."""
    of_connection, of_user = settings.connection_joins_per_minute, settings.user_joins_per_minute
    return {
        "CONNECTION_JOINS": f"{of_connection} 60 {of_connection or 1}",
        "CONNECTION_MESSAGES": _rate(
            settings.connection_message_rate, settings.connection_message_burst
        ),
        "CONNECTION_REQUESTS": _rate(
            settings.connection_request_rate, settings.connection_request_burst
        ),
        "USER_JOINS": f"{of_user} 60 {of_user or 1}",
        "USER_REFUSALS": _rate(settings.user_refusal_rate, settings.user_refusal_burst),
        "USER_REST_SECONDS": str(settings.user_rest_seconds),
        "USER_MESSAGES": _rate(settings.user_message_rate, settings.user_message_burst),
    }


def _rate(a_second: float, burst: int) -> str:
    return f"{a_second:g} 1 {burst}"

"""One environment's settings: typed, checked, with defaults; cdk.json holds them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
from msgspec import Meta

from chat_stack.errors import Problem
from chat_stack.gateway_logs import ExecutionLogs
from chat_stack.identity import Choice, Guest
from chat_stack.review import Failure

Origin = Annotated[str, Meta(pattern=r"^https?://[^/\s]+$")]
Email = Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Natural = Annotated[int, Meta(ge=1)]
FunctionArn = Annotated[
    str,
    Meta(
        pattern=r"^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[\w-]{1,64}(:[\w-]{1,128})?$"
    ),
]
PerSecond = Annotated[float, Meta(ge=0, le=1_000)]
PerMinute = Annotated[int, Meta(ge=0, le=10_000)]
Burst = Annotated[int, Meta(ge=1, le=1_000)]
LogRetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731, 1827, 3653]


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What may differ between environments; a key of cdk.json is the camelCase of a name here."""

    stage_name: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{1,128}$")]

    account: Annotated[str, Meta(pattern="^[0-9]{12}$")] | None = None
    region: Annotated[str, Meta(pattern="^[a-z]{2}(-[a-z]+)+-[0-9]+$")] | None = None
    tags: Mapping[str, str] = {}

    text_length: Annotated[int, Meta(ge=1, le=30_000)] = 4_000  # characters; a frame is 128 KB
    name_length: Annotated[int, Meta(ge=1, le=256)] = 64  # characters
    history_page: Annotated[int, Meta(ge=1, le=1_000)] = 100  # messages
    history_bytes: Annotated[int, Meta(ge=1_000, le=120_000)] = 100_000
    rooms_per_connection: Annotated[int, Meta(ge=1, le=500)] = 50
    connections_per_user: Annotated[int, Meta(ge=1, le=1_000)] = 20  # that are open
    rooms_per_user: Annotated[int, Meta(ge=1, le=100_000)] = 100  # that a user has created
    presence: Annotated[int, Meta(ge=0, le=10_000)] = 200  # members that hear of each other

    connection_message_rate: PerSecond = 5  # a second, for ever; 0 is any
    connection_message_burst: Burst = 20  # at once
    user_message_rate: PerSecond = 10
    user_message_burst: Burst = 40
    connection_joins_per_minute: PerMinute = 120  # and creations; so many at once, too
    user_joins_per_minute: PerMinute = 360
    connection_request_rate: PerSecond = 20  # frames of any kind, in one environment
    connection_request_burst: Burst = 200

    inline_limit: Annotated[int, Meta(ge=1, le=10_000)] = 500  # recipients; a queue takes more
    retention_days: Annotated[int, Meta(ge=0, le=36_500)] = 0  # of messages; 0 keeps them for ever

    removal_policy: Literal["retain", "destroy"] = "retain"
    deletion_protection: bool = False
    point_in_time_recovery: bool = False

    rooms_table: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{3,255}$")] | None = None
    # ^ of another name than the stack's own, such as one restored from a backup

    identity: Choice = Guest()
    guests_allowed: bool = False  # else `guest` is refused
    origins: tuple[Origin, ...] = ()  # of pages that may connect; none is any
    origin_required: bool = False  # refuses what is no browser
    token_in_query: bool = False

    review_function: FunctionArn | None = None  # sees each message before it is stored
    review_timeout_ms: Annotated[int, Meta(ge=100, le=3_000)] = 1_000
    review_failure: Failure = "closed"  # what has not been reviewed is not stored; or it is: "open"

    memory_mb: Annotated[int, Meta(ge=128, le=10_240)] = 1_024
    snap_start: bool = False
    timeout_seconds: Annotated[int, Meta(ge=10, le=28)] = 25  # an integration gives up after 29
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_retention_days: LogRetentionDays = 30
    package_for: Literal["lambda", "host"] = "lambda"

    throttle_rate: Natural = 1_000  # requests a second
    throttle_burst: Natural = 1_000
    gateway_url: Annotated[str, Meta(pattern="^https?://[^/].*[^/]$")] | None = None
    web_hosting: bool = False  # of the page, by CloudFront

    access_logs: bool = True  # a line a request, by API Gateway
    execution_logs: ExecutionLogs = "error"  # of API Gateway's own doing; never what people sent
    log_ip_addresses: bool = False  # in access logs: they are personal data
    gateway_logs_role: bool = True  # API Gateway's, once an account and region; false: it is there
    tracing: bool = True  # X-Ray, of a sample of the invocations
    dashboard: bool = True
    alarms: bool = True
    alarm_email: Email | None = None  # who hears of alarms, once the address is confirmed

    @property
    def variables(self) -> dict[str, str]:
        """What the function reads of this from its environment."""
        return {
            "CONNECTIONS_PER_USER": str(self.connections_per_user),
            **self._rates,
            "HISTORY_BYTES": str(self.history_bytes),
            "HISTORY_PAGE": str(self.history_page),
            "INLINE_LIMIT": str(self.inline_limit),
            "IDENTITY": str(self.identity.__struct_config__.tag),
            "LOG_LEVEL": self.log_level,
            "NAME_LENGTH": str(self.name_length),
            "ORIGINS": " ".join(self.origins),
            "ORIGIN_REQUIRED": str(self.origin_required).lower(),
            "PRESENCE": str(self.presence),
            "RETENTION_DAYS": str(self.retention_days),
            "ROOMS_PER_CONNECTION": str(self.rooms_per_connection),
            "ROOMS_PER_USER": str(self.rooms_per_user),
            "TEXT_LENGTH": str(self.text_length),
        }

    @property
    def _rates(self) -> dict[str, str]:
        """Counts, the seconds in which they may be, and how many at once."""
        of_connection, of_user = self.connection_joins_per_minute, self.user_joins_per_minute
        return {
            "CONNECTION_JOINS": f"{of_connection} 60 {of_connection or 1}",
            "CONNECTION_MESSAGES": _rate(
                self.connection_message_rate, self.connection_message_burst
            ),
            "CONNECTION_REQUESTS": _rate(
                self.connection_request_rate, self.connection_request_burst
            ),
            "USER_JOINS": f"{of_user} 60 {of_user or 1}",
            "USER_MESSAGES": _rate(self.user_message_rate, self.user_message_burst),
        }


def _rate(a_second: float, burst: int) -> str:
    return f"{a_second:g} 1 {burst}"


def read_environments(
    environments: object,
    *,
    gateway_url: object = None,
    identity: object = None,
    settings: object = None,
) -> dict[str, Settings]:
    """The settings of every environment by its name; raises Problem on the first bad one.

    *gateway_url*, *identity*, a type alone, and *settings*, the JSON of an object like one of
    cdk.json's, override those of the environment `local`.
    """
    if not isinstance(environments, Mapping) or not environments:
        raise Problem("cdk.json: environments: expected an object with a key per environment")
    local: dict[str, object] = {"gatewayUrl": gateway_url} if gateway_url else {}
    if identity:
        local["identity"] = {"type": identity}
    if settings:
        local |= _object(settings)
    override = {"local": local}
    return {
        name: _without_strangers(name, read_settings(name, given, **override.get(name, {})))
        for name, given in environments.items()
    }


def _object(text: object) -> dict[str, object]:
    try:
        return msgspec.json.decode(str(text), type=dict[str, object])
    except msgspec.MsgspecError:
        raise Problem("settings: expected an object with a key per setting, as JSON") from None


def _without_strangers(name: str, settings: Settings) -> Settings:
    """*settings*, or the Problem that anybody would be anybody there and nobody has said so."""
    if isinstance(settings.identity, Guest) and not settings.guests_allowed:
        raise Problem(
            f"cdk.json: environments.{name}.identity: guest is refused, for guests are whoever "
            "they say they are; choose cognito or oidc, or set guestsAllowed where that is right"
        )
    return settings


def read_settings(name: str, given: object, **override: object) -> Settings:
    """The settings of environment *name*, whose stage has its name if *given* says nothing else.

    Keys of *override* are those of cdk.json, and go before *given*.
    """
    where = f"cdk.json: environments.{name}"
    if not isinstance(given, Mapping):
        raise Problem(f"{where}: expected an object with a key per setting")
    fields = {field.encode_name: field for field in msgspec.structs.fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in {"stageName": name, **given, **override}.items():
        if key not in fields:
            raise Problem(f"{where}.{key}: unknown key")
        values[fields[key].name] = _checked(f"{where}.{key}", value, fields[key].type)
    return Settings(**values)


def _checked(where: str, value: object, type_: Any) -> Any:
    try:
        return msgspec.convert(value, type_)
    except msgspec.ValidationError as error:
        if get_origin(type_) is Literal:
            choices = ", ".join(str(choice) for choice in get_args(type_))
            raise Problem(f"{where}: expected one of {choices}") from None
        text, _, at = str(error).replace("`", "").partition(" - at ")
        raise Problem(
            f"{where}{at[1:] if at.startswith('$.') else ''}: {text[:1].lower()}{text[1:]}"
        ) from None

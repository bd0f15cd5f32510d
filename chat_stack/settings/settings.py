"""One environment's settings: typed, checked, with defaults; cdk.json holds them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from chat_stack.api.custom_domains import Domain
from chat_stack.api.gateway_logs import ExecutionLogs
from chat_stack.errors import Problem
from chat_stack.functions.bundling import Architecture
from chat_stack.functions.gradual_deployment import TrafficShift
from chat_stack.functions.review_hook import Failure
from chat_stack.identity.provider import Choice, Guest
from chat_stack.settings.environment import variables
from chat_stack.settings.limits import Limits
from chat_stack.settings.types import (
    Email,
    FunctionArn,
    Origin,
    TableName,
    an_object,
    checked,
    doc,
)
from chat_stack.settings.validation import checked_together
from chat_stack.storage.encryption import KeyChoice

LogRetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731, 1827, 3653]


class Settings(Limits, frozen=True, kw_only=True, rename="camel"):
    """What may differ between environments; a key of cdk.json is the camelCase of a name here.

    `make settings` writes docs/settings.md from it.
    """

    retention_days: Annotated[
        int,
        Meta(ge=0, le=36_500),
        doc("Days that messages are kept; 0 is for ever.", section="Data"),
    ] = 0
    removal_policy: Annotated[
        Literal["retain", "destroy"],
        doc("What becomes of rooms, users and logs when the stack is deleted."),
    ] = "retain"
    deletion_protection: Annotated[
        bool, doc("Refuses to delete the rooms, the user pool and the stack until it is off.")
    ] = False
    point_in_time_recovery: Annotated[
        bool, doc("The rooms as they were at any second of the last 35 days; see recovery.md.")
    ] = False
    encryption_key: Annotated[
        KeyChoice | None,
        doc(
            "KMS key: an ARN, `own` to create one, or omit it to use AWS-owned keys. "
            "See setup/encryption-keys.md."
        ),
    ] = None
    rooms_table: Annotated[
        TableName | None,
        doc("A table to work with instead of the stack's own, such as one that was restored."),
    ] = None

    identity: Annotated[
        Choice, doc("Who says who somebody is; see below.", section="People and pages")
    ] = Guest()
    guests_allowed: Annotated[
        bool, doc("That people are whoever they say they are; without it `guest` is refused.")
    ] = False
    origins: Annotated[
        tuple[Origin, ...],
        doc(
            "Origins of pages that may connect, as browsers send them; none is any. The hosted "
            "page always may."
        ),
    ] = ()
    origin_required: Annotated[bool, doc("Refuses what is no browser.")] = False
    token_in_query: Annotated[
        bool, doc("Takes a token from the URL too, where it may end up in logs.")
    ] = False
    review_function: Annotated[
        FunctionArn | None, doc("A function that sees each message before it is stored.")
    ] = None
    review_timeout_ms: Annotated[int, Meta(ge=100, le=3_000), doc("That it has for each.")] = 1_000
    review_failure: Annotated[
        Failure, doc("What has not been reviewed: `closed` does not store it, `open` does.")
    ] = "closed"
    web_hosting: Annotated[bool, doc("Hosts the page on CloudFront.")] = False
    web_domain: Annotated[
        Domain | None, doc("Of the hosted page; its certificate is in us-east-1.")
    ] = None
    web_socket_domain: Annotated[
        Domain | None, doc("Of the WebSocket API; its certificate is in the stack's region.")
    ] = None
    execute_api_endpoint: Annotated[
        bool, doc("Keeps the API's address at AWS beside its domain; `false` closes it.")
    ] = True
    gateway_url: Annotated[
        Annotated[str, Meta(pattern="^https?://[^/].*[^/]$")] | None,
        doc("Where an emulator serves WebSocket APIs; for `local`, and told by `make run`."),
    ] = None

    architecture: Annotated[
        Architecture, doc("Of the processors that the functions run on.", section="Functions")
    ] = "arm64"
    memory_mb: Annotated[
        int, Meta(ge=128, le=10_240), doc("Of each function; processor time comes with it.")
    ] = 1_024
    reserved_concurrency: Annotated[
        Annotated[int, Meta(ge=1, le=100_000)] | None,
        doc("Requests answered at once: as many are kept free in the account, and no more run."),
    ] = None
    snap_start: Annotated[bool, doc("Starts the chat's function from a snapshot.")] = False
    traffic_shift: Annotated[
        TrafficShift, doc("How calls go over to a new version, which is undone if it fails.")
    ] = "off"
    timeout_seconds: Annotated[
        int, Meta(ge=10, le=28), doc("Of a function; API Gateway gives up after 29.")
    ] = 25
    package_for: Annotated[
        Literal["lambda", "host"],
        doc("Whose wheels go into the package: Lambda's, or this machine's, for the emulator."),
    ] = "lambda"

    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        doc("Of the functions' logs.", section="Watching"),
    ] = "INFO"
    log_retention_days: Annotated[LogRetentionDays, doc("Days that all logs are kept.")] = 30
    access_logs: Annotated[bool, doc("A line for each request, by API Gateway.")] = True
    execution_logs: Annotated[
        ExecutionLogs, doc("Of API Gateway's own doing; never what people sent.")
    ] = "error"
    log_ip_addresses: Annotated[bool, doc("In access logs; they are personal data.")] = False
    gateway_logs_role: Annotated[
        bool,
        doc("Makes the role that API Gateway writes logs by, once an account and region."),
    ] = True
    tracing: Annotated[
        bool, doc("X-Ray, of a sample of the invocations; not of the authorizer.")
    ] = True
    dashboard: Annotated[bool, doc("See operations.md.")] = True
    alarms: Annotated[bool, doc("See operations.md.")] = True
    alarm_email: Annotated[
        Email | None, doc("Who hears of alarms, once the address is confirmed.")
    ] = None

    canary_minutes: Annotated[
        Annotated[int, Meta(ge=1, le=60)] | None,
        doc("How often a function tries the chat; none never does. See operations.md."),
    ] = None

    @property
    def variables(self) -> dict[str, str]:
        """What the functions read of this from their environment."""
        return variables(self)


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
        local |= an_object(settings)
    override = {"local": local}
    return {
        name: checked_together(name, read_settings(name, given, **override.get(name, {})))
        for name, given in environments.items()
    }


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
        values[fields[key].name] = checked(f"{where}.{key}", value, fields[key].type)
    return Settings(**values)

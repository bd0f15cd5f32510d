"""The settings of one environment, with their types and defaults; cdk.json holds the values."""

from typing import Annotated

from msgspec import Meta

from chat_stack.settings.identity import Choice, Guest
from chat_stack.settings.limits import Limits
from chat_stack.settings.types import (
    Architecture,
    Domain,
    Email,
    ExecutionLogs,
    FunctionArn,
    KeyChoice,
    LogLevel,
    LogRetentionDays,
    Origin,
    PackageFor,
    RemovalChoice,
    ReviewFailure,
    TableName,
    TrafficShift,
    doc,
)


class Settings(Limits, frozen=True, kw_only=True, rename="camel"):
    """Settings that may differ between environments, in cdk.json by their camelCase names.

    `make settings` writes docs/settings.md from it.
    """

    retention_days: Annotated[
        int,
        Meta(ge=0, le=36_500),
        doc("Days that messages are kept. 0 keeps them without end.", section="Data"),
    ] = 0
    removal_policy: Annotated[
        RemovalChoice,
        doc("Whether rooms, users and logs are retained or deleted with the stack."),
    ] = "retain"
    deletion_protection: Annotated[
        bool, doc("Refuses to delete the rooms, the user pool and the stack until it is off.")
    ] = False
    point_in_time_recovery: Annotated[
        bool,
        doc("Lets you restore the rooms to any second of the last 35 days; see recovery.md."),
    ] = False
    encryption_key: Annotated[
        KeyChoice | None,
        doc(
            "KMS key: an ARN, or `own` to create one. Without it, AWS-owned keys are used. "
            "See setup/encryption-keys.md."
        ),
    ] = None
    rooms_table: Annotated[
        TableName | None,
        doc("Table to use instead of the stack's own table of rooms, such as a restored one."),
    ] = None

    identity: Annotated[
        Choice, doc("Provider that verifies users; see below.", section="Users and page")
    ] = Guest()
    guests_allowed: Annotated[
        bool, doc("Allows the identity `guest`, with which nobody verifies users.")
    ] = False
    origins: Annotated[
        tuple[Origin, ...],
        doc(
            "Origins of pages that may connect, as browsers send them. The hosted page always may. "
            "If the list is empty: with `webHosting`, only the hosted page may connect; without "
            "it, every page may."
        ),
    ] = ()
    origin_required: Annotated[
        bool, doc("Refuses clients that send no `Origin`. All browsers send it.")
    ] = False
    token_in_query: Annotated[
        bool, doc("Accepts a token in the URL too, where it may end up in logs.")
    ] = False
    review_function: Annotated[
        FunctionArn | None, doc("Lambda function that reviews each message before it is stored.")
    ] = None
    review_timeout_ms: Annotated[
        int, Meta(ge=100, le=3_000), doc("Milliseconds that the review of a message may take.")
    ] = 1_000
    review_failure: Annotated[
        ReviewFailure,
        doc("If the review fails: `closed` rejects the message, `open` stores it."),
    ] = "closed"
    web_hosting: Annotated[bool, doc("Hosts the page on CloudFront.")] = False
    web_domain: Annotated[
        Domain | None, doc("Domain of the hosted page. Its certificate must be in us-east-1.")
    ] = None
    web_socket_domain: Annotated[
        Domain | None,
        doc("Domain of the WebSocket API. Its certificate must be in the stack's region."),
    ] = None
    execute_api_endpoint: Annotated[
        bool, doc("Keeps the API's AWS address open beside its domain. `false` closes it.")
    ] = True
    gateway_url: Annotated[
        Annotated[str, Meta(pattern="^https?://[^/].*[^/]$")] | None,
        doc("URL at which an emulator serves WebSocket APIs. For `local`; `make run` sets it."),
    ] = None

    architecture: Annotated[
        Architecture, doc("Processor architecture of the functions.", section="Functions")
    ] = "arm64"
    memory_mb: Annotated[
        int,
        Meta(ge=128, le=10_240),
        doc("Megabytes of memory of each function but the canary. CPU time grows with it."),
    ] = 1_024
    reserved_concurrency: Annotated[
        Annotated[int, Meta(ge=1, le=100_000)] | None,
        doc("Concurrent requests that the account reserves for the chat, and its maximum."),
    ] = None
    snap_start: Annotated[bool, doc("Starts the chat's function from a snapshot.")] = False
    traffic_shift: Annotated[
        TrafficShift,
        doc("How CodeDeploy shifts calls to a new version. Alarms shift them back."),
    ] = "off"
    timeout_seconds: Annotated[
        int,
        Meta(ge=10, le=28),
        doc("Time-out of the chat and the fan-out consumer. API Gateway's own is 29 seconds."),
    ] = 25
    package_for: Annotated[
        PackageFor,
        doc("Platform of the package: Lambda's, or this machine's (`host`) for the emulator."),
    ] = "lambda"

    log_level: Annotated[
        LogLevel, doc("Lowest level that the functions log.", section="Monitoring")
    ] = "INFO"
    log_retention_days: Annotated[LogRetentionDays, doc("Days that all logs are kept.")] = 30
    access_logs: Annotated[bool, doc("Logs a line for each request in API Gateway.")] = True
    execution_logs: Annotated[
        ExecutionLogs, doc("Level of API Gateway's execution logs. They hold no user content.")
    ] = "error"
    log_ip_addresses: Annotated[
        bool, doc("Adds IP addresses, which are personal data, to the access logs.")
    ] = False
    gateway_logs_role: Annotated[
        bool,
        doc(
            "Creates the role with which API Gateway writes logs, once for each account and region."
        ),
    ] = True
    tracing: Annotated[
        bool,
        doc("Traces a sample of invocations with X-Ray, except of the authorizer and the canary."),
    ] = True
    dashboard: Annotated[bool, doc("Creates the dashboard; see operations.md.")] = True
    alarms: Annotated[bool, doc("Creates the alarms; see operations.md.")] = True
    alarm_email: Annotated[
        Email | None, doc("Address that receives alarms, once it is confirmed.")
    ] = None

    canary_minutes: Annotated[
        Annotated[int, Meta(ge=1, le=60)] | None,
        doc("Minutes between runs of the canary. Without it there is none; see operations.md."),
    ] = None

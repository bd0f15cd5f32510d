"""Types of the values of settings: patterns, bounds and choices."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

# Text
Account = Annotated[str, Meta(pattern="^[0-9]{12}$")]
Region = Annotated[str, Meta(pattern="^[a-z]{2}(-[a-z]+)+-[0-9]+$")]
Email = Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Origin = Annotated[str, Meta(pattern=r"^https?://[^/\s]+$")]
Https = Annotated[str, Meta(pattern=r"^https://[^/\s]+(/[^\s]*)?$")]
HttpsOrigin = Annotated[str, Meta(pattern=r"^https://[^/\s]+$")]
Word = Annotated[str, Meta(pattern=r"^\S+$")]
TableName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{3,255}$")]
FunctionArn = Annotated[
    str,
    Meta(
        pattern=r"^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[\w-]{1,64}(:[\w-]{1,128})?$"
    ),
]
KeyChoice = Annotated[
    str, Meta(pattern=r"^(own|arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$")
]
Host = Annotated[str, Meta(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")]
CertificateArn = Annotated[
    str, Meta(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+$")
]
ZoneId = Annotated[str, Meta(pattern="^Z[A-Z0-9]{1,31}$")]

# Numbers
Natural = Annotated[int, Meta(ge=1)]
PerSecond = Annotated[float, Meta(ge=0, le=1_000)]
PerMinute = Annotated[int, Meta(ge=0, le=10_000)]
Burst = Annotated[int, Meta(ge=1, le=1_000)]

# Choices
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
Architecture = Literal["arm64", "x86_64"]
ExecutionLogs = Literal["off", "error", "info"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
LogRetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731, 1827, 3653]
PackageFor = Literal["lambda", "host"]
RemovalChoice = Literal["retain", "destroy"]
ReviewFailure = Literal["open", "closed"]
TrafficShift = Literal[
    "off",
    "allAtOnce",
    "canary10Percent5Minutes",
    "canary10Percent10Minutes",
    "canary10Percent15Minutes",
    "canary10Percent30Minutes",
    "linear10PercentEvery1Minute",
    "linear10PercentEvery2Minutes",
    "linear10PercentEvery3Minutes",
    "linear10PercentEvery10Minutes",
]
"""CodeDeploy's own configurations, by their names:

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
"""


def doc(text: str, *, section: str | None = None) -> Meta:
    """Return what docs/settings.md says of a setting; *section* begins a new heading."""
    return Meta(description=text, extra={"section": section} if section else None)


class Domain(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A domain name, its certificate, and the hosted zone of its records."""

    name: Annotated[Host, doc("Domain name, such as `chat.example.com`.")]
    certificate: Annotated[CertificateArn, doc("ARN of the domain's certificate in ACM.")]
    hosted_zone: Annotated[
        ZoneId | None,
        doc(
            "Id of the Route 53 hosted zone in which the stack creates the records. "
            "Without it, you create the records yourself."
        ),
    ] = None

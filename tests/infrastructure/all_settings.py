"""Environments that switch on the settings that the environments of cdk.json leave off."""

from collections.abc import Mapping
from typing import Any

import msgspec

from chat_stack.settings.settings import Settings

ACCOUNT = "123456789012"
REGION = "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
HOOK = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:moderate"
ZONE = "Z0123456789ABC"


def certificate(region: str) -> str:
    """Return the ARN of a certificate."""
    return f"arn:aws:acm:{region}:{ACCOUNT}:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"


WEB_DOMAIN: Mapping[str, Any] = {
    "name": "chat.example.com",
    "certificate": certificate("us-east-1"),
    "hostedZone": ZONE,
}
WEB_SOCKET_DOMAIN: Mapping[str, Any] = {
    "name": "ws.chat.example.com",
    "certificate": certificate(REGION),
    "hostedZone": ZONE,
}
EVERYTHING: Mapping[str, Any] = {
    "alarmEmail": "on-call@example.com",
    "canaryMinutes": 5,
    "deletionProtection": True,
    "encryptionKey": "own",
    "executeApiEndpoint": False,
    "executionLogs": "info",
    "identity": {"type": "cognito"},
    "logIpAddresses": True,
    "memoryMb": 512,
    "originRequired": True,
    "origins": ["https://elsewhere.example"],
    "pointInTimeRecovery": True,
    "region": REGION,
    "reservedConcurrency": 50,
    "reviewFunction": HOOK,
    "snapStart": True,
    "trafficShift": "linear10PercentEvery1Minute",
    "webDomain": WEB_DOMAIN,
    "webHosting": True,
    "webSocketDomain": WEB_SOCKET_DOMAIN,
}
"""Settings of an environment that creates its own key and its own DNS records."""

OTHERWISE: Mapping[str, Any] = {
    "encryptionKey": KEY,
    "guestsAllowed": True,
    "trafficShift": "canary10Percent5Minutes",
    "webDomain": {**WEB_DOMAIN, "hostedZone": None},
    "webHosting": True,
    "webSocketDomain": {**WEB_SOCKET_DOMAIN, "hostedZone": None},
}
"""Settings of an environment with an existing key, and with DNS records entered by hand."""

ISSUER: Mapping[str, Any] = {
    "account": ACCOUNT,
    "architecture": "x86_64",
    "identity": {
        "type": "oidc",
        "issuer": "https://issuer.example",
        "audience": ["chat"],
        "keysUrl": "https://issuer.example/keys",
    },
    "reviewFailure": "open",
    "roomsTable": "restored",
    "tokenInQuery": True,
}
"""Settings of an environment with an OIDC issuer, and with the rooms of another table."""

POOL: Mapping[str, Any] = {
    "identity": {"type": "cognito", "userPoolId": f"{REGION}_abc", "clientIds": ["client"]}
}
"""Settings of an environment with an existing user pool."""

NUMBERS: Mapping[str, Any] = {
    field.encode_name: field.default + 1
    for field in msgspec.structs.fields(Settings)
    if type(field.default) in (int, float) and field.name != "log_retention_days"
}
"""Every number is another one than by default."""

MORE = {"every": EVERYTHING, "other": OTHERWISE}
FURTHER: Mapping[str, Any] = {"issuer": {**ISSUER, **NUMBERS}, "pool": POOL}

"""The functions of a stack, as its settings want them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_

from chat_stack.functions import bundling
from chat_stack.functions.canary import Canary
from chat_stack.functions.function import ChatFunction
from chat_stack.functions.log_retention import log_retention
from chat_stack.identity.authorizer import Authorizer
from chat_stack.identity.provider import Provider
from chat_stack.settings.settings import Settings

ARCHITECTURES: Mapping[bundling.Architecture, lambda_.Architecture] = {
    "arm64": lambda_.Architecture.ARM_64,
    "x86_64": lambda_.Architecture.X86_64,
}


@dataclass(frozen=True, slots=True)
class Functions:
    """What makes the functions of *stack*, of the package *code*; *key* encrypts their logs."""

    stack: Stack
    settings: Settings
    code: lambda_.Code
    key: kms.IKey | None

    def chat(
        self,
        id_: str,
        *,
        handler: str,
        description: str,
        reserved_concurrency: int | None = None,
        snap_start: bool = False,
        timeout: Duration | None = None,
    ) -> ChatFunction:
        """The package from its entry point *handler*; *timeout* is the setting's unless told."""
        return ChatFunction(
            self.stack,
            id_,
            code=self.code,
            handler=handler,
            description=description,
            variables=self.settings.variables,
            memory_mb=self.settings.memory_mb,
            reserved_concurrency=reserved_concurrency,
            snap_start=snap_start,
            versions=self._versions,
            tracing=self.settings.tracing,
            timeout=timeout or Duration.seconds(self.settings.timeout_seconds),
            **self._common,
        )

    def authorizer(self, provider: Provider) -> Authorizer:
        """What lets in those who have a token of *provider*."""
        return Authorizer(
            self.stack,
            "Authorizer",
            code=self.code,
            provider=provider,
            token_in_query=self.settings.token_in_query,
            memory_mb=self.settings.memory_mb,
            versions=self._versions,
            log_level=self.settings.log_level,
            **self._common,
        )

    def canary(self, code: lambda_.Code, *, url: str, origin: str | None) -> Canary:
        """What tries the chat at *url*; *code* is a package of its own."""
        return Canary(
            self.stack,
            "Canary",
            code=code,
            url=url,
            minutes=self.settings.canary_minutes or 5,
            origin=origin,
            **self._common,
        )

    @property
    def _versions(self) -> bool:
        return self.settings.traffic_shift != "off"

    @property
    def _common(self) -> dict[str, Any]:
        return {
            "architecture": ARCHITECTURES[self.settings.architecture],
            "log_retention": log_retention(self.settings.log_retention_days),
            "removal_policy": RemovalPolicy[self.settings.removal_policy.upper()],
            "key": self.key,
        }

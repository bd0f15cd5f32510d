"""Settings of who may connect that are right one by one, and not together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chat_stack.errors import Finding
from chat_stack.identity.provider import Cognito, Guest, Oidc

if TYPE_CHECKING:
    from chat_stack.settings.settings import Settings

SENT = {"https": ":443", "http": ":80"}
"""Schemes of pages, and the ports that browsers leave out."""


def of_identity(settings: "Settings") -> Iterator[Finding]:
    """What the choice of an identity does not go with."""
    match settings.identity:
        case Guest() if not settings.guests_allowed:
            yield (
                "identity",
                "guest is refused, for guests are whoever they say they are; choose cognito or "
                "oidc, or set guestsAllowed where that is right",
            )
        case Cognito(user_pool_id=None) as choice:
            yield from _of_own_pool(choice)
        case Cognito() as choice:
            yield from _of_existing_pool(choice)
        case Oidc(page=None) if settings.web_hosting:
            yield "identity.page", "expected how the hosted page signs in"
    if settings.canary_minutes and not _is_own(settings):
        yield (
            "canaryMinutes",
            "expected none, for a canary cannot sign in with an issuer that is not the stack's "
            "own: run `make smoke` with tokens on a schedule",
        )


def of_origins(settings: "Settings") -> Iterator[Finding]:
    """Origins are compared exactly, so one that no browser sends would let nobody in."""
    for number, origin in enumerate(settings.origins):
        scheme = origin.partition("://")[0]
        sent = origin.lower().removesuffix(SENT.get(scheme, ""))
        if sent != origin:
            yield f"origins[{number}]", f"no browser sends {origin}; write {sent}"


def _of_own_pool(choice: Cognito) -> Iterator[Finding]:
    """A pool is made where none is named, whatever was meant."""
    for key, value in (("clientIds", choice.client_ids), ("domain", choice.domain)):
        if value:
            yield f"identity.{key}", "is of an existing user pool; set userPoolId too"


def _of_existing_pool(choice: Cognito) -> Iterator[Finding]:
    if not choice.client_ids:
        yield "identity.clientIds", "expected those of the existing user pool"
    if choice.self_sign_up:
        yield (
            "identity.selfSignUp",
            "is for a pool that the stack makes; an existing one says itself who may sign up",
        )


def _is_own(settings: "Settings") -> bool:
    """Whether the canary can be a guest, or a user that the stack itself looks after."""
    match settings.identity:
        case Guest() | Cognito(user_pool_id=None):
            return True
    return False

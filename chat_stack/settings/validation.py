"""Validation of settings that are right one by one, and do not fit together."""

from collections.abc import Iterator

from chat_stack.errors import ConfigError
from chat_stack.settings.identity import Cognito, Guest, Oidc
from chat_stack.settings.settings import Settings
from chat_stack.settings.types import Domain

LOCAL = "local"
"""The environment for the emulator on this machine."""

DEFAULT_PORTS = {"https": ":443", "http": ":80"}
"""Schemes of pages, and the ports that browsers leave out."""

Finding = tuple[str, str]
"""A setting, and what is wrong with it."""


def validate(name: str, settings: Settings) -> Settings:
    """Return the *settings* of environment *name*; raise `ConfigError` for the first conflict."""
    for key, reason in _findings(name, settings):
        raise ConfigError(f"cdk.json: environments.{name}.{key}: {reason}")
    return settings


def _findings(name: str, settings: Settings) -> Iterator[Finding]:
    yield from _of_identity(settings)
    yield from _of_canary(settings)
    yield from _of_origins(settings)
    yield from _of_emulator(name, settings)
    yield from _of_domains(settings)


def _of_identity(settings: Settings) -> Iterator[Finding]:
    match settings.identity:
        case Guest() if not settings.guests_allowed:
            yield (
                "identity",
                "guest is refused, because nobody verifies guests; choose cognito or oidc, "
                "or set guestsAllowed if guests are what you want",
            )
        case Cognito(user_pool_id=None) as choice:
            yield from _of_own_pool(choice)
        case Cognito() as choice:
            yield from _of_existing_pool(choice)
        case Oidc(page=None) if settings.web_hosting:
            yield "identity.page", "expected how the hosted page signs in"


def _of_own_pool(choice: Cognito) -> Iterator[Finding]:
    """Find settings of an existing pool; without its id, the stack would create another pool."""
    for key, value in (("clientIds", choice.client_ids), ("domain", choice.domain)):
        if value:
            yield f"identity.{key}", "is for an existing user pool; set userPoolId too"


def _of_existing_pool(choice: Cognito) -> Iterator[Finding]:
    if not choice.client_ids:
        yield "identity.clientIds", "expected those of the existing user pool"
    if choice.self_sign_up:
        yield (
            "identity.selfSignUp",
            "is for a pool that the stack creates; an existing pool has this setting itself",
        )


def _of_canary(settings: Settings) -> Iterator[Finding]:
    """Find a canary that could not sign in: the stack creates its users only in its own pool."""
    match settings.identity:
        case Guest() | Cognito(user_pool_id=None):
            return
    if settings.canary_minutes:
        yield (
            "canaryMinutes",
            "expected none, because the canary cannot sign in with an issuer that the stack does "
            "not create: run `make smoke` with tokens on a schedule",
        )


def _of_origins(settings: Settings) -> Iterator[Finding]:
    """Find origins that no browser sends: origins are compared exactly."""
    for number, origin in enumerate(settings.origins):
        scheme = origin.partition("://")[0]
        sent = origin.lower().removesuffix(DEFAULT_PORTS.get(scheme, ""))
        if sent != origin:
            yield f"origins[{number}]", f"no browser sends {origin}; write {sent}"


def _of_emulator(name: str, settings: Settings) -> Iterator[Finding]:
    if not settings.gateway_url:
        return
    if name != LOCAL:
        yield "gatewayUrl", f"only `{LOCAL}` has one: elsewhere, clients would be sent there"
    for key, is_set in (
        ("webSocketDomain", settings.web_socket_domain is not None),
        ("trafficShift", settings.traffic_shift != "off"),
    ):
        if is_set:
            yield key, "is for AWS, and this environment has a gatewayUrl"


def _of_domains(settings: Settings) -> Iterator[Finding]:
    api, page = settings.web_socket_domain, settings.web_domain
    if page and not settings.web_hosting:
        yield "webDomain", "there is no page for this domain; set webHosting too"
    if not api and not settings.execute_api_endpoint:
        yield "executeApiEndpoint", "without it clients cannot connect; set webSocketDomain too"
    if api and page and api.name == page.name:
        yield "webDomain.name", "expected another name than webSocketDomain's"
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
    if page:
        yield from _of_certificate("webDomain", page, "us-east-1", "where CloudFront looks for it")
    if api and settings.region:
        yield from _of_certificate("webSocketDomain", api, settings.region, "the stack's region")


def _of_certificate(key: str, domain: Domain, region: str, why: str) -> Iterator[Finding]:
    if domain.certificate.split(":")[3] != region:
        yield f"{key}.certificate", f"expected one in {region}, {why}"

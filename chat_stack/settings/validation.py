"""Settings that are right one by one, and not together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chat_stack.api.custom_domains import Domain
from chat_stack.errors import Finding, Problem
from chat_stack.settings.identity_validation import of_identity, of_origins

if TYPE_CHECKING:
    from chat_stack.settings.settings import Settings

LOCAL = "local"
"""The environment that is for the emulator of a laptop."""


def checked_together(name: str, settings: "Settings") -> "Settings":
    """*settings* of environment *name*; raises Problem with the first that does not fit."""
    for key, reason in _findings(name, settings):
        raise Problem(f"cdk.json: environments.{name}.{key}: {reason}")
    return settings


def _findings(name: str, settings: "Settings") -> Iterator[Finding]:
    yield from of_identity(settings)
    yield from of_origins(settings)
    if settings.gateway_url:
        yield from _of_emulator(name, settings)
    yield from _of_domains(settings)


def _of_emulator(name: str, settings: "Settings") -> Iterator[Finding]:
    if name != LOCAL:
        yield "gatewayUrl", f"only `{LOCAL}` has one: elsewhere, clients would be sent there"
    for key, is_set in (
        ("webSocketDomain", settings.web_socket_domain is not None),
        ("trafficShift", settings.traffic_shift != "off"),
    ):
        if is_set:
            yield key, "is for AWS, and this environment has a gatewayUrl"


def _of_domains(settings: "Settings") -> Iterator[Finding]:
    api, page = settings.web_socket_domain, settings.web_domain
    if page and not settings.web_hosting:
        yield "webDomain", "there is no page to be at it; set webHosting too"
    if not api and not settings.execute_api_endpoint:
        yield "executeApiEndpoint", "without it there is no way in; set webSocketDomain too"
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

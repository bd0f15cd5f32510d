"""Names of one's own, for the WebSocket API and for the page."""

from typing import Annotated

import msgspec
from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct
from msgspec import Meta

from chat_stack.settings.types import doc

Host = Annotated[str, Meta(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")]
CertificateArn = Annotated[
    str, Meta(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+$")
]
ZoneId = Annotated[str, Meta(pattern="^Z[A-Z0-9]{1,31}$")]


class Domain(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A name of one's own, its certificate, and where the name is looked up."""

    name: Annotated[Host, doc("Such as `chat.example.com`.")]
    certificate: Annotated[CertificateArn, doc("Of ACM, for that name, by its ARN.")]
    hosted_zone: Annotated[
        ZoneId | None,
        doc("Of Route 53, by its id, where the name is entered; none is by hand."),
    ] = None


class WebSocketDomain(Construct):
    """*stage* at a name of one's own."""

    def __init__(
        self, scope: Construct, id_: str, *, domain: Domain, stage: apigateway.WebSocketStage
    ) -> None:
        super().__init__(scope, id_)
        name = apigateway.DomainName(
            self,
            "Name",
            domain_name=domain.name,
            certificate=certificate(self, domain),
            security_policy=apigateway.SecurityPolicy.TLS_1_2,
        )
        apigateway.ApiMapping(self, "Mapping", api=stage.api, domain_name=name, stage=stage)
        if domain.hosted_zone:
            target = targets.ApiGatewayv2DomainProperties(
                name.regional_domain_name, name.regional_hosted_zone_id
            )
            _record(self, "Record", domain, target)
        else:
            _by_hand(self, "WebSocketDomainTarget", name.regional_domain_name)


def enter_page(scope: Construct, domain: Domain, distribution: cloudfront.IDistribution) -> None:
    """Have *domain* lead to *distribution*, by both kinds of internet addresses."""
    if domain.hosted_zone:
        target = targets.CloudFrontTarget(distribution)
        _record(scope, "Record", domain, target)
        _record(scope, "Record6", domain, target, six=True)
    else:
        _by_hand(scope, "WebDomainTarget", distribution.distribution_domain_name)


def certificate(scope: Construct, domain: Domain) -> acm.ICertificate:
    """The certificate of *domain*."""
    return acm.Certificate.from_certificate_arn(scope, "Certificate", domain.certificate)


def _record(
    scope: Construct,
    id_: str,
    domain: Domain,
    target: route53.IAliasRecordTarget,
    *,
    six: bool = False,
) -> None:
    zone = scope.node.try_find_child("Zone") or route53.HostedZone.from_hosted_zone_id(
        scope, "Zone", domain.hosted_zone or ""
    )
    kind = route53.AaaaRecord if six else route53.ARecord
    kind(
        scope,
        id_,
        zone=zone,  # type: ignore[arg-type]  # a child is found as a construct
        record_name=f"{domain.name}.",  # whole, so that the zone need not tell its name
        target=route53.RecordTarget.from_alias(target),
    )


def _by_hand(scope: Construct, id_: str, target: str) -> None:
    CfnOutput(Stack.of(scope), id_, value=target, description="What the domain's CNAME has to name")

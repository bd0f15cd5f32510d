"""Custom domains of the WebSocket API and of the page."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from chat_stack.settings.types import Domain


class WebSocketDomain(Construct):
    """A custom domain of *stage*."""

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
            _target_output(self, "WebSocketDomainTarget", name.regional_domain_name)


def point_to_page(scope: Construct, domain: Domain, distribution: cloudfront.IDistribution) -> None:
    """Point *domain* to *distribution*, for IPv4 and IPv6."""
    if domain.hosted_zone:
        target = targets.CloudFrontTarget(distribution)
        _record(scope, "Record", domain, target)
        _record(scope, "Record6", domain, target, six=True)
    else:
        _target_output(scope, "WebDomainTarget", distribution.distribution_domain_name)


def certificate(scope: Construct, domain: Domain) -> acm.ICertificate:
    """Return the certificate of *domain*."""
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
        record_name=f"{domain.name}.",  # absolute, because an imported zone has no name
        target=route53.RecordTarget.from_alias(target),
    )


def _target_output(scope: Construct, id_: str, target: str) -> None:
    CfnOutput(Stack.of(scope), id_, value=target, description="Target of the domain's CNAME record")

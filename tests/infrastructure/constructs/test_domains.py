"""Custom domains: the resources that serve them, and the settings that contain them."""

import json
from collections.abc import Mapping
from typing import Any

from tests.infrastructure.all_settings import WEB_DOMAIN, WEB_SOCKET_DOMAIN, ZONE
from tests.infrastructure.synthesis import CHAT, CLOSER, CONSUMER, Synthesized

PAGE, CHATS = WEB_DOMAIN["name"], WEB_SOCKET_DOMAIN["name"]


def test_no_environment_has_one_by_default(stacks: Mapping[str, Synthesized]) -> None:
    """By default, the API has AWS's own address, which is enabled."""
    for stack in stacks.values():
        assert not stack.resources("AWS::ApiGatewayV2::DomainName")
        assert not stack.resources("AWS::Route53::RecordSet")
        assert "DisableExecuteApiEndpoint" not in stack.only("AWS::ApiGatewayV2::Api")


def test_domain_leads_to_the_stage(all_options: Synthesized) -> None:
    """The domain has its certificate, TLS 1.2 or newer, and a mapping without a path."""
    (id_,) = all_options.resources("AWS::ApiGatewayV2::DomainName")
    (api,) = all_options.resources("AWS::ApiGatewayV2::Api")
    domain = all_options.only("AWS::ApiGatewayV2::DomainName")
    (configuration,) = domain["DomainNameConfigurations"]

    assert domain["DomainName"] == CHATS
    assert configuration["CertificateArn"] == WEB_SOCKET_DOMAIN["certificate"]
    assert configuration["SecurityPolicy"] == "TLS_1_2"
    stage = all_options.only("AWS::ApiGatewayV2::Stage")["StageName"]
    assert all_options.only("AWS::ApiGatewayV2::ApiMapping") == {
        "ApiId": {"Ref": api},
        "DomainName": {"Ref": id_},
        "Stage": stage,
    }


def test_names_are_entered_in_the_hosted_zone(all_options: Synthesized) -> None:
    """The page's domain has aliases for IPv4 and IPv6, and API Gateway's domain for IPv4."""
    records = [it["Properties"] for it in all_options.resources("AWS::Route53::RecordSet").values()]

    assert {it["HostedZoneId"] for it in records} == {ZONE}
    assert sorted((it["Name"], it["Type"]) for it in records) == [
        (f"{PAGE}.", "A"),
        (f"{PAGE}.", "AAAA"),
        (f"{CHATS}.", "A"),
    ]
    for record in records:
        source, attribute = record["AliasTarget"]["DNSName"]["Fn::GetAtt"]
        expected = "RegionalDomainName" if record["Name"].startswith("ws.") else "DomainName"
        assert attribute == expected
        assert source in all_options.template.to_json()["Resources"]


def test_without_a_zone_it_says_what_to_enter_by_hand(all_options_variant: Synthesized) -> None:
    """Without a hosted zone there are no records. Two outputs name their targets."""
    outputs = all_options_variant.template.to_json()["Outputs"]
    targets = {
        name: output["Value"]["Fn::GetAtt"][1]
        for name, output in outputs.items()
        if name.endswith("DomainTarget")
    }

    assert not all_options_variant.resources("AWS::Route53::RecordSet")
    assert targets == {
        "WebDomainTarget": "DomainName",
        "WebSocketDomainTarget": "RegionalDomainName",
    }


def test_the_domains_are_everywhere_in_the_stack(all_options: Synthesized) -> None:
    """The outputs, the Content-Security-Policy, the origins and Cognito contain the domains."""
    outputs = all_options.template.to_json()["Outputs"]
    headers = all_options.only("AWS::CloudFront::ResponseHeadersPolicy")
    policy = json.dumps(headers["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"])
    client = all_options.within("AWS::Cognito::UserPoolClient", "PoolPage")

    assert outputs["WebUrl"]["Value"] == f"https://{PAGE}/"
    assert outputs["WebSocketUrl"]["Value"] == f"wss://{CHATS}"
    assert f"connect-src 'self' wss://{CHATS} https://{CHATS} " in policy
    assert "execute-api" not in policy
    origins = all_options.function()["Environment"]["Variables"]["ORIGINS"]
    assert origins == f"https://elsewhere.example https://{PAGE}"
    assert client["CallbackURLs"] == client["LogoutURLs"] == [f"https://{PAGE}/"]


def test_page_config_contains_the_domain(all_options: Synthesized) -> None:
    """The page's config.json contains the domain."""
    configs = [path.read_text() for path in all_options.folder.rglob("config.json")]

    assert [it for it in configs if f'"webSocketUrl":"wss://{CHATS}"' in it.replace(" ", "")]


def test_page_is_served_at_its_domain(all_options: Synthesized) -> None:
    """CloudFront serves the domain with its certificate from us-east-1 and TLS 1.2 or newer."""
    distribution = all_options.only("AWS::CloudFront::Distribution")["DistributionConfig"]

    assert distribution["Aliases"] == [PAGE]
    assert distribution["ViewerCertificate"] == {
        "AcmCertificateArn": WEB_DOMAIN["certificate"],
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }


def test_a_closed_address_is_not_used_by_the_functions_either(all_options: Synthesized) -> None:
    """Functions then call `@connections` at the domain, without the name of the stage."""
    assert all_options.only("AWS::ApiGatewayV2::Api")["DisableExecuteApiEndpoint"] is True
    for handler in (CHAT, CONSUMER, CLOSER):
        callback = all_options.function(handler)["Environment"]["Variables"]["CALLBACK_URL"]
        assert callback == f"https://{CHATS}"


def test_an_open_address_is_what_the_functions_post_to(all_options_variant: Synthesized) -> None:
    """Functions use AWS's own address, which works before the domain has a DNS record."""
    callback = json.dumps(
        all_options_variant.function()["Environment"]["Variables"]["CALLBACK_URL"]
    )

    assert "DisableExecuteApiEndpoint" not in all_options_variant.only("AWS::ApiGatewayV2::Api")
    assert "execute-api" in callback
    assert (
        all_options_variant.template.to_json()["Outputs"]["WebSocketUrl"]["Value"]
        == f"wss://{CHATS}"
    )


def test_domain_needs_no_region(all_options_variant: Synthesized) -> None:
    """A stack without a region accepts a domain. AWS checks the certificate's region."""
    resource: Mapping[str, Any] = all_options_variant.only("AWS::ApiGatewayV2::DomainName")

    assert resource["DomainName"] == CHATS

"""The page's hosting in the template: access, encryption, headers, caching and configuration."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from app import build
from chat_stack.errors import ConfigError
from chat_stack.web import page
from tests.infrastructure.synthesis import CONTEXT, EMULATOR, ENVIRONMENTS, PROJECT, Synthesized

HOSTED = ("dev", "staging", "prod")
OF_HOSTING = ("Web", "CustomCDKBucketDeployment", "CustomS3AutoDeleteObjects")
"""Prefixes of the logical ids of the hosting's resources."""
REDIRECTS = (
    "ExplicitAuthFlows",
    *("AllowedOAuthFlows", "AllowedOAuthFlowsUserPoolClient", "AllowedOAuthScopes"),
    *("CallbackURLs", "LogoutURLs", "SupportedIdentityProviders"),
)


@pytest.fixture(params=HOSTED)
def hosted(
    request: pytest.FixtureRequest, stacks_with_page: Mapping[str, Synthesized]
) -> Synthesized:
    """Each stack that hosts the page in turn."""
    return stacks_with_page[f"Chat-{request.param}"]


def test_hosting_is_a_setting(stacks_with_page: Mapping[str, Synthesized]) -> None:
    """The environments on AWS host the page. The emulator's environment does not."""
    hosts = {
        name: bool(stack.resources("AWS::CloudFront::Distribution"))
        for name, stack in stacks_with_page.items()
        if name.removeprefix("Chat-") in ENVIRONMENTS
    }

    assert hosts == {f"Chat-{name}": name in HOSTED for name in ("local", *HOSTED)}


def test_hosting_changes_only_origins_and_redirects(
    hosted: Synthesized, stacks: Mapping[str, Synthesized]
) -> None:
    """Hosting sets the chat's origins and the user pool's redirects, and changes nothing else."""
    with_page = hosted.template.to_json()["Resources"]
    without = stacks[hosted.stack.stack_name].template.to_json()["Resources"]
    for resources in (with_page, without):
        _remove_redirects(resources)

    others = {id_: it for id_, it in with_page.items() if not id_.startswith(OF_HOSTING)}
    (distribution,) = hosted.resources("AWS::CloudFront::Distribution")
    origins = [_origins(resources) for resources in (others, without)]

    assert others == without
    domain = {"Fn::GetAtt": [distribution, "DomainName"]}
    assert origins == [{"Fn::Join": ["", ["https://", domain]]}, ""]


def _remove_redirects(resources: dict[str, Any]) -> None:
    """Remove the properties and resources that a user pool needs for redirects."""
    for id_, resource in list(resources.items()):
        if resource["Type"] == "AWS::Cognito::UserPoolDomain":
            del resources[id_]
        if resource["Type"] == "AWS::Cognito::UserPoolClient":
            for name in REDIRECTS:
                resource["Properties"].pop(name, None)


def _origins(resources: dict[str, Any]) -> Any:
    """Remove the allowed origins from the chat's function, and return them."""
    (chat,) = (it for it in resources.values() if _handler(it) == "chat.app.handler")
    return chat["Properties"]["Environment"]["Variables"].pop("ORIGINS")


def _handler(resource: dict[str, Any]) -> str | None:
    return resource["Properties"].get("Handler") if "Properties" in resource else None


def test_bucket_is_private(hosted: Synthesized) -> None:
    """The bucket has no public access, no ACLs, and encryption.

    The bucket is deleted with the stack, because its content can be built again.
    """
    (resource,) = hosted.resources("AWS::S3::Bucket").values()
    bucket = resource["Properties"]

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert "BucketName" not in bucket
    assert resource["DeletionPolicy"] == "Delete"


def test_only_cloudfront_reads_and_only_over_tls(hosted: Synthesized) -> None:
    """The bucket's policy denies requests without TLS, and allows this distribution to read.

    The function that empties the bucket may list and delete, and read nothing.
    """
    statements = hosted.only("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    deny, empty, allow = statements

    assert (deny["Effect"], deny["Action"]) == ("Deny", "s3:*")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert empty["Principal"]["AWS"]["Fn::GetAtt"][0].startswith("CustomS3AutoDeleteObjects")
    assert "s3:GetObject" not in json.dumps(empty["Action"])
    assert (allow["Effect"], allow["Action"]) == ("Allow", "s3:GetObject")
    assert allow["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    source = allow["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Join"][1]
    (distribution,) = hosted.resources("AWS::CloudFront::Distribution")
    assert source[-1] == {"Ref": distribution}


def test_distribution_signs_its_requests_to_the_bucket(hosted: Synthesized) -> None:
    """The distribution has an origin access control. It has no origin access identity."""
    (origin,) = _distribution(hosted)["Origins"]
    (control,) = hosted.resources("AWS::CloudFront::OriginAccessControl")
    config = hosted.only("AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"]

    assert origin["OriginAccessControlId"] == {"Fn::GetAtt": [control, "Id"]}
    assert origin["S3OriginConfig"] == {"OriginAccessIdentity": ""}
    assert (config["SigningBehavior"], config["SigningProtocol"]) == ("always", "sigv4")


def test_everything_is_https_compressed_and_has_the_headers(hosted: Synthesized) -> None:
    """All files have HTTPS, compression and headers. The root object is index.html."""
    distribution = _distribution(hosted)
    (policy,) = hosted.resources("AWS::CloudFront::ResponseHeadersPolicy")

    for behavior in (distribution["DefaultCacheBehavior"], *distribution["CacheBehaviors"]):
        assert behavior["ViewerProtocolPolicy"] == "redirect-to-https"
        assert behavior["Compress"] is True
        assert behavior["ResponseHeadersPolicyId"] == {"Ref": policy}
    assert distribution["DefaultRootObject"] == "index.html"


def test_edge_caches_only_assets(hosted: Synthesized) -> None:
    """`assets/*` has the managed policy CachingOptimized, and the rest has CachingDisabled."""
    distribution = _distribution(hosted)
    (assets,) = distribution["CacheBehaviors"]

    assert assets["PathPattern"] == "assets/*"
    assert assets["CachePolicyId"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"
    assert (
        distribution["DefaultCacheBehavior"]["CachePolicyId"]
        == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    )


def test_page_may_connect_to_its_chat_and_nowhere_else(hosted: Synthesized) -> None:
    """`connect-src` has the host of `WebSocketUrl`, by WebSocket and HTTPS, and the user pool's."""
    policy = _security(hosted)["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Join"][1]
    url = hosted.template.to_json()["Outputs"]["WebSocketUrl"]["Value"]["Fn::Join"][1]

    rules = _text(policy).split("; ")

    (connect,) = [rule for rule in rules if rule.startswith("connect-src ")]
    host = _text(url).rpartition("/")[0]
    others = "" if hosted.has_guests else f" {_domain(hosted)}"
    assert connect == f"connect-src 'self' {host} http{host.removeprefix('ws')}{others}"
    assert host.startswith("wss://{Endpoint")
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(rules)
    assert not {"unsafe", "*", "data:", "http:"} & {word for rule in rules for word in rule.split()}
    assert "unsafe" not in _text(policy)


def test_browsers_get_the_same_headers_as_from_the_emulator(hosted: Synthesized) -> None:
    """CloudFront's policy has every header of `page.HEADERS`, and HSTS."""
    security = _security(hosted)
    config = hosted.only("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]

    given = {item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]}
    given["Referrer-Policy"] = security["ReferrerPolicy"]["ReferrerPolicy"]
    given["X-Content-Type-Options"] = "nosniff" if security["ContentTypeOptions"] else ""
    given["X-Frame-Options"] = security["FrameOptions"]["FrameOption"]

    assert given == page.HEADERS
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert all(
        header["Override"]
        for header in (*config["CustomHeadersConfig"]["Items"], *security.values())
    )


def test_https_is_required_of_the_page_alone(hosted: Synthesized) -> None:
    """HSTS does not bind other hosts below an operator's domain, which may not have HTTPS."""
    assert _security(hosted)["StrictTransportSecurity"]["IncludeSubdomains"] is False


def test_assets_are_kept_for_a_year_and_the_entry_is_not(hosted: Synthesized) -> None:
    """Assets are uploaded first. Neither upload deletes files that an open page may still load."""
    uploads = hosted.resources("Custom::CDKBucketDeployment")
    assets_id, entry_id = sorted(uploads, key=lambda id_: "Entry" in id_)
    assets, entry = (uploads[id_]["Properties"] for id_ in (assets_id, entry_id))

    assert assets["DestinationBucketKeyPrefix"] == "assets"
    assert assets["SystemMetadata"] == {"cache-control": "public, max-age=31536000, immutable"}
    assert entry["SystemMetadata"] == {"cache-control": "no-cache"}
    assert assets_id in uploads[entry_id]["DependsOn"]
    assert not assets["Prune"]
    assert not entry["Prune"]


def test_page_config_contains_the_url_of_its_chat(hosted: Synthesized) -> None:
    """config.json contains the endpoint's URL. The config.json of the build is not uploaded."""
    entry = _entry(hosted)
    url = hosted.template.to_json()["Outputs"]["WebSocketUrl"]["Value"]["Fn::Join"][1]

    marked = list(entry["SourceMarkers"][1].values())

    assert _text(marked[0]["Fn::Join"][1]).strip('"') == _text(url)
    assert (len(marked) == 1) == hosted.has_guests
    assert _uploaded(hosted, entry["SourceObjectKeys"][0]) == {"index.html"}


def test_output_is_the_url_of_the_page(hosted: Synthesized) -> None:
    """The output `WebUrl` is the distribution's own address."""
    output = hosted.template.to_json()["Outputs"]["WebUrl"]
    (distribution,) = hosted.resources("AWS::CloudFront::Distribution")

    assert output["Value"]["Fn::Join"][1] == [
        "https://",
        {"Fn::GetAtt": [distribution, "DomainName"]},
        "/",
    ]
    assert output["Description"]


def test_names_in_the_account_differ_by_stack_and_region(hosted: Synthesized) -> None:
    """CloudFront's names are global, so they contain the stack's name and the region."""
    headers = hosted.only("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    control = hosted.only("AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"]

    for name in (headers["Name"], control["Name"]):
        assert _text(name["Fn::Join"][1]) == "{AWS::StackName}-page-{AWS::Region}"


@pytest.mark.parametrize("damage", ["nothing there", "stale", "half built"])
def test_requires_a_page_of_the_current_source(
    tmp_path: Path, built_page: Path, damage: str
) -> None:
    """The error for a missing, stale or incomplete page names the command to build it."""
    built = tmp_path / "dist"
    if damage != "nothing there":
        built.mkdir()
        (built / "index.html").write_text((built_page / "index.html").read_text())
    if damage == "stale":
        page.mark_current("of yesterday", built)

    with pytest.raises(ConfigError) as caught:
        build(App(outdir=str(tmp_path / "out"), context=dict(CONTEXT)), built_page=built)

    message = "The page in web/dist is missing, or older than its source. Run: make page"
    assert str(caught.value) == message


def test_listing_needs_no_page() -> None:
    """`cdk ls` and `cdk synth Chat-local --exclusively` work without a built page."""
    for wanted in ([], ["Chat-local"]):
        context = {**CONTEXT, "aws:cdk:bundling-stacks": wanted, "gatewayUrl": EMULATOR}
        environment = {**os.environ, "CDK_CONTEXT_JSON": json.dumps(context)}
        code = "from app import *; build(App(), built_page=Path('/nowhere'))"

        result = subprocess.run(
            [sys.executable, "-c", code],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

        assert result.returncode == 0, result.stderr


def test_pool_redirects_to_the_page(hosted: Synthesized) -> None:
    """The client allows the authorization code flow only, with redirects to the page only."""
    if hosted.has_guests:
        assert not hosted.resources("AWS::Cognito::UserPoolClient")
        return
    client = hosted.only("AWS::Cognito::UserPoolClient")
    url = hosted.template.to_json()["Outputs"]["WebUrl"]["Value"]

    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["CallbackURLs"] == client["LogoutURLs"] == [url]
    assert client["GenerateSecret"] is False


def _domain(synthesized: Synthesized) -> str:
    """Return the origin of the user pool's sign-in pages."""
    (domain,) = synthesized.resources("AWS::Cognito::UserPoolDomain")
    return f"https://{{{domain}}}.auth.{{AWS::Region}}.amazoncognito.com"


def _distribution(synthesized: Synthesized) -> Mapping[str, Any]:
    config: Mapping[str, Any] = synthesized.only("AWS::CloudFront::Distribution")[
        "DistributionConfig"
    ]
    return config


def _security(synthesized: Synthesized) -> Mapping[str, Any]:
    policy = synthesized.only("AWS::CloudFront::ResponseHeadersPolicy")
    config: Mapping[str, Any] = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    return config


def _entry(synthesized: Synthesized) -> Mapping[str, Any]:
    uploads = synthesized.resources("Custom::CDKBucketDeployment").items()
    (entry,) = [upload["Properties"] for id_, upload in uploads if "Entry" in id_]
    return entry  # type: ignore[no-any-return]  # it is JSON


def _uploaded(synthesized: Synthesized, key: str) -> set[str]:
    """Return the names of the files at the root of an asset."""
    asset = synthesized.folder / f"asset.{key.removesuffix('.zip')}"
    return {path.name for path in asset.iterdir()}


def _text(parts: list[Any]) -> str:
    """Return a joined value as text, with references in braces."""
    return "".join(part if isinstance(part, str) else f"{{{part['Ref']}}}" for part in parts)

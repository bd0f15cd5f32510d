"""The page in a private bucket, behind CloudFront."""

from pathlib import Path

from aws_cdk import Aws, CfnResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from chat_stack.api.custom_domains import certificate, point_to_page
from chat_stack.cdk_nag import acknowledge, resource_finding
from chat_stack.identity.page_config import GUESTS, PageSignIn
from chat_stack.settings.types import Domain
from chat_stack.web import page

NOT_SERVED = (page.CONFIG, page.FINGERPRINT)
NAME_IN_ACCOUNT = f"{Aws.STACK_NAME}-page-{Aws.REGION}"
"""Name of CloudFront resources, which need one and are global: the CDK's names would collide."""
PUBLIC = "The page is the same for all users and has no user data"
ACKNOWLEDGED_OF_BUCKET = {"S1": f"{PUBLIC}; only the distribution reads the bucket."}
ACKNOWLEDGED_OF_DISTRIBUTION = {
    "CFR1": "The chat has users in all countries.",
    "CFR2": f"{PUBLIC}: it serves only files, so there is no program for a firewall to protect.",
    "CFR3": f"{PUBLIC}; an access log would record the IP addresses of users.",
}
OWN_CERTIFICATE = {
    "CFR4": "CloudFront's own certificate fixes the minimum protocol; browsers use TLS 1.2 or 1.3.",
}
EMPTYING = "Custom::S3AutoDeleteObjectsCustomResourceProvider"
"""Id of the CDK's own function that empties buckets, in the stack."""
UPLOAD = "The CDK's own function that uploads the page, with the CDK's policy"


class WebHosting(Construct):
    """The built page on CloudFront, with the address of its chat.

    If *built*, the output of Vite, is None, only config.json is uploaded.
    The page may connect to *chat_origin* and to the origins of *sign_in*.
    If *domain* is given, the page is there instead of at CloudFront's own name.
    The bucket is deleted with the stack, because everything in it can be built again.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        built: Path | None,
        web_socket_url: str,
        chat_origin: str,
        sign_in: PageSignIn = GUESTS,
        domain: Domain | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH,
        key: kms.IKey | None = None,
    ) -> None:
        """*key* encrypts the logs; the page itself is public."""
        super().__init__(scope, id_)
        self._built = built
        self._sign_in = sign_in
        self._domain = domain
        self._key = key
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=RemovalPolicy.DESTROY,
            auto_delete_objects=True,
        )
        self.distribution = self._distribution(chat_origin)
        acknowledge(self.bucket, ACKNOWLEDGED_OF_BUCKET)
        acknowledge(self.distribution, ACKNOWLEDGED_OF_DISTRIBUTION)
        if domain:
            point_to_page(self, domain, self.distribution)
        else:
            acknowledge(self.distribution, OWN_CERTIFICATE)
        log_group = logs.LogGroup(
            self,
            "Logs",
            encryption_key=key,
            retention=log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self._log_emptying(log_group)
        self._upload(web_socket_url, log_group)

    @property
    def origin(self) -> str:
        """Origin of the page, as browsers send it: `https://` and a host."""
        name = self._domain.name if self._domain else self.distribution.distribution_domain_name
        return f"https://{name}"

    @property
    def url(self) -> str:
        """URL of the page."""
        return f"{self.origin}/"

    def _distribution(self, chat_origin: str) -> cloudfront.Distribution:
        """Create the distribution, which caches only files that are named by their content."""
        access = cloudfront.S3OriginAccessControl(
            self, "Access", origin_access_control_name=NAME_IN_ACCOUNT
        )
        bucket = origins.S3BucketOrigin.with_origin_access_control(
            self.bucket, origin_access_control=access
        )
        headers = self._headers(chat_origin)

        def behavior(cache: cloudfront.ICachePolicy) -> cloudfront.BehaviorOptions:
            return cloudfront.BehaviorOptions(
                origin=bucket,
                cache_policy=cache,
                compress=True,
                response_headers_policy=headers,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            )

        kept = behavior(cloudfront.CachePolicy.CACHING_OPTIMIZED)
        return cloudfront.Distribution(
            self,
            "Distribution",
            additional_behaviors={f"{page.ASSETS}/*": kept},
            certificate=certificate(self, self._domain) if self._domain else None,
            comment="The page of the live chat",
            default_behavior=behavior(cloudfront.CachePolicy.CACHING_DISABLED),
            default_root_object="index.html",
            domain_names=[self._domain.name] if self._domain else None,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
        )

    def _headers(self, chat_origin: str) -> cloudfront.ResponseHeadersPolicy:
        """Create the response headers that restrict the page in browsers."""
        others = [
            cloudfront.ResponseCustomHeader(header=name, value=value, override=True)
            for name, value in page.HEADERS.items()
            if name not in ("Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options")
        ]
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            response_headers_policy_name=NAME_IN_ACCOUNT,
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(custom_headers=others),
            security_headers_behavior=_security_headers(
                page.content_security_policy(chat_origin, self._sign_in)
            ),
        )

    def _log_emptying(self, log_group: logs.LogGroup) -> None:
        """Let the function that empties the bucket write to *log_group*, and create no group.

        Its own group would have no retention, and would remain after the stack.
        """
        function, role = (
            Stack.of(self).node.find_child(EMPTYING).node.find_child(name)
            for name in ("Handler", "Role")
        )
        assert isinstance(function, CfnResource)
        assert isinstance(role, CfnResource)
        function.add_property_override("LoggingConfig.LogGroup", log_group.log_group_name)
        writes = iam.PolicyStatement(
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[log_group.log_group_arn],
        )
        document = iam.PolicyDocument(statements=[writes])
        role.add_property_deletion_override("ManagedPolicyArns")
        role.add_property_override(
            "Policies", [{"PolicyName": "Logs", "PolicyDocument": document.to_json()}]
        )

    def _upload(self, web_socket_url: str, log_group: logs.LogGroup) -> None:
        """Upload the files that index.html refers to, then index.html.

        Nothing is pruned: an open page may still load files of the last deployment.
        """
        before: list[Construct] = []
        if self._built:
            source = deployment.Source.asset(str(self._built / page.ASSETS))
            assets = self._deployment(
                "Assets", [source], cache=page.FOR_A_YEAR, prefix=page.ASSETS, log_group=log_group
            )
            before.append(assets)
        entry = self._deployment(
            "Entry", self._entry(web_socket_url), cache=page.ASK_AGAIN, log_group=log_group
        )
        entry.node.add_dependency(*before)
        # The managed policy of the CDK would let it create a log group after its removal.
        role = entry.handler_role.node.default_child
        assert isinstance(role, iam.CfnRole)
        role.managed_policy_arns = []
        log_group.grant_write(entry.handler_role)
        self._acknowledge_upload(entry.handler_role)

    def _acknowledge_upload(self, role: iam.IRole) -> None:
        """Acknowledge findings on the CDK's function, which uses this bucket and that of assets."""
        stack = Stack.of(self)
        qualifier = stack.synthesizer.bootstrap_qualifier
        assets = f"cdk-{qualifier}-assets-{stack.account}-{stack.region}"
        arn = stack.format_arn(service="s3", region="", account="", resource=f"{assets}/*")
        assert role.node.scope
        acknowledge(
            role.node.scope,
            {
                "L1": f"{UPLOAD}: its runtime comes with the CDK's version.",
                resource_finding(self, arn): f"{UPLOAD}: it reads what the CDK has uploaded.",
                resource_finding(self, self.bucket.arn_for_objects("*")): f"{UPLOAD}: all files.",
                **{
                    f"IAM5[Action::s3:{action}*]": f"{UPLOAD}: on two buckets only."
                    for action in ("Abort", "DeleteObject", "GetBucket", "GetObject", "List")
                },
            },
        )

    def _entry(self, web_socket_url: str) -> list[deployment.ISource]:
        """Return index.html, the files beside it, and config.json."""
        config = page.config(web_socket_url, self._sign_in)
        made = deployment.Source.json_data(page.CONFIG, config)
        if not self._built:
            return [made]
        exclude = [page.ASSETS, *NOT_SERVED]
        return [deployment.Source.asset(str(self._built), exclude=exclude), made]

    def _deployment(
        self,
        id_: str,
        sources: list[deployment.ISource],
        *,
        cache: str,
        log_group: logs.LogGroup,
        prefix: str | None = None,
    ) -> deployment.BucketDeployment:
        upload = deployment.BucketDeployment(
            self,
            id_,
            cache_control=[deployment.CacheControl.from_string(cache)],
            destination_bucket=self.bucket,
            destination_key_prefix=prefix,
            log_group=log_group,
            memory_limit=256,
            prune=False,
            sources=sources,
        )
        # A removal is in the reverse order: the bucket is emptied after the last upload.
        upload.node.add_dependency(self.bucket.node.find_child("AutoDeleteObjectsCustomResource"))
        return upload


def _security_headers(policy: str) -> cloudfront.ResponseSecurityHeadersBehavior:
    """Return HSTS and the headers of the page that CloudFront does not accept as custom headers."""
    return cloudfront.ResponseSecurityHeadersBehavior(
        content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
            content_security_policy=policy, override=True
        ),
        content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
        frame_options=cloudfront.ResponseHeadersFrameOptions(
            frame_option=cloudfront.HeadersFrameOption.DENY, override=True
        ),
        referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
            referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
        ),
        strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
            # Hosts below the operator's domain are not the chat's, and may not have HTTPS.
            access_control_max_age=Duration.days(2 * 365),
            include_subdomains=False,
            override=True,
        ),
    )

"""A user pool, its client for the page, and its client for the canary."""

from collections.abc import Mapping
from typing import Literal

from aws_cdk import Aws, Duration, Fn, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from chat_stack.cdk_nag import acknowledge

SCOPES = ("openid", "profile")
_COPY = Fn.select(0, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))))
DOMAIN = f"chat-{Aws.ACCOUNT_ID}-{_COPY}"
"""Prefix of the pool's domain, which must be unique in the region: account and stack id."""
ACKNOWLEDGED = {
    # https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
    "COG1": "Twelve characters of any kind: NIST SP 800-63B recommends length over composition.",
    "COG2": "Each user decides whether to use a second factor, which the pool offers.",
    "COG8": "Threat protection needs the Plus plan, which costs per user: the operator decides.",
}

Flow = Literal["redirect", "srp", "password"]
"""How users sign in: on the pool's own pages, or with Cognito's API by SRP or by password.

Only the emulator needs the password.
"""
_AUTH_FLOWS: Mapping[Flow, cognito.AuthFlow] = {
    # The redirect needs no flow, but Cognito replaces an empty list by SRP, custom sign-in and
    # REFRESH_TOKEN_AUTH. Custom sign-in alone does nothing in a pool without its functions.
    "redirect": cognito.AuthFlow(custom=True),
    "srp": cognito.AuthFlow(user_srp=True),
    "password": cognito.AuthFlow(user_password=True),
}
_RETRY_PERIOD = Duration.seconds(60)
"""Time for which a refresh token still works after its use. It is the longest that AWS allows.

A page whose reply was lost can ask again.
"""


class ChatUsers(Construct):
    """Users who sign in with their name or e-mail address, and a password.

    The client is public: it has no secret. After `send_back_to`, it also signs in by
    authorization code with PKCE on the pool's own pages. A refresh token is used once:
    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        self_sign_up: bool = False,
        flow: Flow = "srp",
        deletion_protection: bool = False,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, id_)
        self.pool = cognito.UserPool(
            self,
            "Pool",
            sign_in_aliases=cognito.SignInAliases(email=True, username=True),
            self_sign_up_enabled=self_sign_up,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            keep_original=cognito.KeepOriginalAttrs(email=True),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            password_policy=cognito.PasswordPolicy(min_length=12),
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            deletion_protection=deletion_protection,
            removal_policy=removal_policy,
        )
        acknowledge(self.pool, ACKNOWLEDGED)
        self.client = self.pool.add_client(
            "Page",
            generate_secret=False,
            disable_o_auth=True,
            auth_flows=_AUTH_FLOWS[flow],
            prevent_user_existence_errors=True,
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(30),
            refresh_token_rotation_grace_period=_RETRY_PERIOD,
            enable_token_revocation=True,
        )

    def add_canary(self) -> cognito.UserPoolClient:
        """Add a client that accepts a password only from callers with AWS credentials.

        The canary signs in anew at each run. Rotation turns off REFRESH_TOKEN_AUTH.
        """
        return self.pool.add_client(
            "Canary",
            generate_secret=False,
            disable_o_auth=True,
            auth_flows=cognito.AuthFlow(admin_user_password=True),
            prevent_user_existence_errors=True,
            access_token_validity=Duration.minutes(5),
            id_token_validity=Duration.minutes(5),
            refresh_token_validity=Duration.hours(1),
            refresh_token_rotation_grace_period=Duration.seconds(0),
            enable_token_revocation=True,
        )

    def send_back_to(self, page_url: str) -> None:
        """Let the page at *page_url* sign users in by redirect.

        It changes the resource itself, because the construct of the page needs this client first.
        The CDK accepts redirects only when a client is created.
        """
        client = self.client.node.default_child
        assert isinstance(client, cognito.CfnUserPoolClient)
        client.allowed_o_auth_flows_user_pool_client = True
        client.allowed_o_auth_flows = ["code"]
        client.allowed_o_auth_scopes = [*SCOPES]
        client.callback_ur_ls = client.logout_ur_ls = [page_url]
        client.supported_identity_providers = ["COGNITO"]

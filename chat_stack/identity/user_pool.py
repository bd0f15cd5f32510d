"""A user pool, and the client that the page signs in with."""

from aws_cdk import Aws, Duration, Fn, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from chat_stack.cdk_nag import accept

SCOPES = ("openid", "profile")
_COPY = Fn.select(0, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))))
DOMAIN = f"chat-{Aws.ACCOUNT_ID}-{_COPY}"
"""Domains of all accounts share a region; a part of the stack's id tells two copies apart."""
ACCEPTED = {
    # https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
    "COG1": "Twelve characters of any kind: NIST SP 800-63B advises length, and no composition.",
    "COG2": "A second factor is everybody's own choice: it is offered, and kept by who takes it.",
    "COG8": "Threat protection is of the Plus plan, which costs by user: the operator's choice.",
}


class ChatUsers(Construct):
    """People who sign in with their name or e-mail address, and a password.

    The client is public: it has no secret. It signs in by SRP; and, once `send_back_to` has said
    where the page is, by authorization code with PKCE on the pool's own pages.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        self_sign_up: bool = False,
        password_sign_in: bool = False,
        deletion_protection: bool = False,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        """*password_sign_in* lets a client send the password itself, which only a laptop needs."""
        super().__init__(scope, id_)
        self.pool = cognito.UserPool(
            self,
            "Pool",
            sign_in_aliases=cognito.SignInAliases(email=True, username=True),
            self_sign_up_enabled=self_sign_up,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            password_policy=cognito.PasswordPolicy(min_length=12),
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            deletion_protection=deletion_protection,
            removal_policy=removal_policy,
        )
        accept(self.pool, ACCEPTED)
        self.client = self.pool.add_client(
            "Page",
            generate_secret=False,
            disable_o_auth=True,
            auth_flows=cognito.AuthFlow(user_srp=True, user_password=password_sign_in),
            prevent_user_existence_errors=True,
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(30),
            enable_token_revocation=True,
        )

    def add_canary(self) -> cognito.UserPoolClient:
        """A client that takes a password from who has AWS credentials for it, and nobody else."""
        return self.pool.add_client(
            "Canary",
            generate_secret=False,
            disable_o_auth=True,
            auth_flows=cognito.AuthFlow(admin_user_password=True),
            prevent_user_existence_errors=True,
            access_token_validity=Duration.minutes(5),
            id_token_validity=Duration.minutes(5),
            refresh_token_validity=Duration.hours(1),
            enable_token_revocation=True,
        )

    def send_back_to(self, page_url: str) -> None:
        """Let the page at *page_url* sign people in by redirect.

        On the resource itself: the page's address comes from a construct that needs to know of this
        one first, and the CDK takes it only when a client is made.
        """
        client = self.client.node.default_child
        assert isinstance(client, cognito.CfnUserPoolClient)
        client.allowed_o_auth_flows_user_pool_client = True
        client.allowed_o_auth_flows = ["code"]
        client.allowed_o_auth_scopes = [*SCOPES]
        client.callback_ur_ls = client.logout_ur_ls = [page_url]
        client.supported_identity_providers = ["COGNITO"]

"""Sign-in: the identity provider that the settings choose, and how the page signs in."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from chat_stack.functions.canary import Canary
from chat_stack.identity.page_config import (
    GUESTS,
    PageSignIn,
    by_form,
    by_pools_pages,
    by_redirect,
)
from chat_stack.identity.provider import cognito_provider, oidc_provider
from chat_stack.identity.user_pool import DOMAIN, SCOPES, ChatUsers, Flow
from chat_stack.settings.identity import Cognito, Oidc, Provider
from chat_stack.settings.settings import Settings
from chat_stack.storage.removal import removal_policy


class SignIn(Construct):
    """The provider whose tokens count: a new user pool, an existing one, or another issuer.

    `provider` is None if users are guests. `page` is how the hosted page signs users in.
    `validate` has accepted the *settings*.
    """

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        self.provider: Provider | None = None
        self.page: PageSignIn = GUESTS
        self._users: ChatUsers | None = None
        self._canary: cognito.UserPoolClient | None = None
        match settings.identity:
            case Oidc() as choice:
                self._any_issuer(choice)
            case Cognito(user_pool_id=None) as choice:
                self._own_pool(choice, settings)
            case Cognito() as choice:
                self._existing_pool(choice)

    def send_back_to(self, page_url: str) -> None:
        """Set the page's URL, to which the user pool redirects after sign-in and sign-out."""
        if self._users:
            self._users.send_back_to(page_url)

    def add_canary_users(self, canary: Canary) -> None:
        """Let the canary sign in to the stack's own user pool.

        `make canary-users` creates its users.
        """
        if self._users and self._canary:
            password_arn = canary.grant_sign_in(self._users.pool, self._canary)
            stack, client_id = Stack.of(self), self._canary.user_pool_client_id
            CfnOutput(
                stack,
                "CanaryClientId",
                value=client_id,
                description="Client of the canary",
            )
            CfnOutput(
                stack,
                "CanaryPassword",
                value=password_arn,
                description="Secret with the password of the canary's users",
            )

    def _any_issuer(self, choice: Oidc) -> None:
        self.provider = oidc_provider(choice)
        if choice.page:
            self.page = by_redirect(choice, choice.page)

    def _own_pool(self, choice: Cognito, settings: Settings) -> None:
        users = self._users = ChatUsers(
            self,
            "Users",
            self_sign_up=choice.self_sign_up,
            flow=_flow(settings),
            deletion_protection=settings.deletion_protection,
            removal_policy=removal_policy(
                settings.removal_policy, protected=settings.deletion_protection
            ),
        )
        pool_id, client_id = users.pool.user_pool_id, users.client.user_pool_client_id
        client_ids = [client_id]
        if settings.canary_minutes:
            self._canary = users.add_canary()
            client_ids.append(self._canary.user_pool_client_id)
        stack = Stack.of(self)
        CfnOutput(stack, "UserPoolId", value=pool_id, description="User pool of the chat")
        CfnOutput(
            stack,
            "UserPoolClientId",
            value=client_id,
            description="Client of the page",
        )
        self.provider = cognito_provider(
            choice,
            region=stack.region,
            pool_id=pool_id,
            client_ids=tuple(client_ids),
            keys_at=_origin(settings.gateway_url),
        )
        if settings.web_hosting:
            domain = users.pool.add_domain(
                "Domain", cognito_domain=cognito.CognitoDomainOptions(domain_prefix=DOMAIN)
            )
            self.page = by_pools_pages(
                issuer=self.provider.issuer,
                client_id=client_id,
                domain=domain.base_url(),
                scopes=SCOPES,
            )

    def _existing_pool(self, choice: Cognito) -> None:
        pool_id = choice.user_pool_id or ""
        region, client_id = pool_id.partition("_")[0], choice.client_ids[0]
        self.provider = cognito_provider(
            choice, region=region, pool_id=pool_id, client_ids=choice.client_ids
        )
        if choice.domain:
            self.page = by_pools_pages(
                issuer=self.provider.issuer,
                client_id=client_id,
                domain=choice.domain,
                scopes=SCOPES,
            )
        else:
            endpoint = f"https://cognito-idp.{region}.amazonaws.com"
            self.page = by_form(endpoint=endpoint, client_id=client_id)


def _flow(settings: Settings) -> Flow:
    """Return the one way in which users of the stack's own pool sign in."""
    if settings.gateway_url is not None:
        return "password"
    return "redirect" if settings.web_hosting else "srp"


def _origin(url: str | None) -> str:
    """Return a URL without its path."""
    return "/".join(url.split("/")[:3]) if url else ""

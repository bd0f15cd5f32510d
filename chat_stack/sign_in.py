"""The provider of identities that an environment has chosen."""

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from constructs import Construct

from chat_stack.errors import Problem
from chat_stack.identity import Cognito, Oidc, Provider, cognito_provider, oidc_provider
from chat_stack.settings import Settings
from chat_stack.users import ChatUsers


class SignIn(Construct):
    """Whose tokens count: those of a user pool made here, of one that is there, or of any issuer.

    `provider` is None where people are guests.
    """

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        self.provider = self._provider(settings)

    def _provider(self, settings: Settings) -> Provider | None:
        match settings.identity:
            case Oidc() as choice:
                return oidc_provider(choice)
            case Cognito(user_pool_id=None) as choice:
                return self._own_pool(choice, settings)
            case Cognito() as choice:
                return self._existing_pool(choice)
            case _:
                return None

    def _own_pool(self, choice: Cognito, settings: Settings) -> Provider:
        users = ChatUsers(
            self,
            "Users",
            self_sign_up=choice.self_sign_up,
            password_sign_in=settings.gateway_url is not None,
            deletion_protection=settings.deletion_protection,
            removal_policy=RemovalPolicy[settings.removal_policy.upper()],
        )
        pool_id, client_id = users.pool.user_pool_id, users.client.user_pool_client_id
        stack = Stack.of(self)
        CfnOutput(stack, "UserPoolId", value=pool_id, description="Who may sign in")
        CfnOutput(
            stack, "UserPoolClientId", value=client_id, description="What the page signs in with"
        )
        return cognito_provider(
            region=stack.region,
            pool_id=pool_id,
            client_ids=(client_id,),
            name_claim=choice.name_claim,
            keys_at=_origin(settings.gateway_url),
        )

    def _existing_pool(self, choice: Cognito) -> Provider:
        pool_id = choice.user_pool_id or ""
        if not choice.client_ids:
            raise Problem("cdk.json: identity.clientIds: expected those of the existing user pool")
        region = pool_id.partition("_")[0]
        return cognito_provider(
            region=region,
            pool_id=pool_id,
            client_ids=choice.client_ids,
            name_claim=choice.name_claim,
        )


def _origin(url: str | None) -> str:
    """A URL without its path."""
    return "/".join(url.split("/")[:3]) if url else ""

"""The provider of identities, from the settings."""

from chat_stack.settings.identity import Cognito, Oidc, Provider


def oidc_provider(choice: Oidc) -> Provider:
    """Return the issuer that the settings describe."""
    return Provider(
        issuer=choice.issuer,
        audience=choice.audience,
        keys_url=choice.keys_url,
        algorithms=choice.algorithms,
        user_claim=choice.user_claim,
        name_claim=choice.name_claim,
    )


def cognito_provider(
    choice: Cognito, *, region: str, pool_id: str, client_ids: tuple[str, ...], keys_at: str = ""
) -> Provider:
    """Return a user pool as the issuer of access tokens.

    The pool and its clients may be resources of this stack, so *choice* does not name them.
    An emulator serves the keys of its pools at *keys_at*. AWS serves them at the issuer.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
    """
    issuer = f"https://cognito-idp.{region}.amazonaws.com/{pool_id}"
    served = f"{keys_at}/{pool_id}" if keys_at else issuer
    return Provider(
        issuer=issuer,
        audience=client_ids,
        keys_url=f"{served}/.well-known/jwks.json",
        token_use="access",  # noqa: S106 - a kind of token, not a token
        user_claim=choice.user_claim,
        name_claim=choice.name_claim,
    )

"""Who may say who somebody is: one environment's choice, and what the authorizer needs of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat_stack.settings.types import doc

Https = Annotated[str, Meta(pattern=r"^https://[^/\s]+(/[^\s]*)?$")]
HttpsOrigin = Annotated[str, Meta(pattern=r"^https://[^/\s]+$")]
Word = Annotated[str, Meta(pattern=r"^\S+$")]
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]


class Endpoints(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Where an issuer does what; what it does not say, the page does without."""

    authorization: Annotated[Https, doc("Where people sign in.")]
    token: Annotated[Https, doc("Where a code becomes tokens, and old tokens new ones.")]
    revocation: Annotated[Https | None, doc("Where a token is given back.")] = None
    end_session: Annotated[Https | None, doc("Where people sign out.")] = None


class _Choice(
    Struct, frozen=True, kw_only=True, rename="camel", tag_field="type", forbid_unknown_fields=True
):
    """What stands under `identity` in cdk.json."""


class Guest(_Choice, frozen=True, tag="guest"):
    """A name from the URL: anybody is who they say they are."""


class Cognito(_Choice, frozen=True, tag="cognito"):
    """A user pool of the stack's own, or an existing one with its clients."""

    user_pool_id: Annotated[
        Annotated[str, Meta(pattern=r"^[a-z0-9-]+_[A-Za-z0-9]+$")] | None,
        doc("Of an existing pool; none makes one."),
    ] = None
    client_ids: Annotated[
        tuple[Word, ...], doc("Of an existing pool; the page signs in with the first.")
    ] = ()
    domain: Annotated[HttpsOrigin | None, doc("Of an existing pool's own sign-in pages.")] = None
    self_sign_up: Annotated[bool, doc("Lets people make their own accounts in a new pool.")] = False
    user_claim: Annotated[Word, doc("What in a token is the id of a user, for ever.")] = "sub"
    name_claim: Annotated[Word, doc("What in a token is the name that others see.")] = "username"


class Page(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """How the hosted page signs in with an issuer, by authorization code with PKCE.

    *token* is the one of the issuer's tokens that the chat is shown. *endpoints* go before what the
    issuer's discovery document says; the page may ask no other hosts than theirs and the issuer's.
    """

    client_id: Annotated[Word, doc("Of the page, at the issuer.")]
    scopes: Annotated[tuple[Word, ...], Meta(min_length=1), doc("What the page asks for.")] = (
        "openid",
        "profile",
    )
    token: Annotated[Literal["access", "id"], doc("Which token the chat is shown.")] = "access"  # noqa: S105 - a kind of token, not a token
    endpoints: Annotated[
        Endpoints | None, doc("They go before what the issuer's discovery document says.")
    ] = None
    parameters: Annotated[
        Mapping[str, str], doc("More to ask the issuer with, such as an `audience`.")
    ] = {}


class Oidc(_Choice, frozen=True, tag="oidc"):
    """Any OpenID Connect issuer."""

    issuer: Annotated[Https, doc("As it stands in its tokens.")]
    audience: Annotated[
        tuple[Word, ...], Meta(min_length=1), doc("Whom a token is for: one of these.")
    ]
    keys_url: Annotated[Https, doc("Where the issuer's public keys are, as a JSON Web Key Set.")]
    page: Annotated[Page | None, doc("How the hosted page signs in; none cannot.")] = None
    algorithms: Annotated[
        tuple[Algorithm, ...], Meta(min_length=1), doc("That tokens may be signed with.")
    ] = ("RS256",)
    user_claim: Annotated[Word, doc("What in a token is the id of a user, for ever.")] = "sub"
    name_claim: Annotated[Word, doc("What in a token is the name that others see.")] = "name"


Choice = Guest | Cognito | Oidc


@dataclass(frozen=True, slots=True)
class Provider:
    """An issuer, and what its tokens must say; see `chat/tokens.py`."""

    issuer: str
    audience: tuple[str, ...]
    keys_url: str
    algorithms: tuple[str, ...] = ("RS256",)
    token_use: str = ""
    user_claim: str = "sub"
    name_claim: str = "name"

    @property
    def variables(self) -> dict[str, str]:
        """What the authorizer reads of this from its environment."""
        return {
            "ISSUER": self.issuer,
            "AUDIENCE": " ".join(self.audience),
            "KEYS_URL": self.keys_url,
            "ALGORITHMS": " ".join(self.algorithms),
            "TOKEN_USE": self.token_use,
            "USER_CLAIM": self.user_claim,
            "NAME_CLAIM": self.name_claim,
        }


def oidc_provider(choice: Oidc) -> Provider:
    """The provider that the settings describe."""
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
    """A user pool's access tokens; *keys_at* is where an emulator serves pools' keys.

    Pool and clients of *choice* may be still to be made, so they are told apart from it.

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

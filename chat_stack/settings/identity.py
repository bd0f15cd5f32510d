"""Settings of the identity provider, and what a provider's tokens must say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat_stack.settings.types import Algorithm, Https, HttpsOrigin, Word, doc


class Endpoints(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """URLs of an issuer that the page uses instead of those of the discovery document."""

    authorization: Annotated[Https, doc("URL at which users sign in.")]
    token: Annotated[Https, doc("URL that exchanges a code or a refresh token for tokens.")]
    revocation: Annotated[Https | None, doc("URL that revokes a token.")] = None
    end_session: Annotated[Https | None, doc("URL at which users sign out.")] = None


class _Choice(
    Struct, frozen=True, kw_only=True, rename="camel", tag_field="type", forbid_unknown_fields=True
):
    """Value of `identity` in cdk.json."""


class Guest(_Choice, frozen=True, tag="guest"):
    """Users without sign-in: each chooses a name, and nobody verifies it."""


class Cognito(_Choice, frozen=True, tag="cognito"):
    """A user pool that the stack creates, or an existing one with its clients."""

    user_pool_id: Annotated[
        Annotated[str, Meta(pattern=r"^[a-z0-9-]+_[A-Za-z0-9]+$")] | None,
        doc("Id of an existing pool. Without it, the stack creates one."),
    ] = None
    client_ids: Annotated[
        tuple[Word, ...],
        doc("Clients of the existing pool whose tokens count. The page signs in with the first."),
    ] = ()
    domain: Annotated[
        HttpsOrigin | None, doc("Origin of the existing pool's own sign-in pages.")
    ] = None
    self_sign_up: Annotated[
        bool, doc("Lets users create accounts in the pool that the stack creates.")
    ] = False
    user_claim: Annotated[Word, doc("Claim that holds the user id. It must never change.")] = "sub"
    name_claim: Annotated[Word, doc("Claim that holds the name that others see.")] = "username"


class Page(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Sign-in of the hosted page with an issuer, by authorization code with PKCE.

    The page connects to the hosts of *endpoints* and of the issuer, and to no others.
    """

    client_id: Annotated[Word, doc("Id of the page's client at the issuer.")]
    scopes: Annotated[tuple[Word, ...], Meta(min_length=1), doc("Requested scopes.")] = (
        "openid",
        "profile",
    )
    token: Annotated[
        Literal["access", "id"], doc("Token of the issuer that the page sends to the chat.")
    ] = "access"  # noqa: S105 - a kind of token, not a token
    endpoints: Annotated[
        Endpoints | None, doc("URLs to use instead of those of the issuer's discovery document.")
    ] = None
    parameters: Annotated[
        Mapping[str, str],
        doc("Further parameters of the authorization request, such as `audience`."),
    ] = {}


class Oidc(_Choice, frozen=True, tag="oidc"):
    """An OpenID Connect issuer."""

    issuer: Annotated[Https, doc("Issuer, exactly as its tokens name it in `iss`.")]
    audience: Annotated[
        tuple[Word, ...], Meta(min_length=1), doc("Accepted values of the claim `aud`.")
    ]
    keys_url: Annotated[Https, doc("URL of the issuer's public keys, a JSON Web Key Set.")]
    page: Annotated[Page | None, doc("Sign-in of the hosted page. Required with `webHosting`.")] = (
        None
    )
    algorithms: Annotated[
        tuple[Algorithm, ...], Meta(min_length=1), doc("Accepted signature algorithms.")
    ] = ("RS256",)
    user_claim: Annotated[Word, doc("Claim that holds the user id. It must never change.")] = "sub"
    name_claim: Annotated[Word, doc("Claim that holds the name that others see.")] = "name"


Choice = Guest | Cognito | Oidc


@dataclass(frozen=True, slots=True)
class Provider:
    """An issuer of tokens, and what its tokens must say; see `chat/auth/jwt_verifier.py`."""

    issuer: str
    audience: tuple[str, ...]
    keys_url: str
    algorithms: tuple[str, ...] = ("RS256",)
    token_use: str = ""
    user_claim: str = "sub"
    name_claim: str = "name"

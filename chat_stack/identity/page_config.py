"""How people sign in on the page: what its config.json says of it, and whom it may ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from chat_stack.identity.provider import Oidc, Page


@dataclass(frozen=True, slots=True)
class PageSignIn:
    """*config* is `signIn` in config.json; *origins* are those that the page connects to for it."""

    config: Mapping[str, Any]
    origins: tuple[str, ...] = ()


GUESTS = PageSignIn({"type": "guest"})


def by_form(*, endpoint: str, client_id: str) -> PageSignIn:
    """Name and password typed into the page, for Cognito's API at the origin *endpoint*."""
    return PageSignIn(
        {"type": "cognito", "endpoint": f"{endpoint}/", "clientId": client_id}, (endpoint,)
    )


def by_pools_pages(
    *, issuer: str, client_id: str, domain: str, scopes: tuple[str, ...]
) -> PageSignIn:
    """The sign-in pages of a user pool, at the origin *domain*.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-userpools-server-contract-reference.html
    """
    endpoints = {
        "authorization": f"{domain}/oauth2/authorize",
        "token": f"{domain}/oauth2/token",
        "revocation": f"{domain}/oauth2/revoke",
        "endSession": f"{domain}/logout",
    }
    config = _redirect(issuer, client_id, scopes) | {"endpoints": endpoints}
    return PageSignIn(config, (domain,))


def by_redirect(choice: Oidc, page: Page) -> PageSignIn:
    """The pages of any issuer; what the settings do not say, its discovery document does."""
    config = _redirect(choice.issuer, page.client_id, page.scopes)
    config |= {
        "token": page.token,
        "algorithms": list(choice.algorithms),
        "parameters": dict(page.parameters),
    }
    if not page.endpoints:
        return PageSignIn(config, (_origin(choice.issuer),))
    named = page.endpoints
    endpoints = {
        "authorization": named.authorization,
        "token": named.token,
        "revocation": named.revocation,
        "endSession": named.end_session,
    }
    said = {name: url for name, url in endpoints.items() if url}
    # One goes to the other two; they are not asked by script.
    asked = [named.token, *([named.revocation] if named.revocation else [])]
    origins = tuple(dict.fromkeys(_origin(url) for url in asked))
    return PageSignIn({**config, "endpoints": said}, origins)


def _redirect(issuer: str, client_id: str, scopes: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "oidc",
        "issuer": issuer,
        "clientId": client_id,
        "scope": " ".join(scopes),
        "token": "access",
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"

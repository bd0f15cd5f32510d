"""Sign-in of the page: its part of config.json, and the origins that the page may connect to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from chat_stack.settings.identity import Oidc, Page


@dataclass(frozen=True, slots=True)
class PageSignIn:
    """*config* is `signIn` in config.json; *origins* are those that sign-in connects to."""

    config: Mapping[str, Any]
    origins: tuple[str, ...] = ()


GUESTS = PageSignIn({"type": "guest"})


def by_form(*, endpoint: str, client_id: str) -> PageSignIn:
    """Return sign-in with name and password on the page, by Cognito's API at *endpoint*."""
    return PageSignIn(
        {"type": "cognito", "endpoint": f"{endpoint}/", "clientId": client_id}, (endpoint,)
    )


def by_pools_pages(
    *, issuer: str, client_id: str, domain: str, scopes: tuple[str, ...]
) -> PageSignIn:
    """Return sign-in by redirect to a user pool's own pages, at the origin *domain*.

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
    """Return sign-in by redirect to an issuer.

    The page reads from the discovery document what the settings do not name.
    """
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
    # The browser navigates to the other two, so scripts need not connect to them.
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

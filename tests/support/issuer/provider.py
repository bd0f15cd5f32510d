"""An OpenID Connect issuer with pages: codes for a redirect, tokens for a code."""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.support.issuer.issuer import CLIENT, Issuer
from tests.support.server_thread import running_in_thread

API = "chat-api"
"""Audience of the access tokens."""

PAGE = """<!doctype html><title>Sign in</title><link rel="icon" href="data:,">
<h1>Sign in</h1><p><a href="{yes}">Continue as Alice</a> <a href="{no}">Cancel</a></p>"""

Parameters = dict[str, str]


@dataclass
class Provider:
    """An issuer with one user, Alice, and one client, whose page is at *redirect_uri*."""

    redirect_uri: str = ""
    url: str = ""
    issuer: Issuer = field(default_factory=Issuer)
    refresh_tokens: set[str] = field(default_factory=set)
    grants: list[str] = field(default_factory=list)
    """Grant types of the issued tokens, in order."""
    _codes: dict[str, Parameters] = field(default_factory=dict)

    @contextmanager
    def serving(self) -> Iterator["Provider"]:
        """Serve on a port of this machine."""
        handler = type("Handler", (_Handler,), {"provider": self})
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            self.url = f"http://127.0.0.1:{server.server_port}"
            with running_in_thread(partial(server.serve_forever, 0.05), stop=server.shutdown):
                yield self

    def discovery(self) -> dict[str, Any]:
        """Return the discovery document."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "revocation_endpoint": f"{self.url}/revoke",
            "end_session_endpoint": f"{self.url}/logout",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def asks(self, asked: Parameters) -> str:
        """Return the page with Alice's consent, or an error for a wrong request."""
        assert asked["client_id"] == CLIENT
        assert asked["redirect_uri"] == self.redirect_uri
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self._codes[code] = asked
        state = {"state": asked["state"]}
        yes = urlencode({"code": code, **state})
        no = urlencode({"error": "access_denied", **state})
        back = asked["redirect_uri"]
        return PAGE.format(yes=f"{back}?{yes}", no=f"{back}?{no}")

    def grant(self, asked: Parameters) -> dict[str, Any] | None:
        """Return tokens for a code with its verifier, or for a refresh token; each counts once."""
        if asked["client_id"] != CLIENT:
            return None
        if asked["grant_type"] == "refresh_token":
            known, nonce = asked["refresh_token"] in self.refresh_tokens, None
            self.refresh_tokens.discard(asked["refresh_token"])
        else:
            began = self._codes.pop(asked["code"], None)
            known = bool(began and self._proves(asked, began))
            nonce = began.get("nonce") if began else None
        return self._tokens(asked["grant_type"], nonce) if known else None

    def _proves(self, asked: Parameters, began: Parameters) -> bool:
        """Return whether the verifier fits the code's challenge: RFC 7636, 4.6."""
        digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        same_page = asked["redirect_uri"] == began["redirect_uri"]
        return same_page and challenge == began["code_challenge"]

    def _tokens(self, grant_type: str, nonce: str | None) -> dict[str, Any]:
        self.grants.append(grant_type)
        refresh = secrets.token_urlsafe(8)
        self.refresh_tokens.add(refresh)
        mine: dict[str, Any] = {"iss": self.url, "token_use": None}
        return {
            "access_token": self.issuer.token(**mine, aud=API, jti=refresh),
            "id_token": self.issuer.token(**mine, aud=CLIENT, nonce=nonce),
            "refresh_token": refresh,
            "expires_in": 3600,
            "token_type": "Bearer",
        }


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        """Serve discovery, keys, the consent page, and the sign-out."""
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        match parts.path:
            case "/.well-known/openid-configuration":
                self._json(self.provider.discovery())
            case "/keys":
                self._json(self.provider.issuer.document())
            case "/authorize":
                self._send(200, "text/html", self.provider.asks(asked))
            case "/logout":
                assert asked["post_logout_redirect_uri"] == self.provider.redirect_uri
                self._send(302, "text/plain", "", Location=asked["post_logout_redirect_uri"])
            case _:
                self._send(404, "text/plain", "")

    def do_POST(self) -> None:
        """Return new tokens, or revoke them."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = dict(parse_qsl(body))
        if self.path == "/revoke":
            self.provider.refresh_tokens.discard(asked["token"])
            self._json({})
        elif tokens := self.provider.grant(asked):
            self._json(tokens)
        else:
            self._json({"error": "invalid_grant"}, status=400)

    def _json(self, content: object, status: int = 200) -> None:
        self._send(status, "application/json", json.dumps(content))

    def _send(self, status: int, type_: str, text: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", type_)
        self.send_header("Content-Length", str(len(text.encode())))
        self.send_header("Access-Control-Allow-Origin", "*")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the library's
        """Write no log."""

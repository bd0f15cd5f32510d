"""Decides which requests reach MiniStack: none of foreign web pages, and none without a signature.

D-110 in docs/decisions says from whom it protects.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from local.emulator.signatures import Scope, Signatures

Application = Callable[[Any, Any, Any], Awaitable[None]]
Verify = Callable[[bytes], bool]

API = "/_aws/execute-api/"
HEALTH = "/_ministack/health"
KEYS = "/.well-known/jwks.json"
COGNITO = "AWSCognitoIdentityProviderService."
JSON = "application/x-amz-json-1.1"
PUBLIC_CALLS = frozenset(
    COGNITO + name
    for name in (
        "InitiateAuth",
        "RespondToAuthChallenge",
        "GetTokensFromRefreshToken",
        "RevokeToken",
    )
)
"""Calls that the page makes to sign in. AWS serves them without a signature too."""

FROM_BROWSERS = ("origin", "sec-fetch-site")
"""Headers that browsers send, and that a page cannot suppress or change."""

IN_QUERY = frozenset({"awsaccesskeyid", "signature"})
"""Names of SigV2 credentials in a query, in lower case. Names of SigV4 begin with `x-amz-`."""


class RefusedError(Exception):
    """The request must not reach MiniStack; the text says why."""


@dataclass(frozen=True, slots=True)
class Guard:
    """An ASGI application before *application*, which gets only what passes every rule.

    *hosts* are the values of `Host` that name the emulator. *origins* are those of the page.
    """

    application: Application
    hosts: frozenset[str]
    origins: frozenset[str]
    signatures: Signatures

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] not in ("http", "websocket"):
            await self.application(scope, receive, send)
            return
        try:
            verify = self._check(_Request.of(scope), scope)
            received = await _verified(verify, receive) if verify else receive
        except RefusedError as refusal:
            await _refuse(scope, receive, send, str(refusal))
            return
        await self.application(scope, received, send)

    def _check(self, request: "_Request", scope: Scope) -> Verify | None:
        """Check all but the signature; return what verifies it, if the request needs one.

        Raises RefusedError.
        """
        if request.values("host") not in [(host,) for host in self.hosts]:
            raise RefusedError("the Host header does not name this emulator")
        if any(request.values(name) for name in FROM_BROWSERS):
            self._check_page(request)
            return None
        if request.is_public:
            return None
        if request.is_administrative:
            raise RefusedError("this path is closed")
        if request.has_credentials_in_query:
            raise RefusedError("credentials in the query are not accepted")
        verify = self.signatures.verifier(scope) if request.kind == "http" else None
        if verify is None:
            raise RefusedError("a signature of this run's credentials is required")
        return verify

    def _check_page(self, request: "_Request") -> None:
        """Check a browser's request: only the chat's page, and only what the page needs."""
        if request.values("origin") not in [(origin,) for origin in self.origins]:
            raise RefusedError("the request is of another page than the chat's")
        is_preflight = (request.kind, request.method, request.path) == ("http", "OPTIONS", "/")
        if not (is_preflight or request.is_sign_in or request.is_handshake):
            raise RefusedError("the page does not need this request")


@dataclass(frozen=True, slots=True)
class _Request:
    """The parts of a request that the rules look at."""

    kind: str
    method: str
    path: str
    query: str
    headers: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, scope: Scope) -> "_Request":
        """Return the request of an ASGI scope."""
        headers: dict[str, tuple[str, ...]] = {}
        for name, value in scope["headers"]:
            key = name.decode("latin-1").lower()
            headers[key] = (*headers.get(key, ()), value.decode("latin-1"))
        query = scope["query_string"].decode("latin-1")
        return cls(scope["type"], scope.get("method", "GET"), scope["path"], query, headers)

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of a header."""
        return self.headers.get(name, ())

    @property
    def is_handshake(self) -> bool:
        """Return whether a client connects to the chat."""
        return self.kind == "websocket" and self.path.startswith(API)

    @property
    def is_sign_in(self) -> bool:
        """Return whether it is a call that signs a user of the pool in or out."""
        target = self.values("x-amz-target")
        return (
            (self.kind, self.method, self.path, self.query) == ("http", "POST", "/", "")
            and len(target) == 1
            and target[0] in PUBLIC_CALLS
            and self.values("content-type") == (JSON,)
            and not self.values("authorization")
        )

    @property
    def is_public(self) -> bool:
        """Return whether it needs no signature."""
        is_read = (self.kind, self.method, self.query) == ("http", "GET", "")
        is_keys = self.path.endswith(KEYS) and self.path.count("/") == 3
        return (
            self.is_handshake or self.is_sign_in or (is_read and (self.path == HEALTH or is_keys))
        )

    @property
    def is_administrative(self) -> bool:
        """Return whether the path is MiniStack's own; AWS has no path that begins with `/_`."""
        return self.path.startswith("/_") and not self.path.startswith(API)

    @property
    def has_credentials_in_query(self) -> bool:
        """Return whether the query names a key or a signature."""
        names = {name.lower() for name in parse_qs(self.query, keep_blank_values=True)}
        return bool(names & IN_QUERY) or any(name.startswith("x-amz-") for name in names)


async def _verified(verify: Verify, receive: Any) -> Callable[[], Awaitable[Any]]:
    """Read the whole request, verify it, and return a `receive` that gives it again.

    Raises RefusedError.
    """
    messages = [await receive()]
    while messages[-1]["type"] == "http.request" and messages[-1].get("more_body"):
        messages.append(await receive())
    body = b"".join(message.get("body", b"") for message in messages)
    if not verify(body):
        raise RefusedError("the signature does not match")
    unread = iter(messages)

    async def again() -> Any:
        message = next(unread, None)
        return await receive() if message is None else message

    return again


async def _refuse(scope: Scope, receive: Any, send: Any, reason: str) -> None:
    """Answer 403. No header allows a page to read the answer."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": f"Refused: {reason}.\n".encode()})

"""Build and headers of the page, the same on AWS and in the emulator."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chat_stack.errors import ConfigError
from chat_stack.identity.page_config import GUESTS, PageSignIn

WEB = Path(__file__).resolve().parents[2] / "web"
BUILT = WEB / "dist"
SOURCES = (
    *("index.html", "package.json", "package-lock.json", "public", "sdk", "src"),
    *("tsconfig.json", "vite.config.ts"),
)
FINGERPRINT = "fingerprint"  # in the built page: digest of its sources
CONFIG = "config.json"  # beside the page: URL of the chat, and sign-in
ASSETS = "assets"  # folder of files that are named by their content

FOR_A_YEAR = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"  # cached, but revalidated before each use

HEADERS: Mapping[str, str] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def config(web_socket_url: str, sign_in: PageSignIn = GUESTS) -> dict[str, Any]:
    """Return config.json, which the page reads first."""
    return {"webSocketUrl": web_socket_url, "signIn": sign_in.config}


def content_security_policy(chat: str, sign_in: PageSignIn = GUESTS) -> str:
    """Return the policy: own files, the origin *chat* (`wss://host`), and sign-in.

    The page also requests the chat by HTTP: a rejected handshake then differs from a chat that
    cannot be reached. Nothing is inline, and nothing is loaded from other origins.
    """
    by_http = f"http{chat.removeprefix('ws')}"
    connects = " ".join(dict.fromkeys(["'self'", chat, by_http, *sign_in.origins]))
    rules = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        f"connect-src {connects}",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
    return "; ".join(rules)


def cache_control(path: str) -> str:
    """Return how long a browser may cache the file at *path*, relative to the page."""
    return FOR_A_YEAR if path.startswith(f"{ASSETS}/") else ASK_AGAIN


def fingerprint(web: Path = WEB) -> str:
    """Return a digest of all sources of the page."""
    digest = hashlib.sha256()
    for path in _sources(web):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(web)} {content}\n".encode())
    return digest.hexdigest()


def is_current(built: Path = BUILT, web: Path = WEB) -> bool:
    """Return whether *built* has a complete page of the current sources."""
    mark = built / FINGERPRINT
    return mark.is_file() and mark.read_text() == fingerprint(web)


def mark_current(fingerprint_: str, built: Path = BUILT) -> None:
    """Write the digest of the sources into *built*, which marks the page as complete."""
    (built / FINGERPRINT).write_text(fingerprint_)


def require(built: Path = BUILT, web: Path = WEB) -> Path:
    """Return *built*; raise `ConfigError` if its page is missing or stale."""
    if not is_current(built, web):
        raise ConfigError(
            "The page in web/dist is missing, or older than its source. Run: make page"
        )
    return built


def _sources(web: Path) -> Iterator[Path]:
    for name in SOURCES:
        path = web / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in files if file.is_file() and ".test." not in file.name)

"""How the page is built and served, on AWS and on the laptop alike; knows nothing of either."""

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
FINGERPRINT = "fingerprint"  # in the built page: of what it was built from
CONFIG = "config.json"  # beside the page: where its chat is, and how people sign in
ASSETS = "assets"  # the folder of files that are named by their content

FOR_A_YEAR = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"  # kept, but never used without asking

HEADERS: Mapping[str, str] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def config(web_socket_url: str, sign_in: PageSignIn = GUESTS) -> dict[str, Any]:
    """What the page reads first."""
    return {"webSocketUrl": web_socket_url, "signIn": sign_in.config}


def content_security_policy(chat: str, sign_in: PageSignIn = GUESTS) -> str:
    """Its own files, *chat*, an origin such as `wss://host`, and who is asked for tokens.

    The page also asks the chat by HTTP, to tell a refused handshake from a chat that is out of
    reach. Nothing is inline, nothing comes from anywhere else.
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
    """How long a browser may keep the file at *path*, which is relative to the page."""
    return FOR_A_YEAR if path.startswith(f"{ASSETS}/") else ASK_AGAIN


def fingerprint(web: Path = WEB) -> str:
    """A digest of everything that the page is built from."""
    digest = hashlib.sha256()
    for path in _sources(web):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(web)} {content}\n".encode())
    return digest.hexdigest()


def is_current(built: Path = BUILT, web: Path = WEB) -> bool:
    """Whether the page in *built* is there, whole, and made of the sources as they are."""
    mark = built / FINGERPRINT
    return mark.is_file() and mark.read_text() == fingerprint(web)


def mark_current(fingerprint_: str, built: Path = BUILT) -> None:
    """Say that the page in *built* is whole, and of what it was built."""
    (built / FINGERPRINT).write_text(fingerprint_)


def require(built: Path = BUILT, web: Path = WEB) -> Path:
    """*built*, or the ConfigError that its page is missing or stale."""
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

"""The page on this machine: built if its source has changed, served as on AWS."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from chat_stack.identity.page_config import GUESTS, PageSignIn, by_form
from chat_stack.web import page
from local.page import PageServer, build
from tools.common import UserError

CHAT = "ws://127.0.0.1:4566/api/local"


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """Return the source of a small page."""
    source = tmp_path / "web"
    (source / "src").mkdir(parents=True)
    entry = '<!doctype html><script type="module" src="/src/main.ts"></script>'
    (source / "index.html").write_text(entry)
    (source / "src" / "main.ts").write_text('document.title = "one";')
    return source


@contextmanager
def served(built: Path, sign_in: PageSignIn = GUESTS) -> Iterator[HTTPConnection]:
    """Serve the page in *built*; yield a connection to the server."""
    with PageServer(0, built) as server, server.serving(CHAT, sign_in):
        connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        try:
            yield connection
        finally:
            connection.close()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[HTTPConnection]:
    """Return a connection to the server of a built page."""
    built = tmp_path / "built"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html>")
    (built / "config.json").write_text("{}")
    (built / "assets" / "index-abc.js").write_text("1")
    (tmp_path / "secret.txt").write_text("not for the world")
    with served(built) as connection:
        yield connection


def get(browser: HTTPConnection, path: str, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    """Return the answer and its body."""
    browser.request(method, path)
    answer = browser.getresponse()
    return answer, answer.read()


def test_builds_what_has_changed_and_nothing_else(web: Path, tmp_path: Path) -> None:
    """A second build does nothing; a changed source is built again, a changed test is not."""
    said: list[str] = []

    def built() -> tuple[Path, ...]:
        folder = build(folder=tmp_path / "logs", say=said.append, web=web)
        return tuple(sorted((folder / "assets").iterdir()))

    first = built()
    assert built() == first
    assert len(said) == 1

    (web / "src" / "main.test.ts").write_text("a test")
    assert built() == first
    assert len(said) == 1

    (web / "src" / "main.ts").write_text('document.title = "two";')
    assert built() != first
    assert said == ["Building the page ..."] * 2


def test_an_interrupted_build_is_repeated(web: Path, tmp_path: Path) -> None:
    """Files without the mark of a complete build do not count."""
    said: list[str] = []
    (web / "dist").mkdir()
    (web / "dist" / "index.html").write_text("half")

    built = build(folder=tmp_path, say=said.append, web=web)

    assert len(said) == 1
    assert "half" not in (built / "index.html").read_text()


def test_a_failed_build_is_an_error(web: Path, tmp_path: Path) -> None:
    """The error ends with the builder's output, and the next attempt builds again."""
    (web / "src" / "main.ts").write_text("const = 1;")

    for _ in range(2):
        with pytest.raises(UserError, match=r"(?s)^The page could not be built\..*main\.ts"):
            build(folder=tmp_path, say=print, web=web)


def test_config_has_the_address_of_the_chat(browser: HTTPConnection) -> None:
    """The served config.json is the running chat's, and not the file of the build."""
    for path in ("/config.json", "/config.json?1"):
        answer, body = get(browser, path)

        assert json.loads(body) == {"webSocketUrl": CHAT, "signIn": {"type": "guest"}}
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Cache-Control"] == "no-cache"


def test_config_has_the_sign_in(tmp_path: Path) -> None:
    """The config.json has the issuer, and the policy allows requests to it."""
    pool = by_form(endpoint="http://127.0.0.1:4566", client_id="page")
    with served(tmp_path, pool) as browser:
        answer, body = get(browser, "/config.json")

    signs_in = {"type": "cognito", "endpoint": "http://127.0.0.1:4566/", "clientId": "page"}
    assert json.loads(body)["signIn"] == signs_in
    connects = "connect-src 'self' ws://127.0.0.1:4566 http://127.0.0.1:4566;"
    assert connects in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/config.json", "/assets/index-abc.js", "/nothing"])
def test_has_the_headers_of_cloudfront(browser: HTTPConnection, path: str) -> None:
    """Each answer has them, a 404 too; the policy names this chat's origin and no other."""
    answer, _ = get(browser, path)

    assert page.HEADERS.items() <= dict(answer.headers).items()
    policy = answer.headers["Content-Security-Policy"]
    assert policy == page.content_security_policy("ws://127.0.0.1:4566")
    assert "connect-src 'self' ws://127.0.0.1:4566 http://127.0.0.1:4566;" in policy


@pytest.mark.parametrize(
    ("path", "status", "type_", "cache"),
    [
        ("/", 200, "text/html; charset=utf-8", "no-cache"),
        ("/index.html", 200, "text/html; charset=utf-8", "no-cache"),
        ("/assets/index-abc.js", 200, "text/javascript; charset=utf-8", page.FOR_A_YEAR),
        ("/assets/index-old.js", 404, "text/plain; charset=utf-8", "no-cache"),
        ("/assets/", 404, "text/plain; charset=utf-8", "no-cache"),
        ("/../secret.txt", 404, "text/plain; charset=utf-8", "no-cache"),
        ("/%00", 404, "text/plain; charset=utf-8", "no-cache"),
        ("/config.json%00", 404, "text/plain; charset=utf-8", "no-cache"),
        ("/%2e%2e/secret.txt", 404, "text/plain; charset=utf-8", "no-cache"),
        ("/assets/..%2f..%2f..%2fsecret.txt", 404, "text/plain; charset=utf-8", "no-cache"),
    ],
)
def test_files_with_a_hash_in_their_name_are_cached(
    browser: HTTPConnection, path: str, status: int, type_: str, cache: str
) -> None:
    """Files in assets/ are cached for a year, all else never; no other file is served."""
    for method in ("GET", "HEAD"):
        answer, body = get(browser, path, method)

        assert answer.status == status
        assert answer.headers["Content-Type"] == type_
        assert answer.headers["Cache-Control"] == cache
        assert b"world" not in body


def test_an_early_request_waits(tmp_path: Path) -> None:
    """A request before the chat is ready waits, and is answered when it is."""
    (tmp_path / "index.html").write_text("<!doctype html>")
    with PageServer(0, tmp_path) as server:
        browser = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        browser.request("GET", "/")

        with server.serving(CHAT):
            assert browser.getresponse().read() == b"<!doctype html>"

        browser.close()

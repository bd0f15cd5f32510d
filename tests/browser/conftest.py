"""Fixtures: a browser, the page as `make run` serves it, and its visitors."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from local.page import PageServer, build
from local.sign_in import on_page
from tests.browser.support.chromium import chromium, find
from tests.browser.support.signed_in import Chat
from tests.browser.support.user import People, people_at
from tests.support.emulator import Pool, Stack

ABSENT = "there is no Chromium: install it, or set CHROMIUM to its path"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a browser for the tests of a file. Without a browser, skip them, or fail in CI.

    The browser does not stay for the whole run.
    While Playwright runs, other tests cannot run an event loop.
    """
    path = find()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(ABSENT)
    with chromium(path) as running:
        yield running


@pytest.fixture(scope="session")
def built_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the page from its current source."""
    return build(folder=tmp_path_factory.mktemp("page"), say=print)


@pytest.fixture(scope="session")
def page_url(stack: Stack, built_page: Path) -> Iterator[str]:
    """Serve the page of the deployed chat."""
    with PageServer(stack.page_port, built_page) as server, server.serving(stack.web_socket_url):
        yield server.url


@pytest.fixture
def people(browser: Browser, page_url: str) -> Iterator[People]:
    """Yield visitors of that page. The test fails after a mishap."""
    with people_at(browser, page_url) as visitors:
        yield visitors


@pytest.fixture(scope="session")
def chat(pool: Pool, built_page: Path) -> Iterator[Chat]:
    """Serve the page of a chat with a user pool and three users."""
    url, endpoints = pool.emulator.url, pool.endpoints
    passwords = {name: pool.password(name) for name in ("alice", "bob", "dave")}
    sign_in = on_page(url, endpoints)
    port = pool.emulator.page_port
    with PageServer(port, built_page) as page, page.serving(endpoints.web_socket_url, sign_in):
        yield Chat(url, page.url, endpoints, passwords)


@pytest.fixture
def guests(browser: Browser, chat: Chat) -> Iterator[People]:
    """Yield visitors of that page. The test fails after a mishap."""
    with people_at(browser, chat.page_url) as visitors:
        yield visitors


@pytest.fixture(scope="session")
def new_room() -> Callable[[], str]:
    """Return a function that makes up room ids that no other test uses."""
    numbers = itertools.count(1)
    return lambda: f"browser-{os.getpid()}-{next(numbers)}"


@pytest.fixture
def room(new_room: Callable[[], str]) -> str:
    """Return a room id that no other test uses."""
    return new_room()

"""A browser, the page as `make run` serves it, and people who look at it."""

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

ABSENT = "no Chromium here: install one, or let CHROMIUM name its program"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of a file; skips them where there is none, except in CI.

    Not for the whole run: while Playwright is there, no other test can run an event loop.
    """
    path = find()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(ABSENT)
    with chromium(path) as running:
        yield running


@pytest.fixture(scope="session")
def built_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as its source is now."""
    return build(folder=tmp_path_factory.mktemp("page"), say=print)


@pytest.fixture(scope="session")
def page_url(stack: Stack, built_page: Path) -> Iterator[str]:
    """The page of the deployed chat."""
    with PageServer(0, built_page) as server, server.serving(stack.web_socket_url):
        yield server.url


@pytest.fixture
def people(browser: Browser, page_url: str) -> Iterator[People]:
    """Visitors of that page, who must meet no mishap."""
    with people_at(browser, page_url) as visitors:
        yield visitors


@pytest.fixture(scope="session")
def chat(pool: Pool, built_page: Path) -> Iterator[Chat]:
    """The chat with a user pool, its page, and three people."""
    url, endpoints = pool.emulator.url, pool.endpoints
    passwords = {name: pool.password(name) for name in ("alice", "bob", "dave")}
    sign_in = on_page(url, endpoints)
    with PageServer(0, built_page) as page, page.serving(endpoints.web_socket_url, sign_in):
        yield Chat(url, page.url, endpoints, passwords)


@pytest.fixture
def guests(browser: Browser, chat: Chat) -> Iterator[People]:
    """Visitors of that page, who must meet no mishap."""
    with people_at(browser, chat.page_url) as visitors:
        yield visitors


@pytest.fixture(scope="session")
def new_room() -> Callable[[], str]:
    """Ids of rooms that no other test uses."""
    numbers = itertools.count(1)
    return lambda: f"browser-{os.getpid()}-{next(numbers)}"


@pytest.fixture
def room(new_room: Callable[[], str]) -> str:
    """The id of a room that no other test uses."""
    return new_room()

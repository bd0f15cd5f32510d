"""The Chromium of this machine, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ELSEWHERE = (Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),)
PATIENCE = 20_000.0
"""Milliseconds that a page may take before a test fails."""


def find() -> str | None:
    """The path of a browser: the one that CHROMIUM names, else one that is installed."""
    if named := os.environ.get("CHROMIUM"):
        return named
    found = [path for name in NAMES if (path := shutil.which(name))]
    return next(iter([*found, *(str(path) for path in ELSEWHERE if path.exists())]), None)


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """The browser at *path*. While it runs, this thread can run no event loop of its own."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            # Chromium's own sandbox refuses to work for root.
            chromium_sandbox=os.getuid() != 0,
        )
        try:
            yield browser
        finally:
            browser.close()

"""The Chromium of this machine, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ELSEWHERE = (Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),)
TIMEOUT_MS = 20_000.0
"""Milliseconds that an expectation waits before its test fails."""


def find() -> str | None:
    """Return the path of a browser: the value of CHROMIUM, or an installed browser."""
    if named := os.environ.get("CHROMIUM"):
        return named
    found = [path for name in NAMES if (path := shutil.which(name))]
    return next(iter([*found, *(str(path) for path in ELSEWHERE if path.exists())]), None)


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """Start the browser at *path*. While it runs, this thread cannot run another event loop."""
    expect.set_options(timeout=TIMEOUT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            # Chromium's sandbox does not work for root.
            chromium_sandbox=os.getuid() != 0,
        )
        try:
            yield browser
        finally:
            browser.close()

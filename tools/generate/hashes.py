"""Write the hashes of the wheels into the requirements of everything that is deployed.

Run `make hashes` after a change of a version there. pip installs no other file:
https://pip.pypa.io/en/stable/topics/secure-installs/
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from urllib.request import urlopen

from tools.common import ROOT

DEPLOYED = (ROOT / "lambda" / "requirements.txt", ROOT / "canary" / "requirements.txt")
OLDEST = (3, 11)
"""The oldest Python of CPython that installs these packages, as in pyproject.toml."""
SECONDS = 60

_PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)")
_LINK = re.compile(r"#sha256=(?P<hash>[0-9a-f]{64})[^>]*>\s*(?P<file>[^<\s]+\.whl)\s*<")
_HASH = re.compile(r"\s*\\\n\s*--hash=\S+")


def main() -> None:
    """Replace the hashes in each file."""
    index = _index()
    for path in DEPLOYED:
        lines = _HASH.sub("", path.read_text()).splitlines()
        path.write_text("".join(f"{_with_hashes(line, index)}\n" for line in lines))


def _with_hashes(line: str, index: str) -> str:
    """Return a line with the hashes of its package. A comment stays as it is."""
    pin = _PIN.match(line)
    if pin is None:
        return line
    page = _read(f"{index.rstrip('/')}/{_normalized(pin['name'])}/")
    found = [f"--hash=sha256:{it}" for it in sorted(set(hashes(page, pin["version"])))]
    if not found:
        raise SystemExit(f"The package index has no wheel of {pin[0]}")
    return " \\\n    ".join([line.rstrip(), *found])


def hashes(page: str, version: str) -> Iterator[str]:
    """Yield the hashes of a version's wheels in a page of a package index."""
    for link in _LINK.finditer(page):
        _, found, *_, pythons, abi, _ = link["file"].removesuffix(".whl").split("-")
        if found == version and any(_fits(python, abi) for python in pythons.split(".")):
            yield link["hash"]


def _fits(python: str, abi: str) -> bool:
    """Return whether a Python that is new enough can install a wheel with these tags."""
    tag = re.fullmatch(r"cp3(\d+)", python)
    if tag is None:
        return python == "py3"
    return "abi3" in abi or (3, int(tag[1])) >= OLDEST


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _index() -> str:
    """Return the address of the package index that pip uses here."""
    command = [sys.executable, "-m", "pip", "install", "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - pip
    found = re.search(r"--index-url <url>.*?\(default\s+(\S+?)\)", text, re.DOTALL)
    if found is None:
        raise SystemExit("pip does not say which package index it uses")
    return found[1]


def _read(url: str) -> str:
    with urlopen(url, timeout=SECONDS) as response:  # noqa: S310 - the index that pip uses
        content: bytes = response.read()
    return content.decode()


if __name__ == "__main__":
    main()

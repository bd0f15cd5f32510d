"""`make conformance`, run as a program, and its report."""

import re

from tests.support.commands import Ended, run_command


def conform(*arguments: str, **variables: str) -> Ended:
    """Run `make conformance` with pytest's *arguments*; return how it ended."""
    return run_command("tests.conformance", *arguments, **variables)


def lines(printed: str, state: str) -> list[str]:
    """Return the rules that a report names as being in *state*."""
    return re.findall(rf"^{state} +(\S.*)$", printed, re.MULTILINE)

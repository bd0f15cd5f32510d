"""The report that `make conformance` prints: which rules of the protocol a chat keeps."""

from collections import Counter
from collections.abc import Callable
from typing import Literal

import pytest

from tests.conformance.endpoint import Endpoint

State = Literal["kept", "broken", "not asked"]


class Report:
    """A plugin that gives the suite its chat, and prints each rule with its result."""

    def __init__(self, endpoint: Endpoint, *, say: Callable[[str], None]) -> None:
        self.endpoint = endpoint
        self.count: Counter[State] = Counter()
        self._say = say
        self._rules: dict[str, str] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Take the docstring of each test as its rule, with the case if there are several."""
        for item in items:
            assert isinstance(item, pytest.Function)
            rule = " ".join((item.obj.__doc__ or "").split())
            case = item.name.partition("[")[2].rstrip("]")
            self._rules[item.nodeid] = f"{rule} ({case})" if case else rule

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Print the result of a test and its reason. Errors in setup and teardown count too."""
        if report.skipped:
            self._tell("not asked", report, report.longrepr[2])  # type: ignore[index]  # file, line, reason
        elif report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            self._tell("broken", report, crash.message if crash else str(report.longrepr))
        elif report.when == "call":
            self._tell("kept", report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Print why a file of the suite could not be loaded."""
        if report.failed:
            self._say(f"{report.nodeid}: {report.longrepr}")

    def _tell(self, state: State, report: pytest.TestReport, why: str = "") -> None:
        self.count[state] += 1
        self._say(f"{state:<9}  {self._rules[report.nodeid]}")
        if why:
            reason = why.strip().splitlines()[0].removeprefix("Skipped: ")
            self._say(f"           {reason.removeprefix('AssertionError: ')}")
        if state == "broken":
            self._say(f"           {report.nodeid}")

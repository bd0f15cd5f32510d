"""The list of slow tests names tests that exist."""

import pytest

from tests.conftest import HERE, SLOW


@pytest.mark.parametrize("named", SLOW)
def test_each_slow_test_exists(named: str) -> None:
    """Each entry is a folder or a file, and may name a test in the file.

    A renamed test would otherwise become part of `make unit`.
    """
    path, _, test = named.partition("::")
    name, _, _parameters = test.partition("[")

    assert (HERE / path).exists()
    assert not name or f"def {name}(" in (HERE / path).read_text()

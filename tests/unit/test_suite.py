"""Rules of the test suite itself, read from the source of every test file."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]


def is_collected(module: str) -> bool:
    """Return whether pytest collects *module* itself, as a test file or a conftest."""
    name = module.rpartition(".")[2]
    return name.startswith("test_") or name == "conftest"


def imported_modules(file: Path) -> Iterator[str]:
    """Return every dotted name under `tests` that *file* imports, lazy imports included."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}: a relative import"
            yield str(node.module)
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_no_file_imports_a_test_file() -> None:
    """A module that is no test holds what two test files share."""
    files = sorted(TESTS.rglob("*.py"))
    found = [(file, module) for file in files for module in imported_modules(file)]
    of_tests = [(file, module) for file, module in found if module.startswith("tests.")]

    wrong = [(str(file), module) for file, module in of_tests if is_collected(module)]

    assert len(of_tests) > len(files)
    assert wrong == []


def test_notices_an_import_of_a_test_file(tmp_path: Path) -> None:
    """Both forms of the import are found, also inside a function."""
    file = tmp_path / "test_new.py"
    file.write_text(
        "from tests.unit import test_suite\n"
        "def late():\n    import tests.conftest\n    from tests.unit.test_suite import TESTS\n"
    )

    found = {module for module in imported_modules(file) if is_collected(module)}

    assert found == {"tests.unit.test_suite", "tests.conftest"}

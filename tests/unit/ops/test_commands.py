"""User ids and texts of users do no harm in an operator's terminal."""

import json
import sys

import pytest

from ops.__main__ import main
from ops.terminal import printable
from tools.common import make_command

HIDDEN = ("a\nb", "a\x1b[2J", "a\x9b31m", "a\u202eb", "a\u200bb", " a", "a ", "\ta", "a\x7f")


@pytest.mark.parametrize("command", ["ban-user", "unban-user", "export-user", "erase-user"])
@pytest.mark.parametrize("user", HIDDEN)
def test_ids_with_hidden_characters_are_refused(
    command: str,
    user: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command does nothing, and prints nothing of the id."""
    monkeypatch.setattr(sys, "argv", ["ops", command])
    monkeypatch.setenv("USER", user)

    assert main() == 1

    refused = "USER: control characters and outer blanks are not allowed in a user id\n"
    assert capsys.readouterr() == ("", refused)


@pytest.mark.parametrize("user", ["$(touch pwned)", "`id`", "a;b", "a'b", "plain"])
def test_erasing_prints_a_quoted_command(
    user: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command that the operator copies has the id in quotes, and the environment."""
    monkeypatch.setattr(sys, "argv", ["ops", "erase-user"])
    monkeypatch.setenv("USER", user)
    monkeypatch.setenv("ENV", "prod")

    assert main() == 1

    again = make_command("erase-user", ENV="prod", USER=user, CONFIRM=user)
    errors = capsys.readouterr().err
    assert errors == f"This cannot be undone. To continue: {again}\n"


def test_an_export_is_printable() -> None:
    """An export has escapes for what a terminal obeys, and is the same JSON."""
    stored = {"text": "é 💬 \x1b[2J \x9b31m \u202e \u2028 \ufeff \U000e0041", "name": "a\tb\nc"}

    printed = printable(json.dumps(stored, indent=2, ensure_ascii=False))

    assert json.loads(printed) == stored
    assert "é 💬" in printed
    assert not {"\x1b", "\x9b", "\u202e", "\u2028", "\ufeff", "\U000e0041"} & {*printed}

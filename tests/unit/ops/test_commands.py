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


@pytest.mark.parametrize("command", ["ban-user", "unban-user", "export-user", "erase-user"])
@pytest.mark.parametrize("user", HIDDEN)
def test_ids_with_hidden_characters_are_given_as_json(
    command: str,
    user: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """USER_JSON holds an id from before the rule. No output has its hidden characters raw."""
    asked: list[str] = []
    escaped = json.dumps(user)
    monkeypatch.setattr(sys, "argv", ["ops", command])
    monkeypatch.setenv("USER", "")
    monkeypatch.setenv("USER_JSON", escaped)
    monkeypatch.setenv("CONFIRM", escaped)
    monkeypatch.setattr("ops.__main__.find", lambda _: None)
    monkeypatch.setattr("ops.__main__._records", lambda: FakeRecords(asked))
    for name in ("ban", "unban"):
        monkeypatch.setattr(f"ops.__main__.{name}", FakeRecords(asked).ban)

    assert main() == 0

    assert asked == [user]
    printed = capsys.readouterr().out.strip()
    assert not {*printed} & {"\x1b", "\x9b", "\u202e", "\u200b", "\x7f", "\t"}
    assert command == "export-user" or "\n" not in printed


class FakeRecords:
    """The data of a user, which remembers whose it was asked for."""

    def __init__(self, asked: list[str]) -> None:
        self._asked = asked

    def ban(self, user_id: str, chat: object) -> str:
        """Return a line about a ban."""
        assert chat is None
        self._asked.append(user_id)
        return f"{user_id} is banned"

    def export(self, user_id: str) -> dict[str, str]:
        """Return the data of a user."""
        self._asked.append(user_id)
        return {"userId": user_id}

    def erase(self, user_id: str, *, say: object) -> int:
        """Return how many items were changed."""
        assert say
        self._asked.append(user_id)
        return 1


@pytest.mark.parametrize(
    "text", ["a", "1", "[]", '""', '"\x1b"', '"a" ', '"\\ud800"', "$(id)"], ids=repr
)
def test_other_json_is_refused(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """USER_JSON is a JSON string without raw control characters. Its value is not printed."""
    monkeypatch.setattr(sys, "argv", ["ops", "ban-user"])
    monkeypatch.setenv("USER", "")
    monkeypatch.setenv("USER_JSON", text)

    assert main() == 1

    refused = "USER_JSON: expected a JSON string, such as '\"a\\u001bb\"'\n"
    assert capsys.readouterr() == ("", refused)


def test_erasing_an_escaped_id_prints_the_escaped_id(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command that the operator copies has the JSON string, in quotes."""
    monkeypatch.setattr(sys, "argv", ["ops", "erase-user"])
    monkeypatch.setenv("USER_JSON", '"a\\u001bb"')

    assert main() == 1

    escaped = '"a\\u001bb"'
    again = make_command("erase-user", USER_JSON=escaped, CONFIRM=escaped)
    assert f"To continue: {again}\n" in capsys.readouterr().err


def test_an_export_is_printable() -> None:
    """An export has escapes for what a terminal obeys, and is the same JSON."""
    stored = {"text": "é 💬 \x1b[2J \x9b31m \u202e \u2028 \ufeff \U000e0041", "name": "a\tb\nc"}

    printed = printable(json.dumps(stored, indent=2, ensure_ascii=False))

    assert json.loads(printed) == stored
    assert "é 💬" in printed
    assert not {"\x1b", "\x9b", "\u202e", "\u2028", "\ufeff", "\U000e0041"} & {*printed}

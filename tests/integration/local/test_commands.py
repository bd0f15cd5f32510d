"""The commands beside `make run`, and their errors if no chat is running."""

from pathlib import Path

import pytest

from local.endpoints_file import alone, announced, endpoint
from tests.support.commands import run_command

COMMANDS = ("redeploy", "web", "wscat")


UNKNOWN = "expected one of: run, redeploy, page, web, wscat\n"


def says(command: str, folder: Path) -> tuple[int, str]:
    """Run `make command`; return its exit status and all that it printed."""
    return run_command("local", command, LOCAL_FOLDER=str(folder)).printed


def test_an_unknown_command_is_one_line(tmp_path: Path) -> None:
    """The line names the command and lists the known ones; there is no trace."""
    assert says("start", tmp_path) == (1, f"unknown command 'start'; {UNKNOWN}")


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_chat_it_is_one_line(tmp_path: Path, command: str) -> None:
    """The line is the same if no chat ever ran, and if a killed one left its announcement."""
    expected = (1, "The chat is not running here. Start it: make run\n")
    assert says(command, tmp_path) == expected

    with alone(tmp_path):
        pass
    (tmp_path / "endpoints.json").write_text('{"webSocketUrl": "ws://stale", "webUrl": "http://s"}')

    assert says(command, tmp_path) == expected


@pytest.mark.parametrize("command", COMMANDS)
def test_before_the_chat_is_ready_it_is_one_line(tmp_path: Path, command: str) -> None:
    """A chat that is starting has not announced its address yet."""
    with alone(tmp_path):
        expected = (1, "The chat is not ready yet. Try again when it says so\n")
        assert says(command, tmp_path) == expected


@pytest.mark.parametrize("content", ["", '{"webSocketUrl": "ws://1', "[]", "{}", '{"webUrl": 1}'])
def test_a_damaged_announcement_is_one_line(tmp_path: Path, content: str) -> None:
    """The line names the file and the remedy."""
    path = tmp_path / "endpoints.json"
    with alone(tmp_path):
        path.write_text(content)

        expected = (1, f"{path} is damaged. Start the chat again: Ctrl-C, make run\n")
        assert says("web", tmp_path) == expected


def test_finds_the_running_chat(tmp_path: Path) -> None:
    """A command finds the announced chat, and reading the announcement keeps the folder's lock."""
    with alone(tmp_path):
        with announced(tmp_path, {"webUrl": "http://here/"}):
            assert endpoint(tmp_path, "webUrl") == "http://here/"
            assert endpoint(tmp_path, "webUrl") == "http://here/"
        assert not (tmp_path / "endpoints.json").exists()

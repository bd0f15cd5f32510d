"""`make run` as a program: its output, its announcement, its end, and its persistence."""

import json
import signal
import socket
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection

from chat_stack.web import page
from local.emulator_process import free_port, is_taken
from tests.integration.local.runs import (
    READY_AGAIN_WITHIN,
    STOPPED_WITHIN,
    eventually,
    running,
)
from tests.support.commands import run_command


def ask(connection: ClientConnection, **frame: str) -> Any:
    """Send *frame*; return the reply."""
    connection.send(json.dumps(frame))
    return json.loads(connection.recv(timeout=10))


def test_rooms_and_messages_outlive_a_stop_and_a_crash(tmp_path: Path) -> None:
    """The next run has the rooms of the last, and none of its connections."""
    port = free_port()
    with running(tmp_path, port) as first:
        first.until(first.is_ready)
        with first.connect() as alice:
            assert ask(alice, action="createRoom", roomId="tea")["type"] == "roomCreated"
            assert ask(alice, action="sendMessage", roomId="tea", text="hi")["message"]["seq"] == 1

        with running(tmp_path, port) as second:
            eventually(second.is_over, STOPPED_WITHIN)
            assert second.ends() == (1, "The chat is running here already. Stop it first: Ctrl-C\n")

        browser = HTTPConnection("127.0.0.1", first.page_port, timeout=STOPPED_WITHIN)
        browser.request("GET", "/config.json")
        assert json.load(browser.getresponse()) == page.config(str(first.url()))
        browser.close()
        assert first.url("webUrl") == f"http://127.0.0.1:{first.page_port}/"
        assert first.ends(signal.SIGTERM)[0] == 0
        assert not first.is_ready()
        assert not is_taken(first.page_port)
        assert not is_taken(first.port)

    with running(tmp_path, port) as crashing:
        crashing.until(crashing.is_ready, READY_AGAIN_WITHIN)
        with crashing.connect() as alice:
            assert ask(alice, action="joinRoom", roomId="tea")["messages"][0]["text"] == "hi"
            assert ask(alice, action="sendMessage", roomId="tea", text="ho")["message"]["seq"] == 2
            crashing.ends(signal.SIGKILL)
        eventually(lambda: not is_taken(crashing.port), STOPPED_WITHIN)
        assert crashing.is_ready()  # the killed run could not remove it
        stale = "ws://stale"
        (tmp_path / "endpoints.json").write_text(json.dumps({"webSocketUrl": stale}))
        (tmp_path / "state" / "deployed.json").write_text(
            '{"fingerprint": "'
        )  # an interrupted write

    with running(tmp_path, port) as last:
        last.until(lambda: last.url() not in (None, stale), READY_AGAIN_WITHIN)
        with last.connect() as alice:
            joined = ask(alice, action="joinRoom", roomId="tea")
        assert [message["text"] for message in joined["messages"]] == ["hi", "ho"]
        assert len(joined["members"]) == 1
        assert last.ends(signal.SIGINT)[0] == 0


@pytest.mark.parametrize("phase", ["emulator.log", "cdk.out", "cdk.out/manifest.json"])
def test_stops_at_any_time(tmp_path: Path, phase: str) -> None:
    """SIGTERM ends it and all its children within 5 seconds, at any point of its start."""
    with running(tmp_path) as run:
        run.until((tmp_path / phase).exists)

        status, output = run.ends(signal.SIGTERM)

        assert (status, output.splitlines()[-1]) == (0, "Stopped.")
        assert not is_taken(run.port)
        assert not run.is_ready()


@pytest.mark.parametrize(("variable", "another"), [("EMULATOR_PORT", "4577"), ("PORT", "8081")])
@pytest.mark.parametrize("given", [{}, {"IDENTITY": "cognito"}, {"IDENTITY": ""}], ids=str)
def test_a_taken_port_is_one_line(
    tmp_path: Path, variable: str, another: str, given: dict[str, str]
) -> None:
    """The line has the port, and the command with another port and the same variables."""
    ports = {"PORT": str(free_port()), "EMULATOR_PORT": str(free_port())}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        status, output = refused(tmp_path, **ports | given | {variable: str(port)})

    asked = {name: value for name, value in given.items() if value} | ports | {variable: another}
    again = " ".join(f"{name}={value}" for name, value in asked.items())
    assert status == 1
    assert output == f"Port {port} is taken. Choose another: make run {again}\n"
    assert not (tmp_path / "emulator.log").exists()


def test_a_taken_port_of_a_plain_run(tmp_path: Path) -> None:
    """If no variable was given, the command has only the port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        _, output = refused(tmp_path, EMULATOR_PORT=port, PORT="", IDENTITY="")

    assert output == f"Port {port} is taken. Choose another: make run EMULATOR_PORT=4577\n"


@pytest.mark.parametrize("variable", ["EMULATOR_PORT", "PORT"])
@pytest.mark.parametrize("text", ["http", "0", "65536", "-1"])
def test_a_wrong_port_is_one_line(tmp_path: Path, variable: str, text: str) -> None:
    """The line says that the value is no port number."""
    expected = f"{variable}={text} is not a port; choose one from 1024 to 65535\n"
    assert refused(tmp_path, **{variable: text}) == (1, expected)


def test_page_and_emulator_need_a_port_each(tmp_path: Path) -> None:
    """The line says that the two ports have to differ."""
    expected = "PORT and EMULATOR_PORT are both 9000; they have to differ\n"
    assert refused(tmp_path, PORT="9000", EMULATOR_PORT="9000") == (1, expected)


def refused(folder: Path, **variables: str) -> tuple[int, str]:
    """Return the exit status of a run that does not start, and all that it printed."""
    ports = {"EMULATOR_PORT": str(free_port()), "PORT": str(free_port())}
    variables = {"LOCAL_FOLDER": str(folder), **ports, **variables}
    return run_command("local", "run", **variables).printed

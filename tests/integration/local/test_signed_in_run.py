"""`make run IDENTITY=cognito` as a program: its users, in this run and the next."""

import json
import re
import signal
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from local.deploy import Endpoints
from local.emulator_process import free_port
from local.sign_in import bearer
from local.users import sign_in
from tests.integration.local.runs import READY_AGAIN_WITHIN, Run, open_to_others, running
from tests.support.commands import run_command

SAYS = re.compile(r"(alice|bob), password (\S+)")


def config_of(run: Run) -> Any:
    """Return the config.json of the page."""
    browser = HTTPConnection("127.0.0.1", run.page_port, timeout=5)
    browser.request("GET", "/config.json")
    config = json.load(browser.getresponse())
    browser.close()
    return config


def is_let_in(run: Run, name: str, password: str) -> bool:
    """Return whether a user who signs in as the page does can connect."""
    signs_in = config_of(run)["signIn"]
    endpoints = Endpoints("", "", "", None, signs_in["clientId"])
    tokens = sign_in(signs_in["endpoint"].rstrip("/"), endpoints, name, password)
    offered: Any = ["chat.v1", tokens["AccessToken"]]
    with connect(str(run.url()), subprotocols=offered) as socket:
        socket.send('{"action": "hello"}')
        return bool(json.loads(socket.recv(timeout=10))["name"] == name)


def ask(run: Run, folder: Path, name: str, **frame: str) -> Any:
    """Return the reply to a request of a signed-in user."""
    token = bearer(folder, f"http://127.0.0.1:{run.port}", name)
    headers = {"Authorization": f"Bearer {token}"}
    with connect(str(run.url()), additional_headers=headers) as socket:
        socket.send(json.dumps(frame))
        return json.loads(socket.recv(timeout=10))


def wscat(folder: Path, name: str, *, says: str = "") -> tuple[int, str]:
    """Run `make wscat NAME=name` with *says* as input; return its exit status and its output."""
    variables = {"LOCAL_FOLDER": str(folder), "NAME": name}
    return run_command("local", "wscat", text=says, **variables).printed


def smoke(folder: Path) -> str:
    """Return what `make smoke` prints about the chat that runs there."""
    return run_command("ops.smoke", LOCAL_FOLDER=str(folder)).printed[1]


def test_two_users_exist_and_persist(tmp_path: Path) -> None:
    """The announcement names them; the next run has the same users with the same passwords.

    That holds after a run with guests, which removes the user pool: the rooms are still theirs.
    """
    port = free_port()
    _of_an_earlier_version(tmp_path)
    with running(tmp_path, port, IDENTITY="cognito") as first:
        first.until(first.is_ready)
        with pytest.raises(InvalidStatus):
            first.connect()
        assert wscat(tmp_path, "carol") == (
            1,
            "NAME=carol cannot sign in here; alice and bob can\n",
        )
        passwords = json.loads((tmp_path / "passwords.json").read_text())
        assert open_to_others(tmp_path) == []
        assert (tmp_path / "credentials.json").exists()
        assert is_let_in(first, "alice", passwords["alice"])
        assert ask(first, tmp_path, "bob", action="createRoom", roomId="tea")["type"] != "error"
        assert smoke(tmp_path).endswith(f"\n{first.url()} passed the smoke test.\n")
        assert run_command("local", "redeploy", LOCAL_FOLDER=str(tmp_path)).status == 0
        said = dict(SAYS.findall(first.ends(signal.SIGTERM)[1]))
        assert said == passwords
    assert open_to_others(tmp_path) == []
    assert {"cognito.json", "cognito-rsa-key.pem", "dynamodb.json", "dynamodb.journal"} <= {
        path.name for path in (tmp_path / "state").iterdir()
    }
    assert not (tmp_path / "credentials.json").exists()

    with running(tmp_path, port, IDENTITY="cognito") as second:
        second.until(second.is_ready, READY_AGAIN_WITHIN)
        assert is_let_in(second, "bob", passwords["bob"])
        assert dict(SAYS.findall(second.ends(signal.SIGTERM)[1])) == passwords

    with running(tmp_path, port) as guests:
        guests.until(guests.is_ready)
        assert config_of(guests)["signIn"] == {"type": "guest"}
        with guests.connect() as socket:
            socket.send('{"action": "hello"}')
            assert json.loads(socket.recv(timeout=10))["name"] == "alice"
        assert guests.ends(signal.SIGTERM)[0] == 0

    with running(tmp_path, port, IDENTITY="cognito") as third:
        third.until(third.is_ready)
        assert is_let_in(third, "alice", passwords["alice"])
        (bob,) = ask(third, tmp_path, "bob", action="joinRoom", roomId="tea")["members"]
        assert (bob["userId"], bob["role"]) == ("bob", "owner")


def _of_an_earlier_version(folder: Path) -> None:
    """Leave a folder as earlier versions did, which other accounts could read."""
    (folder / "state").mkdir()
    (folder / "state" / "old.json").write_text("{}")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)


def test_an_unknown_identity_is_one_line(tmp_path: Path) -> None:
    """The line names the known identities; nothing was started."""
    with running(tmp_path, IDENTITY="ldap") as run:
        expected = "IDENTITY=ldap is unknown; choose guest or cognito\n"
        assert run.ends() == (1, expected)

    assert not (tmp_path / "emulator.log").exists()

"""`make run` and its companions: the chat on this machine."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from local import credentials, sign_in
from local.deploy import NODE, STACK, Endpoints, deploy, forget_connections, origins
from local.emulator_process import Emulator, edited_page_port, emulator, is_taken
from local.endpoints_file import alone, announced, endpoint
from local.page import PageServer, build, edit
from local.private_files import PRIVATE
from local.processes import Stop, Stopped, wait_until
from tools.common import ROOT, UserError, find_command, make_command

GIVEN = ("IDENTITY", "PORT", "EMULATOR_PORT")
"""Variables that `make run` accepts."""

FOLDER = Path(os.environ.get("LOCAL_FOLDER") or ROOT / ".local")

READY = """
The chat is ready. Open it in a browser, twice if you like:

  {page}

  Redeploy     make redeploy          in another terminal, after a change to the server's code
  Page         make web               in another terminal, to edit the page with hot reload
{people}
  Data, logs   {folder}
  Stop         Ctrl-C                 rooms and messages are kept; `make clean` deletes them
"""


GUESTS = """\
  Terminal     make wscat NAME=alice  or any WebSocket client:
               {chat}?name=alice"""
USERS = """\
  Sign in as   {who}
  Terminal     make wscat NAME=alice  or any WebSocket client, with a token in `Authorization`:
               {chat}"""


def main() -> int:
    """Run the command that the command line names. Return the exit status."""
    commands: dict[str, Callable[[Stop], None]] = {
        "run": _run,
        "redeploy": _redeploy,
        "page": _page,
        "web": _web,
        "wscat": _wscat,
    }
    os.umask(PRIVATE)  # .local has the messages and the passwords of this machine
    stop = Stop()
    stop.on_signals()
    try:
        find_command(commands, sys.argv[1:])(stop)
    except UserError as problem:
        print(problem, file=sys.stderr)
        return 1
    except Stopped:
        print("\nStopped.", flush=True)
    return 0


def _run(stop: Stop) -> None:
    """Build the page, start the emulator, deploy the chat and serve until stopped."""
    port, page_port = _port("EMULATOR_PORT", 4566), _port("PORT", 8080)
    who = sign_in.chosen()
    if port == page_port:
        raise UserError(f"PORT and EMULATOR_PORT are both {port}; they have to differ")
    with alone(FOLDER):
        _require_free(port, EMULATOR_PORT="4577")
        _require_free(page_port, PORT="8081")
        built = build(folder=FOLDER, say=_say, stop=stop)
        with PageServer(page_port, built) as page:
            _say(f"Starting the emulator on port {port} ...")
            with emulator(
                folder=FOLDER,
                port=port,
                persist=True,
                page_port=page_port,
                origins=origins(),
                stop=stop,
            ) as aws:
                _serve(aws, page, who, stop)


def _serve(aws: Emulator, page: PageServer, who: str, stop: Stop) -> None:
    """Serve the chat and the page on *aws* until the user or the emulator stops."""
    endpoints = _deploy(aws, who)
    forget_connections(aws, endpoints.connections_table)
    passwords = sign_in.people(FOLDER, aws.url, endpoints)
    chat, on_page = endpoints.web_socket_url, sign_in.on_page(aws.url, endpoints)
    with page.serving(chat, on_page), announced(FOLDER, _addresses(page.url, endpoints, who)):
        _say(READY.format(page=page.url, people=_people(chat, passwords), folder=FOLDER))
        wait_until(aws.has_ended, stop=stop)
        raise UserError(f"The emulator stopped unexpectedly; see {aws.log}")


def _deploy(aws: Emulator, who: str) -> Endpoints:
    """Deploy the current source with the identity setting *who*."""
    more = sign_in.SETTINGS[who]
    return deploy(aws, folder=FOLDER, say=_say, identity=who, settings=more)


def _addresses(page_url: str, endpoints: Endpoints, who: str) -> dict[str, str]:
    """Return the addresses for `endpoints.json`, which other programs read."""
    addresses = {"webSocketUrl": endpoints.web_socket_url, "webUrl": page_url, "stack": STACK}
    if endpoints.user_pool_id and endpoints.user_pool_client_id:
        addresses["userPoolId"] = endpoints.user_pool_id
        addresses["userPoolClientId"] = endpoints.user_pool_client_id
    return addresses | {"identity": who}


def _people(chat: str, passwords: sign_in.People) -> str:
    """Return the lines that say how users connect."""
    if not passwords:
        return GUESTS.format(chat=chat)
    lines = [f"{name}, password {password}" for name, password in passwords.items()]
    return USERS.format(chat=chat, who=f"\n{' ' * 15}".join(lines))


def _redeploy(stop: Stop) -> None:
    """Deploy the current source into the emulator that `make run` started."""
    url = endpoint(FOLDER, "webSocketUrl")
    build(folder=FOLDER, say=_say, stop=stop)
    aws = Emulator(urlsplit(url).port or 80, FOLDER / "emulator.log", stop)
    credentials.load(FOLDER, aws.url)
    _deploy(aws, endpoint(FOLDER, "identity"))
    _say("Deployed. Connections stay open and use the new code from now on.")


def _page(stop: Stop) -> None:
    """Build the page if its source has changed."""
    _say(f"The page is in {build(folder=FOLDER, say=_say, stop=stop)}")


def _web(_stop: Stop) -> None:
    """Replace this process by a development server for the page of the running chat."""
    url = endpoint(FOLDER, "webUrl")
    edit(config_from=url, port=edited_page_port(urlsplit(url).port or 80))


def _wscat(_stop: Stop) -> None:
    """Replace this process by wscat, connected to the running chat as NAME."""
    url = endpoint(FOLDER, "webSocketUrl")
    name = os.environ.get("NAME") or "alice"
    if endpoint(FOLDER, "identity") == "guest":
        arguments = ["-c", f"{url}?{urlencode({'name': name})}"]
    else:
        origin = f"http://{urlsplit(url).netloc}"
        token = sign_in.bearer(FOLDER, origin, name)
        arguments = ["-c", url, "-H", f"Authorization: Bearer {token}"]
    script = str(ROOT / "node_modules" / "wscat" / "bin" / "wscat")
    os.execv(NODE / "node", ["node", script, *arguments])  # noqa: S606 - no shell is wanted


def _say(line: str) -> None:
    print(line, flush=True)


def _port(variable: str, default: int) -> int:
    """Return the port number in *variable*. Raises UserError if it is no port."""
    text = os.environ.get(variable) or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise UserError(f"{variable}={text} is not a port; choose one from 1024 to 65535")
    return int(text)


def _require_free(port: int, **another: str) -> None:
    """Raise UserError if *port* is taken; the text repeats the command with *another* port."""
    if is_taken(port):
        given = {name: os.environ[name] for name in GIVEN if os.environ.get(name)} | another
        again = make_command("run", **given)
        raise UserError(f"Port {port} is taken. Choose another: {again}")


if __name__ == "__main__":
    sys.exit(main())

"""Durable state for the emulator: a snapshot, and a journal of later DynamoDB writes.

MiniStack saves its state only at an orderly stop. Here every DynamoDB write is appended to a file
before it is acknowledged. All other state is saved 1 second after the last request that may have
changed it. At every start the snapshot is loaded and the journal is replayed.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any

_ministack: Any = import_module("ministack.app")
_dynamodb: Any = import_module("ministack.services.dynamodb")
_responses: Any = import_module("ministack.core.responses")

JOURNAL_BYTES = 8 * 1024 * 1024  # beyond it, a start writes a new snapshot
SETTLED = 1.0  # seconds without a change before a snapshot
READS = ("BatchGet", "Describe", "Get", "List", "Query", "Scan", "TransactGet")

Application = Callable[[Any, Any, Any], Awaitable[None]]


def install() -> "Journal | None":
    """Make the emulator durable if PERSIST_STATE is set, else return None."""
    if not _ministack.PERSIST_STATE:
        return None
    journal = Journal(Path(os.environ["STATE_DIR"]) / "dynamodb.journal")
    journal.hook()
    return journal


class Journal:
    """DynamoDB writes since the last snapshot, one JSON array a line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: Any = None
        self._due: asyncio.TimerHandle | None = None
        self._handle: Any = _dynamodb.handle_request

    def hook(self) -> None:
        """Replay after MiniStack has loaded its snapshot, and record from then on."""
        load = _ministack._load_persisted_state
        get_state = _dynamodb.get_state

        def load_and_replay() -> None:
            load()
            self._open()

        def locked_state() -> Any:
            with _dynamodb._lock:  # items also expire in a thread
                return get_state()

        _ministack._load_persisted_state = load_and_replay
        _dynamodb.get_state = locked_state
        _dynamodb.handle_request = self._record

    def watching(self, application: Application) -> Application:
        """Wrap *application* to save a snapshot soon after a change of more than items."""

        async def watched(scope: Any, receive: Any, send: Any) -> None:
            await application(scope, receive, send)
            if _may_change_state(scope):
                self._snapshot_soon()

        return watched

    def close(self) -> None:
        """Save changes that are in no file yet."""
        if self._due:
            self._snapshot()

    async def _record(
        self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Any:
        response = await self._handle(method, path, headers, body, query)
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if response[0] == 200 and not action.startswith(READS):
            scope = (_responses.get_account_id(), _responses.get_region())
            self._lines.write(json.dumps([*scope, action, body.decode()]) + "\n")
            self._lines.flush()
        return response

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lines = self._path.open("a+", encoding="utf-8")
        self._lines.seek(0)
        whole, _, cut = self._lines.read().rpartition("\n")
        for line in whole.splitlines():
            self._replay(*json.loads(line))
        if cut or len(whole) > JOURNAL_BYTES:
            self._snapshot()

    def _replay(self, account: str, region: str, action: str, body: str) -> None:
        with _responses.request_scope(account, region):
            headers = {"x-amz-target": f"DynamoDB_20120810.{action}"}
            _run(self._handle("POST", "/", headers, body.encode(), {}))

    def _snapshot_soon(self) -> None:
        if self._due:
            self._due.cancel()
        self._due = asyncio.get_running_loop().call_later(SETTLED, self._snapshot)

    def _snapshot(self) -> None:
        """Save everything, then empty the journal; a replay of what is saved does no harm."""
        self._due = None
        before = _version(self._path.with_name("dynamodb.json"))
        _ministack.save_all(_ministack._build_persistence_save_dict())
        if _version(self._path.with_name("dynamodb.json")) != before:  # else saving has failed
            self._lines.truncate(0)


def _version(path: Path) -> tuple[int, int] | None:
    """Return inode and modification time of a file, which change when it is replaced."""
    if not path.exists():
        return None
    status = path.stat()
    return status.st_ino, status.st_mtime_ns


def _run(call: Any) -> None:
    """Run a coroutine that never waits, from within the running event loop."""
    try:
        call.send(None)
    except StopIteration:
        return
    raise RuntimeError("DynamoDB is expected to answer at once")


def _may_change_state(scope: Any) -> bool:
    if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
        return False
    if scope["path"].startswith("/_aws/execute-api/"):
        return False
    return not any(
        name.lower() == b"x-amz-target" and value.startswith(b"DynamoDB_")
        for name, value in scope["headers"]
    )

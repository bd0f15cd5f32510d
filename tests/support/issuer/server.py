"""A TCP server with answers that a test chooses, whether they are HTTP or not."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

HEAD = b"HTTP/1.1 200 OK\r\n"

Answer = Sequence[bytes | float]
"""Pieces to send, and the seconds between them."""


@dataclass
class Server:
    """A server that counts its requests."""

    url: str
    asked: int = 0


@contextmanager
def answering(*answers: Answer) -> Iterator[Server]:
    """Answer one connection after another at a port of this machine."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(f"http://127.0.0.1:{listener.getsockname()[1]}/keys")
        thread = threading.Thread(
            target=_serve, args=(listener, server, answers, stop), daemon=True
        )
        thread.start()
        try:
            yield server
        finally:
            stop.set()  # no test waits for the rest of a slow answer
    thread.join(timeout=5)


def _serve(
    listener: socket.socket, server: Server, answers: Sequence[Answer], stop: threading.Event
) -> None:
    for answer in answers:
        connection, _ = listener.accept()
        server.asked += 1
        with connection, suppress(OSError):  # the client may have closed the connection
            connection.recv(65_536)
            for part in answer:
                if isinstance(part, bytes):
                    connection.sendall(part)
                elif stop.wait(part):
                    return
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):  # unread bytes would cause a reset
                pass

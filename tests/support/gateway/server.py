"""An HTTP server in place of `@connections`, with answers that a test chooses."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"


def status(code: int) -> bytes:
    """Return a response with a JSON body."""
    return b"HTTP/1.1 %d X\r\ncontent-length: 2\r\n\r\n{}" % code


@dataclass
class Posted:
    """One request as the gateway received it."""

    connection_id: str
    head: str
    body: bytes
    over: int
    """Number of its TCP connection, counted from 0."""


Answer = Callable[[Posted, asyncio.StreamWriter], None]


@dataclass
class Gateway:
    """The requests so far, and the function that answers them."""

    answer: Answer
    url: str = ""
    posts: list[Posted] = field(default_factory=list)
    connections: int = 0
    writers: set[asyncio.StreamWriter] = field(default_factory=set)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    greeting: bytes | None = None
    """Bytes to send to each new connection before closing it; None for a normal server."""

    def reset_connections(self) -> None:
        """Reset every connection, as a restarted gateway does."""
        asyncio.run_coroutine_threadsafe(self._reset(), self.loop).result()

    async def _reset(self) -> None:
        for writer in self.writers:
            writer.transport.abort()

    def ids(self) -> list[str]:
        """Return the recipients of the posts, in order."""
        return [post.connection_id for post in self.posts]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side closes it."""
        number, self.connections = self.connections, self.connections + 1
        self.writers.add(writer)
        try:
            if self.greeting is not None:
                writer.write(self.greeting)
                return
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = int(head.lower().split("content-length: ")[1].split("\r\n")[0])
                path = head.split(" ")[1]
                body = await reader.readexactly(length)
                post = Posted(unquote(path.rsplit("/", 1)[1]), head, body, number)
                self.posts.append(post)
                self.answer(post, writer)
                if writer.is_closing():
                    return
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()


@contextmanager
def gateway(answer: Answer, *, tls: ssl.SSLContext | None = None) -> Iterator[Gateway]:
    """Serve on a free port of 127.0.0.1, in a thread, while the context is open."""
    here = Gateway(answer)
    loop = here.loop
    server = loop.run_until_complete(
        asyncio.start_server(here.serve, "127.0.0.1", 0, ssl=tls, backlog=1024)
    )
    port = server.sockets[0].getsockname()[1]
    here.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}/stage"
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield here
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)

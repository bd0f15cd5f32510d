"""Opens HTTP connections to one host: DNS, TCP, and TLS that verifies the host."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

from chat.gateway.http_connection import HttpConnection

ADDRESS_TTL_SECONDS = 30.0
"""Life of a DNS answer: one look-up serves all posts of a frame."""

Address = tuple[socket.AddressFamily, tuple[Any, ...]]


class Connector:
    """Opens connections to *host*; *tls_context* is called before the first one."""

    def __init__(
        self, host: str, port: int, tls_context: Callable[[], ssl.SSLContext] | None
    ) -> None:
        self._host = host
        self._port = port
        self._tls_context = tls_context
        self._tls: ssl.SSLContext | None = None
        self._addresses: list[Address] = []
        self._addresses_expire_at = 0.0
        self._lookup = asyncio.Lock()

    async def __call__(self) -> HttpConnection:
        """Return a new connection. Raises `OSError`."""
        family, address = await self._next_address()
        plain = socket.socket(family, socket.SOCK_STREAM)
        try:
            plain.setblocking(False)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.get_running_loop().sock_connect(plain, address)
            return HttpConnection(await self._secured(plain))
        except BaseException:
            plain.close()
            raise

    async def _next_address(self) -> Address:
        """Return the host's addresses in turn, to share the load among them."""
        async with self._lookup:
            if time.time() > self._addresses_expire_at:
                found = await asyncio.get_running_loop().getaddrinfo(
                    self._host, self._port, type=socket.SOCK_STREAM
                )
                self._addresses = [(family, address) for family, _, _, _, address in found]
                self._addresses_expire_at = time.time() + ADDRESS_TTL_SECONDS
        self._addresses.append(self._addresses.pop(0))
        return self._addresses[-1]

    async def _secured(self, plain: socket.socket) -> socket.socket:
        if self._tls_context is None:
            return plain
        self._tls = self._tls or self._tls_context()
        secure = self._tls.wrap_socket(
            plain, server_hostname=self._host, do_handshake_on_connect=False
        )
        try:
            await _handshake(secure)
        except BaseException:
            secure.close()
            raise
        return secure


async def _handshake(secure: ssl.SSLSocket) -> None:
    loop = asyncio.get_running_loop()
    while True:
        try:
            secure.do_handshake()
            return
        except ssl.SSLWantReadError:
            await _wait_until_ready(secure, loop.add_reader, loop.remove_reader)
        except ssl.SSLWantWriteError:
            await _wait_until_ready(secure, loop.add_writer, loop.remove_writer)


async def _wait_until_ready(
    secure: ssl.SSLSocket, add: Callable[..., None], remove: Callable[[ssl.SSLSocket], bool]
) -> None:
    ready = asyncio.Event()
    add(secure, ready.set)
    try:
        await ready.wait()
    finally:
        remove(secure)

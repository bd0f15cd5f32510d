"""New connections to one host: its addresses in turn, TCP, and TLS that verifies who answers."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

from chat.gateway.http_connection import Channel

ADDRESSES_SECONDS = 30.0
"""For how long what the name resolved to is used: one look-up serves a whole job."""

Address = tuple[socket.AddressFamily, tuple[Any, ...]]


class Connector:
    """Opens channels to *host*; *trust* makes the TLS context when the first one is wanted."""

    def __init__(self, host: str, port: int, trust: Callable[[], ssl.SSLContext] | None) -> None:
        self._host = host
        self._port = port
        self._trust = trust
        self._tls: ssl.SSLContext | None = None
        self._addresses: list[Address] = []
        self._until = 0.0
        self._looking = asyncio.Lock()

    async def __call__(self) -> Channel:
        """A channel over a new connection. Raises `OSError`."""
        family, address = await self._next_address()
        plain = socket.socket(family, socket.SOCK_STREAM)
        try:
            plain.setblocking(False)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.get_running_loop().sock_connect(plain, address)
            return Channel(await self._secured(plain))
        except BaseException:
            plain.close()
            raise

    async def _next_address(self) -> Address:
        """One of the host's addresses after the other, so that all of them get work."""
        async with self._looking:
            if time.time() > self._until:
                found = await asyncio.get_running_loop().getaddrinfo(
                    self._host, self._port, type=socket.SOCK_STREAM
                )
                self._addresses = [(family, address) for family, _, _, _, address in found]
                self._until = time.time() + ADDRESSES_SECONDS
        self._addresses.append(self._addresses.pop(0))
        return self._addresses[-1]

    async def _secured(self, plain: socket.socket) -> socket.socket:
        if self._trust is None:
            return plain
        self._tls = self._tls or self._trust()
        secure = self._tls.wrap_socket(
            plain, server_hostname=self._host, do_handshake_on_connect=False
        )
        try:
            await _shake_hands(secure)
        except BaseException:
            secure.close()
            raise
        return secure


async def _shake_hands(secure: ssl.SSLSocket) -> None:
    loop = asyncio.get_running_loop()
    while True:
        try:
            secure.do_handshake()
            return
        except ssl.SSLWantReadError:
            await _until_ready(secure, loop.add_reader, loop.remove_reader)
        except ssl.SSLWantWriteError:
            await _until_ready(secure, loop.add_writer, loop.remove_writer)


async def _until_ready(
    secure: ssl.SSLSocket, add: Callable[..., None], remove: Callable[[ssl.SSLSocket], bool]
) -> None:
    ready = asyncio.Event()
    add(secure, ready.set)
    try:
        await ready.wait()
    finally:
        remove(secure)

"""The stub's own ceiling: the posts a second it answers when the client costs next to nothing."""

import socket
import ssl
import time
import urllib.parse

LINES = 8
DEEP = 50
"""Requests under way on each connection."""
REQUEST = (
    b"POST /stage/@connections/fine%%3D HTTP/1.1\r\nhost: stub\r\n"
    b"authorization: %b\r\nx-amz-security-token: %b\r\ncontent-length: 250\r\n\r\n%b"
    % (b"a" * 220, b"t" * 16, b"x" * 250)
)
ANSWERED = b"\r\n\r\n"


def ceiling(url: str, authority: str, *, posts: int) -> float:
    """Posts a second: *posts* pipelined requests over a few connections, answers only counted."""
    host = urllib.parse.urlsplit(url)
    tls = ssl.create_default_context(cafile=authority)
    lines = [
        tls.wrap_socket(
            socket.create_connection((host.hostname or "", host.port or 0)),
            server_hostname=host.hostname,
        )
        for _ in range(LINES)
    ]
    rounds = max(1, posts // (LINES * DEEP))
    begun = time.perf_counter()
    for line in lines:
        line.sendall(REQUEST * DEEP)
    for number in range(rounds):
        for line in lines:
            _read(line, DEEP)
            if number < rounds - 1:
                line.sendall(REQUEST * DEEP)
    took = time.perf_counter() - begun
    for line in lines:
        line.close()
    return rounds * LINES * DEEP / took


def _read(line: ssl.SSLSocket, answers: int) -> None:
    data = b""
    while data.count(ANSWERED) < answers:
        data += line.recv(65536)

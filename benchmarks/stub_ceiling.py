"""The stub's ceiling: posts per second that it answers to a client that costs almost nothing."""

import socket
import ssl
import time
import urllib.parse

CONNECTIONS = 8
PIPELINED = 50
"""Requests that are sent at a time on each connection."""
REQUEST = (
    b"POST /stage/@connections/fine%%3D HTTP/1.1\r\nhost: stub\r\n"
    b"authorization: %b\r\nx-amz-security-token: %b\r\ncontent-length: 250\r\n\r\n%b"
    % (b"a" * 220, b"t" * 16, b"x" * 250)
)
ANSWERED = b"\r\n\r\n"


def ceiling(url: str, authority: str, *, posts: int) -> float:
    """Return the posts per second of *posts* pipelined requests, whose answers are only counted."""
    host = urllib.parse.urlsplit(url)
    tls = ssl.create_default_context(cafile=authority)
    connections = [
        tls.wrap_socket(
            socket.create_connection((host.hostname or "", host.port or 0)),
            server_hostname=host.hostname,
        )
        for _ in range(CONNECTIONS)
    ]
    rounds = max(1, posts // (CONNECTIONS * PIPELINED))
    began = time.perf_counter()
    for connection in connections:
        connection.sendall(REQUEST * PIPELINED)
    for number in range(rounds):
        for connection in connections:
            _read(connection, PIPELINED)
            if number < rounds - 1:
                connection.sendall(REQUEST * PIPELINED)
    took = time.perf_counter() - began
    for connection in connections:
        connection.close()
    return rounds * CONNECTIONS * PIPELINED / took


def _read(connection: ssl.SSLSocket, answers: int) -> None:
    data = b""
    while data.count(ANSWERED) < answers:
        data += connection.recv(65536)

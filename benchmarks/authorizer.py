"""Cost of the authorizer for a handshake: the first one, which fetches the keys, and others."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from benchmarks.fixtures import CHAT, run_json
from local.processes import environment
from tools.common import ROOT

ISSUER, CLIENT = "https://issuer.example", "bench"
ARN = "arn:aws:execute-api:us-east-1:000000000000:api/live/$connect"

AUTHORIZERS = {"ours": "chat.authorizer", "PyJWT alone": "benchmarks.baseline_authorizer"}
"""Modules by their names in the report."""


@dataclass(frozen=True, slots=True)
class HandshakeCost:
    """Wall and CPU seconds of an authorizer's start, its first handshake, and warm handshakes.

    *slow* is the 99th percentile of the wall time of warm handshakes.
    """

    ready: tuple[float, float]
    first: tuple[float, float]
    warm: tuple[float, float]
    slow: float


def measure_authorizers(*, rounds: int) -> dict[str, HandshakeCost]:
    """Return the medians of *rounds* processes of each authorizer, which run in turns.

    The first process of each is not counted, because it may have compiled its modules.
    """
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    taken: dict[str, list[Any]] = {name: [] for name in AUTHORIZERS}
    with _issuer(key) as keys_url:
        for _ in range(rounds + 1):
            for name, found in taken.items():
                found.append(_run(AUTHORIZERS[name], keys_url, _token(key)))
    return {name: _summary(found[1:]) for name, found in taken.items()}


def _summary(taken: list[Any]) -> HandshakeCost:
    """Return the medians of the processes of one authorizer."""
    warm = [cost for each in taken for cost in each["warm"]]
    walls = sorted(wall for wall, _ in warm)
    return HandshakeCost(
        ready=_medians([each["ready"] for each in taken]),
        first=_medians([each["first"] for each in taken]),
        warm=_medians(warm),
        slow=walls[int(len(walls) * 0.99)],
    )


def _medians(costs: list[Any]) -> tuple[float, float]:
    walls, cpus = zip(*costs, strict=True)
    return median(walls), median(cpus)


def _run(module: str, keys_url: str, token: str) -> dict[str, Any]:
    """Run an authorizer in a process of its own. Return what it measured."""
    event = {"methodArn": ARN, "headers": {"Authorization": f"Bearer {token}"}}
    began = time.monotonic()  # the clock is the same for all processes of the machine
    result = run_json(
        [sys.executable, "-m", "benchmarks.authorizer_process", module],
        env=_environment(keys_url),
        text=json.dumps(event),
    )
    ready, cpu = result["ready"]
    return {**result, "ready": (ready - began, cpu)}


def _environment(keys_url: str) -> dict[str, str]:
    """Return the deployed authorizer's variables, for access tokens as Cognito issues them."""
    return environment(
        ALGORITHMS="RS256",
        AUDIENCE=CLIENT,
        ISSUER=ISSUER,
        KEYS_URL=keys_url,
        LOG_LEVEL="INFO",
        METRICS_NAMESPACE="LiveChat/bench",
        NAME_CLAIM="username",
        PYTHONPATH=f"{CHAT}:{ROOT}",
        TOKEN_IN_QUERY="false",
        TOKEN_USE="access",
        USER_CLAIM="sub",
    )


def _token(key: rsa.RSAPrivateKey) -> str:
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "client_id": CLIENT,
        "token_use": "access",
        "sub": "bench-user",
        "username": "bench",
        "iat": now,
        "exp": now + 3_600,
    }
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "k1"})


@contextmanager
def _issuer(key: rsa.RSAPrivateKey) -> Iterator[str]:
    """Serve the issuer's keys on a port of this machine. Yield their URL."""
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    keys = json.dumps({"keys": [{**public, "kid": "k1", "use": "sig", "alg": "RS256"}]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(keys)))
            self.end_headers()
            self.wfile.write(keys)

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/keys"
        finally:
            server.shutdown()
            thread.join()

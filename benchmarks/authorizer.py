"""What the authorizer costs a handshake: cold, with the issuer's keys to be fetched, and warm."""

import json
import subprocess
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

from benchmarks.fixtures import CHAT, PATIENCE
from local.processes import environment
from tools.common import ROOT

ISSUER, CLIENT = "https://issuer.example", "bench"
ARN = "arn:aws:execute-api:us-east-1:000000000000:api/live/$connect"


AUTHORIZERS = {"ours": "chat.authorizer", "PyJWT alone": "benchmarks.baseline_authorizer"}
"""Modules, by what the report calls them."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Wall and CPU seconds: from a process's start until it is ready, its first handshake, others.

    *slow* is the wall time that 99 % of the warm ones take at most.
    """

    ready: tuple[float, float]
    first: tuple[float, float]
    warm: tuple[float, float]
    slow: float


def handshakes(*, rounds: int) -> dict[str, Opened]:
    """By authorizer, medians of so many processes, in turns; the first may have compiled."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    taken: dict[str, list[Any]] = {name: [] for name in AUTHORIZERS}
    with _issuer(key) as keys_url:
        for _ in range(rounds + 1):
            for name, found in taken.items():
                found.append(_process(AUTHORIZERS[name], keys_url, _token(key)))
    return {name: _opened(found[1:]) for name, found in taken.items()}


def _opened(taken: list[Any]) -> Opened:
    warm = [cost for each in taken for cost in each["warm"]]
    walls = sorted(wall for wall, _ in warm)
    return Opened(
        ready=_middle([each["ready"] for each in taken]),
        first=_middle([each["first"] for each in taken]),
        warm=_middle(warm),
        slow=walls[int(len(walls) * 0.99)],
    )


def _middle(costs: list[Any]) -> tuple[float, float]:
    walls, cpus = zip(*costs, strict=True)
    return median(walls), median(cpus)


def _process(module: str, keys_url: str, token: str) -> dict[str, Any]:
    event = {"methodArn": ARN, "headers": {"Authorization": f"Bearer {token}"}}
    begun = time.monotonic()  # one clock for all processes of the machine
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.authorizer_process", module],
        cwd=ROOT,
        env=_environment(keys_url),
        input=json.dumps(event).encode(),
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    ready, cpu = told["ready"]
    return {**told, "ready": (ready - begun, cpu)}


def _environment(keys_url: str) -> dict[str, str]:
    """What the deployed authorizer finds, for access tokens as Cognito issues them."""
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
    """Serves its keys at a port of this machine; their URL."""
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    keys = json.dumps({"keys": [{**public, "kid": "k1", "use": "sig", "alg": "RS256"}]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(keys)))
            self.end_headers()
            self.wfile.write(keys)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/keys"
        finally:
            server.shutdown()
            thread.join()

"""The chat's own verifier: as strict as the authorizer's, and loaded when it is needed."""

import subprocess
import sys
from pathlib import Path

import pytest

import chat.domain.identity
from chat.auth.jwks import NoKeysError
from chat.auth.lazy_verifier import LazyVerifier
from chat.config import Config, read_tokens
from chat.errors import Unauthorized
from chat.variable_parser import ConfigError, Environment
from chat_stack.settings.environment import chat_variables
from chat_stack.settings.settings import Settings
from tests.support.issuer.issuer import CLIENT, NAME, Issuer

LAMBDA = Path(chat.domain.identity.__file__).parents[2]
TRUST = {
    "ISSUER": NAME,
    "AUDIENCE": CLIENT,
    "KEYS_URL": "http://127.0.0.1:1/keys",
    "ALGORITHMS": "RS256",
    "TOKEN_USE": "access",
    "USER_CLAIM": "sub",
    "NAME_CLAIM": "name",
}
CHAT = {
    **chat_variables(Settings(stage_name="test")),
    **TRUST,
    "IDENTITY": "oidc",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "CALLBACK_URL": "https://api.example/stage",
    "CONNECTIONS_TABLE": "connections",
    "METRICS_NAMESPACE": "Test",
    "ORIGINS": "",
    "QUEUE_URL": "https://queue.example",
    "ROOMS_TABLE": "rooms",
}


def test_a_start_loads_no_cryptography() -> None:
    """PyJWT and cryptography are loaded by the verifier, and not before it."""
    program = """
import sys
import chat.app
heavy = {"jwt", "cryptography", "chat.auth.jwt_verifier", "chat.auth.jwks"}
too_early = heavy & set(sys.modules)
import chat.auth.jwt_verifier
never = heavy - set(sys.modules)
sys.exit(" ".join(too_early | never) or 0)
"""

    started = subprocess.run(
        [sys.executable, "-c", program],
        cwd=LAMBDA,
        env=CHAT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (started.returncode, started.stderr) == (0, "")


def test_verifies_as_the_authorizer_does() -> None:
    """Text that is no token is rejected before the issuer's keys are fetched."""
    trusted = read_tokens(Environment(TRUST))
    late = LazyVerifier(trusted.policy, keys_url=trusted.keys_url)

    with pytest.raises(Unauthorized):
        late.verify("a.b.c")
    with pytest.raises(NoKeysError):  # no server listens there
        late.verify(Issuer().token())


@pytest.mark.parametrize("name", TRUST)
def test_a_missing_variable_fails_at_start(name: str) -> None:
    """Whether the deployment is complete does not depend on a client that renews."""
    variables = {key: value for key, value in CHAT.items() if key != name}

    with pytest.raises(ConfigError, match=rf"^{name}: the environment variable is missing$"):
        Config.from_env(variables)


def test_guests_need_no_issuer() -> None:
    """If users are guests, no variable of an issuer is read."""
    variables = {key: value for key, value in CHAT.items() if key not in TRUST}

    assert Config.from_env({**variables, "IDENTITY": "guest"}).tokens is None


def test_an_issuer_of_tokens_for_any_use() -> None:
    """An empty TOKEN_USE accepts tokens with any `token_use`, and without it."""
    assert read_tokens(Environment(TRUST | {"TOKEN_USE": ""})).policy.token_use is None

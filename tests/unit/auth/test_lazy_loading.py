"""The chat's own verifier: as strict as the door's, and not there until it is needed."""

import subprocess
import sys
from pathlib import Path

import pytest

import chat.domain.identity
from chat.auth.jwks import NoKeysError
from chat.auth.verifier import LateVerifier, NoVerifier, expected, verifier
from chat.errors import Unauthorized
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
    **Settings(stage_name="test").variables,
    **TRUST,
    "IDENTITY": "oidc",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "CALLBACK_URL": "https://api.example/stage",
    "CONNECTIONS_TABLE": "connections",
    "METRICS_NAMESPACE": "Test",
    "QUEUE_URL": "https://queue.example",
    "ROOMS_TABLE": "rooms",
}


def test_a_start_loads_no_cryptography() -> None:
    """Neither PyJWT nor cryptography is there until the first token comes."""
    heavy = "{'jwt', 'cryptography', 'chat.auth.jwt_verifier', 'chat.auth.jwks'}"
    program = f"import sys, chat.app; sys.exit(' '.join({heavy} & set(sys.modules)) or 0)"

    started = subprocess.run(
        [sys.executable, "-c", program],
        cwd=LAMBDA,
        env=CHAT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (started.returncode, started.stderr) == (0, "")


def test_verifies_as_the_door_does() -> None:
    """What is no token at all is refused before the issuer is asked; what may be one is not."""
    late = verifier(TRUST, guests=False)

    assert isinstance(late, LateVerifier)
    with pytest.raises(Unauthorized):
        late.verify("a.b.c")
    with pytest.raises(NoKeysError):  # nobody listens there
        late.verify(Issuer().token())


@pytest.mark.parametrize("name", TRUST)
def test_half_a_setting_fails_at_start(name: str) -> None:
    """A missing variable is seen by whoever deploys, not by whoever renews first."""
    with pytest.raises(KeyError, match=name):
        verifier({key: value for key, value in TRUST.items() if key != name}, guests=False)


def test_guests_need_none() -> None:
    """Where people are guests there is no issuer to name."""
    assert isinstance(verifier({}, guests=True), NoVerifier)


def test_an_issuer_of_tokens_for_any_use() -> None:
    """An empty word stands for no claim."""
    assert expected(TRUST | {"TOKEN_USE": ""}).token_use is None

"""The environment variables that each function reads, recorded while it reads its configuration."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from chat.config import AuthorizerConfig, Config, DeliveryConfig
from smoke import lambda_handler as canary
from tests.infrastructure.synthesis import AUTHORIZER, CHAT, CLOSER, CONSUMER

CANARY = "smoke.lambda_handler.handler"
BY_LAMBDA = {"AWS_REGION": "eu-west-1"}
"""Variables that Lambda itself sets."""


class Recorded(Mapping[str, str]):
    """Variables that remember which of them were read."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.read = set[str]()

    def __getitem__(self, name: str) -> str:
        value = self._variables[name]
        self.read.add(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


def read_by(handler: str, written: Mapping[str, Any]) -> set[str]:
    """Return which of the variables *written* in a template the function of *handler* reads.

    Raises `ConfigError` if a variable that the function needs is not written.
    """
    # The values of references do not matter here.
    values = {name: it if isinstance(it, str) else "value" for name, it in written.items()}
    variables = Recorded(values | BY_LAMBDA)
    READERS[handler](variables)
    return variables.read - set(BY_LAMBDA)


def _read_canary(variables: Recorded) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canary, "sign_in", lambda **_: ())
        patch.setattr(canary, "Scenario", lambda _: pytest.fail("the canary must not run"))
        canary.read_target(variables)
    assert variables["METRICS_NAMESPACE"]  # its handler reads it for the metrics


READERS: Mapping[str, Callable[[Recorded], object]] = {
    CHAT: Config.from_env,
    CONSUMER: DeliveryConfig.from_env,
    CLOSER: DeliveryConfig.from_env,
    AUTHORIZER: AuthorizerConfig.from_env,
    CANARY: _read_canary,
}

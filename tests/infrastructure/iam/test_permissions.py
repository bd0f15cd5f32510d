"""Each permission is taken away by a test of `least_privilege`, or listed with a reason."""

import re
from collections.abc import Mapping

import msgspec
import pytest

from chat_stack.settings.load import read_environments
from chat_stack.settings.settings import Settings
from tests.infrastructure.all_settings import FURTHER, MORE
from tests.infrastructure.iam.permissions import MANAGED, OWN_POLICY, rights
from tests.infrastructure.iam.unverified_permissions import UNPROVEN
from tests.infrastructure.synthesis import (
    AUTHORIZER,
    CONTEXT,
    EMULATOR,
    PROJECT,
    Synthesized,
)
from tests.integration.least_privilege.deployed import ELSEWHERE

NEWS = (
    "Add a step that needs it to a scenario of tests/integration/least_privilege, or list it in "
    "tests/infrastructure/iam/unverified_permissions.py with the reason and its test:\n{}"
)


@pytest.fixture(scope="module")
def proven(further: Mapping[str, Synthesized]) -> Synthesized:
    """What rights are taken from: they are found in roles, and where functions say who may call."""
    return further["Chat-local"]


def taken_away(proven: Synthesized) -> set[str]:
    """The permissions that `tests/integration/least_privilege` takes away."""
    found = {it for it in rights(proven.template.to_json()) if OWN_POLICY not in it}
    assert not [it for it in found if MANAGED in it]
    return {it for it in found if it.partition(" from ")[0] not in ELSEWHERE}


def test_every_right_is_accounted_for(
    all_stacks: Mapping[str, Synthesized], proven: Synthesized, subtests: pytest.Subtests
) -> None:
    """Who may do what to what is proven to be needed, or there is a reason and another test."""
    known = taken_away(proven) | set(UNPROVEN)
    assert len(known) > 100

    for name, stack in {**all_stacks, "proven": proven}.items():
        with subtests.test(name):
            unknown = sorted(set(rights(stack.template.to_json())) - known)
            assert not unknown, NEWS.format("\n".join(unknown))


def test_no_reason_outlives_its_right(
    all_stacks: Mapping[str, Synthesized], proven: Synthesized
) -> None:
    """What no stack grants any more is not excepted, nor what is taken away anyway."""
    granted = {right for it in all_stacks.values() for right in rights(it.template.to_json())}

    assert sorted(set(UNPROVEN) - granted) == []
    assert not taken_away(proven) & set(UNPROVEN)


@pytest.mark.parametrize("named", sorted({it.test for it in UNPROVEN.values()}))
def test_each_reason_names_a_test(named: str) -> None:
    """It is there."""
    file, test = named.split("::")

    assert re.search(rf"^def {test}\(", (PROJECT / "tests" / file).read_text(), re.MULTILINE)


@pytest.mark.parametrize("setting", [it.encode_name for it in msgspec.structs.fields(Settings)])
def test_each_setting_is_on_somewhere(setting: str) -> None:
    """No right hides behind a setting: each has two values at least in what is looked at here.

    A new one goes to everything.py.
    """
    given = {**CONTEXT["environments"], **MORE, **FURTHER}
    seen = read_environments(given, gateway_url=EMULATOR).values()
    (field,) = (it for it in msgspec.structs.fields(Settings) if it.encode_name == setting)

    assert len({repr(getattr(settings, field.name)) for settings in seen}) > 1


def test_rights_are_where_they_are_looked_for(each: Synthesized, proven: Synthesized) -> None:
    """Nothing is granted by a policy that could have other users, or within a role."""
    for stack in (each, proven):
        assert not stack.resources("AWS::IAM::ManagedPolicy")
        for id_, role in stack.resources("AWS::IAM::Role").items():
            if not id_.startswith("GatewayAccount"):  # which is the account's, not the chat's
                assert not {"ManagedPolicyArns", "Policies"} & set(role["Properties"])


@pytest.mark.parametrize("name", ["proven", "prod", "every"])
def test_the_authorizer_may_only_log(name: str, request: pytest.FixtureRequest) -> None:
    """It reads strangers' tokens, so it has a role of its own, for its own log group alone.

    Also where the others are traced, which would be a right on everything.
    """
    stack: Synthesized = request.getfixturevalue(name)
    (statement,) = stack.statements(AUTHORIZER)
    authorizer = stack.function(AUTHORIZER)

    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    group = authorizer["LoggingConfig"]["LogGroup"]["Ref"]
    assert statement["Resource"] == {"Fn::GetAtt": [group, "Arn"]}
    assert "TracingConfig" not in authorizer
    others = [it for handler, it in stack.functions().items() if handler != AUTHORIZER]
    assert authorizer["Role"] not in [other["Role"] for other in others]

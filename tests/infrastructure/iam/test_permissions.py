"""Each permission is removed by a test of `least_privilege`, or is listed with a reason."""

import re
from collections.abc import Mapping

import msgspec
import pytest

from chat_stack.settings.load import read_environments
from chat_stack.settings.settings import Settings
from tests.infrastructure.all_settings import FURTHER, MORE
from tests.infrastructure.iam.permissions import MANAGED, OWN_POLICY, list_permissions
from tests.infrastructure.iam.unverified_permissions import UNVERIFIED
from tests.infrastructure.synthesis import (
    AUTHORIZER,
    CONTEXT,
    EMULATOR,
    PROJECT,
    Synthesized,
)
from tests.integration.least_privilege.deployed import ELSEWHERE

UNKNOWN = (
    "Add a step that needs it to a scenario of tests/integration/least_privilege, or list it in "
    "tests/infrastructure/iam/unverified_permissions.py with the reason and its test:\n{}"
)


@pytest.fixture(scope="module")
def proven(further_stacks: Mapping[str, Synthesized]) -> Synthesized:
    """Return the stack whose permissions `tests/integration/least_privilege` removes."""
    return further_stacks["Chat-local"]


def removed_by_tests(proven: Synthesized) -> set[str]:
    """Return the permissions that `tests/integration/least_privilege` removes."""
    found = {it for it in list_permissions(proven.template.to_json()) if OWN_POLICY not in it}
    assert not [it for it in found if MANAGED in it]
    return {it for it in found if it.partition(" from ")[0] not in ELSEWHERE}


def test_every_permission_is_verified_or_has_a_reason(
    all_stacks: Mapping[str, Synthesized], proven: Synthesized, subtests: pytest.Subtests
) -> None:
    """A test removes each permission, or the list has a reason and another test."""
    known = removed_by_tests(proven) | set(UNVERIFIED)
    assert len(known) > 100

    for name, stack in {**all_stacks, "proven": proven}.items():
        with subtests.test(name):
            unknown = sorted(set(list_permissions(stack.template.to_json())) - known)
            assert not unknown, UNKNOWN.format("\n".join(unknown))


def test_no_reason_outlives_its_permission(
    all_stacks: Mapping[str, Synthesized], proven: Synthesized
) -> None:
    """Each listed permission is granted by a stack, and no test removes it."""
    granted = {
        permission
        for it in all_stacks.values()
        for permission in list_permissions(it.template.to_json())
    }

    assert sorted(set(UNVERIFIED) - granted) == []
    assert not removed_by_tests(proven) & set(UNVERIFIED)


@pytest.mark.parametrize("named", sorted({it.test for it in UNVERIFIED.values()}))
def test_each_reason_names_a_test(named: str) -> None:
    """The named test exists."""
    file, test = named.split("::")

    assert re.search(rf"^def {test}\(", (PROJECT / "tests" / file).read_text(), re.MULTILINE)


@pytest.mark.parametrize("setting", [it.encode_name for it in msgspec.structs.fields(Settings)])
def test_each_setting_is_on_somewhere(setting: str) -> None:
    """Each setting has at least two values in the checked stacks, so it hides no permission.

    Add a new setting to `all_settings.py`.
    """
    given = {**CONTEXT["environments"], **MORE, **FURTHER}
    seen = read_environments(given, gateway_url=EMULATOR).values()
    (field,) = (it for it in msgspec.structs.fields(Settings) if it.encode_name == setting)

    assert len({repr(getattr(settings, field.name)) for settings in seen}) > 1


def test_no_permission_is_in_a_shared_or_inline_policy(
    each_environment: Synthesized, proven: Synthesized
) -> None:
    """No stack has a managed policy, and no role attaches one or contains a policy."""
    for stack in (each_environment, proven):
        assert not stack.resources("AWS::IAM::ManagedPolicy")
        for id_, role in stack.resources("AWS::IAM::Role").items():
            if not id_.startswith("GatewayAccount"):  # this role is of the account
                assert not {"ManagedPolicyArns", "Policies"} & set(role["Properties"])


@pytest.mark.parametrize("name", ["proven", "prod", "all_options"])
def test_the_authorizer_may_only_log(name: str, request: pytest.FixtureRequest) -> None:
    """The authorizer has its own role, which may only write to its log group.

    The authorizer reads tokens of unknown clients.
    It is not traced either, because the permission to trace is for all resources.
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

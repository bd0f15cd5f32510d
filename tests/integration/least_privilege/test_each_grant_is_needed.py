"""Least privilege: no principal has a permission that nothing needs."""

from contextlib import nullcontext

import pytest

from tests.integration.least_privilege.chat import Chat, Visit
from tests.integration.least_privilege.deployed import ELSEWHERE, Grant, RoleGrant, grants
from tests.integration.least_privilege.scenario import play
from tests.integration.least_privilege.watch import Broken

UNASKED = "no call was refused for it"
NEEDLESS = (
    "{}: nothing breaks without it. Add the step that needs it to "
    "tests/integration/least_privilege/scenario.py, or take it out of the stack."
)


@pytest.mark.timeout(600)
def test_every_grant_is_needed(chat: Chat, subtests: pytest.Subtests) -> None:
    """The scenario works with all permissions, and fails without any one of them."""
    every = sorted(grants(chat.aws.url), key=lambda grant: grant.name)
    assert _broken(chat, None) is None

    assert set(ELSEWHERE) <= {grant.name for grant in every}
    for grant in every:
        if grant.name not in ELSEWHERE:
            with subtests.test(grant.name):
                broken = _broken(chat, grant)
                assert broken, NEEDLESS.format(grant.name)
                assert UNASKED not in broken


def test_a_needless_grant_is_found(chat: Chat) -> None:
    """A permission that is added to a role is found, and the scenario works without it."""
    known = {grant.name for grant in grants(chat.aws.url)}
    role = next(grant for grant in grants(chat.aws.url) if isinstance(grant, RoleGrant))
    every = {"Effect": "Allow", "Action": "sqs:*", "Resource": ["*"]}

    with role.beside(chat.aws.url, every):
        (added,) = [grant for grant in grants(chat.aws.url) if grant.name not in known]
        broken = _broken(chat, added)

    assert added.name.endswith("sqs:* *")
    assert broken is None


def _broken(chat: Chat, grant: Grant | None) -> str | None:
    """Return what fails without *grant*, and whether it was used; None if all works."""
    with grant.absent(chat.aws.url) if grant else nullcontext():
        visit = Visit(chat, chat.now(grant.denial if grant else None))
        try:
            play(visit)
        except Broken as broken:
            return str(broken) if visit.watch.refused() else f"{UNASKED}: {broken}"
        finally:
            visit.end()
    return None

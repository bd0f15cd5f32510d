"""docs/settings.md is current and complete."""

from typing import get_args

import msgspec
import pytest

from chat_stack.settings.identity import Choice, Endpoints, Page
from chat_stack.settings.settings import Settings
from chat_stack.settings.types import Domain
from tools.generate import settings_docs

STRUCTS = (Settings, Domain, *get_args(Choice), Endpoints, Page)
FIELDS = [(struct, field) for struct in STRUCTS for field in msgspec.structs.fields(struct)]


def test_is_current() -> None:
    """The file equals the output of `make settings`."""
    assert settings_docs.TARGET.read_text(encoding="utf-8") == settings_docs.render(), (
        "run: make settings"
    )


@pytest.mark.parametrize(
    "field", [field for _, field in FIELDS], ids=[f"{s.__name__}.{f.name}" for s, f in FIELDS]
)
def test_every_setting_says_what_it_is(field: msgspec.structs.FieldInfo) -> None:
    """Each setting's row in the document has a description, which is a sentence."""
    description = settings_docs.described(field)

    assert description.endswith(".")
    assert any(
        line.startswith(f"| `{field.encode_name}` |") and line.endswith(f"| {description} |")
        for line in settings_docs.render().splitlines()
    )


def test_says_what_an_environment_differs_in() -> None:
    """The last table has a column for each environment of cdk.json."""
    last = settings_docs.render().rpartition("## ")[2]

    assert "| setting | `local` | `dev` | `staging` | `prod` |" in last
    assert '| `removalPolicy` | `"destroy"` | `"destroy"` | `"destroy"` | `"retain"` |' in last

"""The settings do not import the CDK, which would start Node.js."""

import subprocess
import sys

import pytest

from tests.infrastructure.synthesis import PROJECT

SETTINGS = sorted(
    f"chat_stack.settings.{path.stem}"
    for path in (PROJECT / "chat_stack" / "settings").glob("[!_]*.py")
)
CDK = ("aws_cdk", "constructs", "jsii")


@pytest.mark.parametrize(
    "modules",
    [SETTINGS, ["ops.cost.__main__"], ["tools.generate.settings_docs"]],
    ids=["chat_stack.settings", "make estimate", "make settings"],
)
def test_loads_no_cdk(modules: list[str]) -> None:
    """Neither the settings nor the commands that read them import `aws_cdk`."""
    program = (
        f"import importlib, sys; [importlib.import_module(it) for it in {modules}]; "
        f"sys.exit(' '.join({set(CDK)} & set(sys.modules)) or 0)"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env={"PYTHONPATH": "lambda:canary"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (loaded.returncode, loaded.stderr) == (0, "")

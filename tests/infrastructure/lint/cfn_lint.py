"""cfn-lint, run on templates."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.infrastructure.synthesis import PROJECT


def lint(*templates: Path, regions: Sequence[str] = ()) -> list[Mapping[str, Any]]:
    """Return the findings of cfn-lint. The default *regions* are those of `.cfnlintrc.yaml`."""
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--format", "json"]
    if regions:
        command += ["--regions", *regions]
    result = subprocess.run(
        [*command, "--", *map(str, templates)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not result.stderr, result.stderr
    found: list[Mapping[str, Any]] = json.loads(result.stdout)
    return found

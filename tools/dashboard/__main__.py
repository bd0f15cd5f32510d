"""Writes docs/images/dashboard.svg; `make dashboard`."""

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from app import build
from tools.dashboard.body import read
from tools.dashboard.drawing import draw

PROJECT = Path(__file__).resolve().parents[2]
PICTURE = PROJECT / "docs" / "images" / "dashboard.svg"
STACK = "Chat-prod"


def template(folder: Path) -> Mapping[str, Any]:
    """The template of production, without its package."""
    context = json.loads((PROJECT / "cdk.json").read_text())["context"]
    app = App(outdir=str(folder), context={**context, "aws:cdk:bundling-stacks": []})
    build(app)
    stack = app.node.find_child(STACK)
    assert isinstance(stack, Stack)
    return Template.from_stack(stack).to_json()


def main() -> int:
    """Draw it; the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        board = read(template(Path(folder)))
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(draw(board, title=STACK))
    sys.stdout.write(f"{PICTURE.relative_to(PROJECT)}: {len(board.widgets)} widgets\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Small JSON files that are complete or absent, even if a program is killed."""

import json
from pathlib import Path
from typing import Any


def write_json(path: Path, content: object) -> None:
    """Replace the file at *path* in one step. Only its owner can read it (mode 0600)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)  # of a killed program, perhaps with another mode
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text(json.dumps(content) + "\n")
    draft.replace(path)


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the JSON object in the file at *path*, or None if there is none."""
    try:
        content = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return content if isinstance(content, dict) else None

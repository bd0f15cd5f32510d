"""A review hook in memory."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chat.review.lambda_hook import MAX_ANSWER_BYTES
from chat.review.review import HookError


@dataclass
class FakeHook:
    """Returns a given answer and keeps the questions. Without an answer it raises HookError."""

    answer: Any = field(default_factory=lambda: {"allow": True})
    asked: list[dict[str, Any]] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None
    """Runs during the review."""

    def __call__(self, question: bytes) -> bytes:
        """Return the answer. Bytes are returned as they are."""
        self.asked.append(json.loads(question))
        self.meanwhile()
        if self.answer is None:
            raise HookError("late")
        whole = self.answer if isinstance(self.answer, bytes) else json.dumps(self.answer).encode()
        return whole[:MAX_ANSWER_BYTES]

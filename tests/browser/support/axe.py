"""Runs axe-core, which finds barriers for users with disabilities."""

from functools import cache

from playwright.sync_api import Page

from tools.common import ROOT

SCRIPT = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
AT_REST = """() => document.getAnimations()
  .filter((motion) => motion.effect.getComputedTiming().endTime !== Infinity)
  .forEach((motion) => motion.finish())"""


def violations(page: Page) -> list[str]:
    """Return a line for each element that breaks a rule: WCAG A and AA, and best practices.

    Animations are finished first, because elements that fade in have too little contrast.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    page.evaluate(AT_REST)
    found = page.evaluate("(options) => axe.run(document, options)", OPTIONS)["violations"]
    return [
        f"{rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


@cache
def _source() -> str:
    return f"{SCRIPT.read_text()}; undefined"

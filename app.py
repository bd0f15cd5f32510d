"""The CDK app: one stack per environment of cdk.json."""

import sys
from pathlib import Path

from aws_cdk import App

from chat_stack.errors import Problem
from chat_stack.settings.settings import read_environments
from chat_stack.settings.validation import LOCAL
from chat_stack.stack import ChatStack
from chat_stack.web import page


def build(app: App, *, built_page: Path = page.BUILT) -> None:
    """Add `Chat-<environment>` for each environment; raises Problem when one is not right.

    `-c gatewayUrl=...` says where the emulator is that `Chat-local` is for, which is not there
    without, so that no `--all` puts it on AWS; `-c identity=...` how people sign in there, and
    `-c settings={...}` whatever else is to be different there.
    *built_page* is uploaded where an environment hosts the page.
    """
    gateway_url = app.node.try_get_context("gatewayUrl")
    environments = read_environments(
        app.node.try_get_context("environments"),
        gateway_url=gateway_url,
        identity=app.node.try_get_context("identity"),
        settings=app.node.try_get_context("settings"),
    )
    for name, settings in environments.items():
        if name == LOCAL and not gateway_url:
            continue
        ChatStack(app, f"Chat-{name}", settings=settings, built_page=built_page, environment=name)


def main() -> None:
    """What `cdk` runs."""
    app = App()
    try:
        build(app)
    except Problem as problem:
        sys.exit(str(problem))
    app.synth()


if __name__ == "__main__":
    main()

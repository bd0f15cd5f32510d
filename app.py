"""The CDK app: one stack per environment of cdk.json."""

import sys
from pathlib import Path

from aws_cdk import App

from chat_stack.errors import ConfigError
from chat_stack.settings.load import read_environments
from chat_stack.settings.validation import LOCAL
from chat_stack.stack import ChatStack
from chat_stack.web import page


def build(app: App, *, built_page: Path = page.BUILT) -> None:
    """Add the stack `Chat-<environment>` for each environment. Raises ConfigError.

    `Chat-local` is added only with `-c gatewayUrl=...`, the URL of the emulator.
    `cdk deploy --all` therefore never deploys it to AWS.
    `-c identity=...` and `-c settings={...}` change its settings.
    With `-c environment=...`, the stack of that environment is the only one.
    *built_page* is uploaded if an environment hosts the page.
    """
    gateway_url = app.node.try_get_context("gatewayUrl")
    environments = read_environments(
        app.node.try_get_context("environments"),
        gateway_url=gateway_url,
        identity=app.node.try_get_context("identity"),
        settings=app.node.try_get_context("settings"),
    )
    only = app.node.try_get_context("environment")
    if only not in (None, *environments):
        raise ConfigError(
            f"environment: {only!r} is not in environments: {', '.join(environments)}"
        )
    for name, settings in environments.items():
        if (name == LOCAL and not gateway_url) or only not in (None, name):
            continue
        ChatStack(app, f"Chat-{name}", settings=settings, built_page=built_page, environment=name)


def main() -> None:
    """Synthesize the stacks, as `cdk` does, or exit with the message of a wrong setting."""
    app = App()
    try:
        build(app)
    except ConfigError as error:
        sys.exit(str(error))
    app.synth()


if __name__ == "__main__":
    main()

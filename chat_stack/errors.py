"""Errors that a person corrects before there can be a template."""


class ConfigError(Exception):
    """A setting or a file is wrong; the text says in one line what is wrong, and where."""

"""What a person has to put right before there can be a template."""


class Problem(Exception):
    """Says in one line what is wrong and where."""


Finding = tuple[str, str]
"""A setting, and what is wrong with it."""

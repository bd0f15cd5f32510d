"""The prose check: plain English in documents, docstrings, comments, messages and names.

Run it as `python -m tools.prose [PATHS]`. The word list is `words.toml`, the verbs are `verbs.txt`.
"""

"""One verb-named module a message type, each with `handle`."""

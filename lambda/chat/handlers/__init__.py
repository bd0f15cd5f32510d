"""One module a message type, named by its verb, each with `handle`."""

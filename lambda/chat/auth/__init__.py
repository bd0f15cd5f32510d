"""Authentication: handshakes, tokens, their keys, and the authorizer's policy."""

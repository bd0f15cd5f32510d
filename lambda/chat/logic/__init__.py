"""Use cases that handlers share."""

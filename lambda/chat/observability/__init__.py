"""Metrics, log lines and the record of one invocation."""

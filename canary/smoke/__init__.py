"""Smoke test: two clients that use a deployed chat, and measure each step."""

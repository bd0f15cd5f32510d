"""Operators' commands for a deployed chat, or for the one on this machine."""

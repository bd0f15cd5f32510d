"""Operators' commands for a deployed chat, or for the chat on this machine."""

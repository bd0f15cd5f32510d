"""Operators' commands for a deployed chat, or for the chat on this machine."""

from tools.source_folders import add_source_folders

add_source_folders()

"""The AWS emulator, MiniStack, with one module for each addition of this project."""

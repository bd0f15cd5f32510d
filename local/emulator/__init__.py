"""The AWS emulator, MiniStack, with what this project adds to it; one module for each addition."""

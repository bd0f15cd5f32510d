"""Commands for developers: generators, the dashboard picture, the prose check."""

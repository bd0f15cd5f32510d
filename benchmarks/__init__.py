"""`make bench`: the cost of a post, a message and a start, beside other ways to do the same."""

from tools.source_folders import add_source_folders

add_source_folders()

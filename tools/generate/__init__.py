"""Files that are generated from the code: the AsyncAPI document, the settings page, types."""

from tools.source_folders import add_source_folders

add_source_folders()

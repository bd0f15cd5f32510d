"""Files that are generated from the code: the AsyncAPI document, the settings page, types."""

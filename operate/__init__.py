"""What operators of a deployed chat do."""

"""AWS clients and deadlines of the functions."""

"""What every function needs to run: AWS clients and deadlines."""

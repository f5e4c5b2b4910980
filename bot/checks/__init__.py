"""What `thuisbel doctor` looks at."""

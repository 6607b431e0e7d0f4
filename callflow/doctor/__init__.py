"""What `callflow doctor` examines on a machine that is to serve calls, and what ops can do about what it finds."""

"""Runs the use cases of ``service``: pools of threads, runners of requests and deadlines, periodic tasks, metrics."""

"""What runs the use cases of ``service``: pools of threads, the runner of requests to the provider, periodic tasks."""

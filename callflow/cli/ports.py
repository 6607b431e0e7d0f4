"""What to say about a port of this machine that cannot be listened on."""

import errno


def taken(port: int, error: OSError) -> str:
    """Raises the error again if it is about something else."""
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use: stop what listens there, or choose another with --port"
    if error.errno in (errno.EACCES, errno.EADDRNOTAVAIL):
        return f"cannot listen on port {port}: {error.strerror}; choose another with --port"
    raise error

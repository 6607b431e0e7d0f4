"""What a log message may say about a fault: the call that it happened to, by reference, and the exception.

An exception is described by its type and where it was raised, without its text.

The text of an exception may quote a phone number, keys or speech (``KeyError: '+1555...'``).
"""

from contextvars import ContextVar
from pathlib import Path
from traceback import extract_tb

CALL: ContextVar[str] = ContextVar("call", default="")
"""The reference of the call that this thread is working on, "" for none or not known yet. For the log only."""
DEEPEST = 12
"""The most frames that are listed, the innermost first."""


def described(error: BaseException) -> str:
    """``KeyError at menu.py:41 star, decide.py:27 decide; caused by ...``"""
    frames = reversed(extract_tb(error.__traceback__)[-DEEPEST:])
    places = ", ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    said = f"{type(error).__name__} at {places}" if places else type(error).__name__
    return f"{said}; caused by {described(error.__cause__)}" if error.__cause__ else said

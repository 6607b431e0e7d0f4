"""What is logged while scenarios are played: faults are meant there, so it is told only where something failed."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import MemoryHandler

NEVER = logging.CRITICAL + 1
MOST = 10_000


@contextmanager
def kept_log() -> Iterator[MemoryHandler]:
    """``flush`` tells what was kept until then, on standard error. Left by an error, all of it is told."""
    log, shown = logging.getLogger("callflow"), logging.StreamHandler(sys.stderr)
    kept = MemoryHandler(MOST, flushLevel=NEVER, target=shown, flushOnClose=False)
    log.addHandler(kept)
    try:
        yield kept
    except BaseException:
        kept.flush()
        raise
    finally:
        log.removeHandler(kept)
        kept.close()

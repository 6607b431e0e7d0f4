"""TwiML verbs, one module each (small ones share one). Importing this package registers them all."""

from callflow.emulator.verbs import conference, dial, ending, gather, playing, queueing, record, starting

__all__ = ["conference", "dial", "ending", "gather", "playing", "queueing", "record", "starting"]

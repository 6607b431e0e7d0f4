"""One module per TwiML verb (small ones share): reads its attributes and runs it. Importing this registers them all."""

from callflow.emulator.verbs import conference, dial, ending, gather, playing, queueing, record, starting

__all__ = ["conference", "dial", "ending", "gather", "playing", "queueing", "record", "starting"]

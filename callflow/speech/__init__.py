"""Speech recognition behind a port, and the making of prompts. The length of a recording is read by ``audio.wav``."""

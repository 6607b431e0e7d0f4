"""WAV files: format, length, loudness, and cutting to a length. Works on bytes, not on files."""

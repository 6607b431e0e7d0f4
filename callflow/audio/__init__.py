"""WAV files: their format and length, their loudness, and recordings cut to a length. Bytes in, numbers out; no files."""

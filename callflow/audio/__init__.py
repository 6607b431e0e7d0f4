"""WAV files: format and length, loudness, and recordings cut to a length. Bytes in, numbers or bytes out."""

"""Speech recognition behind one port (``service.transcripts``), and what else can be learnt from the sound of speech.

Slow, and hungry for memory, so no server imports it: it works in the child processes of the worker and in the command
line (a contract in pyproject.toml).
"""

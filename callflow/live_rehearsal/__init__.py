"""Calls that a person takes part in, at a page of telephones: a real server process, or a scenario at its own pace.

The page and its telephones are the emulator's (``callflow/emulator/page``). This package starts what they talk to,
guides a newcomer, kills the server, reads the journal, and writes what was done as a scenario.
"""

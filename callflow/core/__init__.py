"""The call as a pure state machine: it takes an event and returns the changed call and its journal notes.

Five concepts, in the order to read them:

- ``events``: facts, named in the past tense. What a person wants is a fact as well (``DigitPressed``).
- ``stages`` and ``places``: the state of the call, and the place of each leg in it.
- ``call``: one frozen value with the whole state of a call; ``codec`` converts it to JSON and back.
- ``table``: (stage, event) -> the one handler that may change the stage.
- ``commands``: requests to the network. Handlers do not write them; they are computed from the call before and after.

This package uses the standard library only, and has no clock (events carry the time), no randomness, no input or
output and no log.
"""

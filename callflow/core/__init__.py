"""The call as a pure machine: an event comes in, a changed call and its journal notes come out.

Five nouns, in the order to read them:

- ``events``: facts, past tense. A person's wish is a fact as well (``DigitPressed``).
- ``stages`` and ``places``: what the people are living through, and where each leg should be.
- ``call``: one frozen value with everything a call is; ``codec`` turns it to JSON and back.
- ``table``: (stage, event) -> the one handler that may change the stage.
- ``commands``: orders to the network. Nobody writes them: they are the difference between two calls.

Only the standard library's types live here: no clock (time comes with the event), no dice, no input or output, no log.
"""

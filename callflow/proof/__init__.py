"""Proofs of the safety rules: every state that a call can reach is visited, and every promise is checked in each.

The states are real calls that go through the real ``core.decide``. The modules:

- ``prove``: the entry point.
- ``canonical``: which calls are the same state. Time is left out; ``questions`` asks about it ("is the grace over?").
- ``alphabet``: every event that can come next, with every answer to the questions; ``step_answers`` for flow steps.
- ``exploring``: breadth-first search, so that a counterexample is as short as possible.
- ``promises``: what no event may do.  ``liveness``: what must happen even if nobody does anything.
- ``timed``: how long a caller can be without a person, in seconds.
- ``detached_legs``: legs that have left the caller.  ``flows``: the steps that ops wrote.
- ``teams``: which teams behave alike.  ``endings``: how each document ends.
- ``counterexample``: how a promise is broken, in sentences.  ``yaml_location``: the setting it is about.
- ``proof_cache``: results of earlier proofs.
"""

from callflow.proof.prove import Proof, Violation, prove, waits

__all__ = ["Proof", "Violation", "prove", "waits"]

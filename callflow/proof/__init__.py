"""Proofs: every state that a call can be in is visited, and what was promised is looked at in each of them.

The states are real calls, taken through the real ``core.decide``. Read in this order:

- ``canonical``: which calls are the same for a proof; time is left as ``questions`` ("is the grace over?").
- ``alphabet``: everything that can happen next, the questions answered in all of their ways.
- ``exploring``: breadth first, so that the way to a broken promise is the shortest one.
- ``promises``: what no event may do.    ``liveness``: what must come by itself when nobody does anything.
- ``detached_legs``: legs that have left the caller.  ``flows``: the steps that ops wrote.
- ``teams``: which teams are alike.
- ``counterexample``: the shortest way to a broken promise, in plain words.  ``prove``: the entry point.
"""

from callflow.proof.prove import Proof, Violation, prove

__all__ = ["Proof", "Violation", "prove"]

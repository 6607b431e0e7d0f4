"""Breaks that no test can notice, because nothing that is promised changes: they are not counted.

By what stood there and what stands there then, so that a line may move.
"""

EQUIVALENT: dict[tuple[str, str], str] = {
    (
        "ring_seconds: int = 20",
        "ring_seconds: int = 21",
    ): "a ring always says how long; no other order uses it",
}

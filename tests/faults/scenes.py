"""How a call comes to each stage. A stage that is added to ``core.stages`` has no row yet, so the tests fail."""

from collections.abc import Mapping
from typing import Any

from callflow.core.stages import Stage as S
from tests.e2e.conversation import Conversation
from tests.promises.rows import ROWS, Row, wrapping_up


def ended(**how: Any) -> Conversation:
    return wrapping_up(**how).over()


STAGES: Mapping[S, Row] = {row.stage: row for row in (
    *[row for row in ROWS if not row.who], *[row for row in ROWS if row.who], Row(S.ENDED, ended)
)}  # fmt: skip
"""One call in each stage, in which somebody presses a key if there is one: the last of docs/promises.md."""
NOT_YET = (S.PREPARING, S.DIALLING)
"""A customer is called, and has not pressed the key without which nobody is connected."""
WITH_A_CALLER = tuple(row for stage, row in sorted(STAGES.items(), key=lambda one: list(S).index(one[0]))
                      if stage not in (*NOT_YET, S.AFTERCARE, S.ENDED))  # fmt: skip
EVERY_KEY = tuple(row for row in ROWS if row.stage not in (*NOT_YET, S.AFTERCARE))
"""And every key that somebody may press meanwhile."""
ALONE_AT_FIRST = (S.ARRIVING, S.WAITING, S.LEFT_ALONE)
"""Nobody is on the line with the caller."""

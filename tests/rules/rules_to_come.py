"""What other changes bring to ``policy_rules``. It may be missing until they are there; then delete its entry."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

AFTER_MERGE: Final[Mapping[str, frozenset[str]]] = MappingProxyType({
    "retention": frozenset({
        "service.retention:held_after", "callflow: retention.hold_review_days",
        "service.retention_keeper:RetentionKeeper.run", "service.legal_holds:LegalHolds.put",
        "callflow: retention.recordings_days", "callflow: retention.incidents_months",
        "callflow: retention.calls_months", "contracts/test_retention.py", "e2e/test_data_that_ends.py",
    }),
})  # fmt: skip

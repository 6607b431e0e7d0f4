"""What other changes bring to ``policy_rules``. It may be missing until they are there; then delete its entry."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

AFTER_MERGE: Final[Mapping[str, frozenset[str]]] = MappingProxyType({
    "rules on the call": frozenset({
        "core.no_answer:may_let_go", "core.closing_invariants:silence_is_no_conduct", "core/test_no_answer.py",
        "core.steps.draw_the_line:ask_conduct", "proof.promises:conduct_named_anew", "core/test_named_anew.py",
        "core.steps.draw_the_line:close_read_aloud", "core/test_read_aloud.py", "core.supervision:ask_co_signature",
        "core.closing_invariants:closing_co_signed", "core.supervision:tell", "core/test_supervision.py",
        "core.locks:lock_from_afar", "core/test_one_key_for_safety.py", "core.breaks:longer", "core.breaks:shorter",
        "core/test_breaks.py", "deescalation: draw_the_line.co_signature",
        "deescalation: draw_the_line.tell_supervisors",
    }),
    "records of callers": frozenset({
        "core.agent_search:prepared_first", "core/test_recognised.py", "deescalation: aftercare.heads_up_hours",
        "core.steps.time_out:attest", "core/test_adjustments.py", "core.adjustments:grace_seconds",
        "service.restrictions:Restrictions.decide", "service.restrictions:Restrictions.appeal",
        "service/test_restrictions.py", "people: seniors",
    }),
    "incidents": frozenset({
        "core.incidents:opened", "core.incidents:added", "core.incidents:answered", "e2e/test_incidents.py",
        "deescalation: incidents.add_minutes", "deescalation: incidents.answer_days", "people: reviewers",
        "core.check_ins:planned", "core.check_ins:replied", "e2e/test_check_ins.py",
    }),
    "retention": frozenset({
        "service.retention:held_after", "callflow: retention.hold_review_days",
        "service.retention_keeper:RetentionKeeper.run", "service.legal_holds:LegalHolds.put",
        "callflow: retention.recordings_days", "callflow: retention.incidents_months",
        "callflow: retention.calls_months",
    }),
})  # fmt: skip

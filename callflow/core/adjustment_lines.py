"""The rows of ``script_catalogue`` about what callers need, and what staff are told of a number."""

CALLER = """
    adjustments_menu:
    adjustments_more:
    adjustments_keep:
    adjustments_unusable:
    adjustments_kept:
    adjustments_not_kept:
    adjustments_known: needs
    adjustments_proposed: needs
    adjustments_pin:
    adjustments_wrong:
    adjustments_change:
    adjustments_deleted:
"""
NEEDS = """
    need_more_time:
    need_speech:
    need_tics:
    need_interpreter:
    need_relay:
    need_vulnerable:
"""
FLAGS = """
    adjust_more_time:
    adjust_speech:
    adjust_tics:
    adjust_interpreter:
    adjust_relay:
    adjust_vulnerable:
    flag_restricted:
    flag_heads_up: reason supervisor
    flag_unnamed_reason:
"""

TO_CALLER = {
    "more_time": "need_more_time", "speech": "need_speech", "tics": "need_tics", "interpreter": "need_interpreter",
    "relay": "need_relay", "vulnerable": "need_vulnerable",
}  # fmt: skip
"""The fragments that name what a caller needs (``recognised.NEEDS``) to the caller."""
TO_STAFF = {
    "more_time": "adjust_more_time", "speech": "adjust_speech", "tics": "adjust_tics",
    "interpreter": "adjust_interpreter", "relay": "adjust_relay", "vulnerable": "adjust_vulnerable",
}  # fmt: skip
"""The fragments that tell staff of it, and of what is therefore not conduct."""

"""The numbers by which lines are recorded on the staff line, and which `callflow prompts list` shows.

A number is never changed and never used for another line: people have them on paper. A new line gets the next free one
of its group: 101 to 199 for callers, 201 to 399 for staff, 401 to 499 for the staff line.

What only a configuration has, lines of its own and values that are filled into lines, has five digits that follow from
its id: they are the same on every server and for ever, whatever else is added.
"""

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from callflow.core.records import record

_TABLE: Final = """
    101 greeting 102 connecting 103 queue_progress 104 recording_notice 105 recording_question 106 recording_choices
    107 recording_paused 108 recording_resumed 109 asked_again 110 not_clear 111 yes_or_no 112 no_clear_answer
    113 hold_request 114 hold_choices 115 hold_declined 116 hold_no_answer 117 hold_start 118 hold_checkin
    119 hold_checkin_choices 120 hold_overrun 121 hold_return 122 supervisor_offer 123 supervisor_choices
    124 supervisor_declined 125 supervisor_no_answer 126 consult_ringing 127 consult_wait 128 consult_checkin
    129 consult_return 130 introduction 131 handover_done 132 no_supervisor 133 call_back_choices
    134 call_back_number 135 call_back_impossible 136 callback_confirm 137 call_back_keys 138 call_back_kept
    139 carry_on 140 warning_first 141 warning_final 142 disconnect 143 closing_stopped 144 agent_relief
    145 agent_left 146 lead_lost 147 supervisor_left 148 failure_person 149 failure_nobody 150 failure_again
    151 number_not_in_use 152 call_over 153 message_thanks 154 goodbye
    173 yes_or_no_after_tone 171 still_here 172 no_answer_goodbye 201 offer 202 you_are_away 203 offer_missed
    204 offer_flags 205 offer_gone 206 offer_for 207 menu 208 busy_menu 209 busy_menu_locked 210 hold_asked
    211 hold_answer_yes 212 hold_answer_no 213 hold_answer_unclear 214 hold_answer_none 215 hold_more_asked
    216 heads_up 217 caller_back 218 supervisor_asked 219 briefing_offer 220 briefing_prompt 221 briefing_saved
    222 supervisor_answer_yes 223 supervisor_answer_no 224 supervisor_answer_unclear 225 supervisor_answer_none
    226 whisper 227 decline_menu 228 declined_thanks 229 caller_gone 230 caller_lost 231 joined 232 caller_joins
    233 whisper_ready 234 whisper_ready_last 235 have_it 236 taken_over 237 lead_lost_staff 238 given_back
    239 helper_lost 240 no_supervisor_staff 241 no_supervisor_locked 242 call_back_choice 243 call_back_promised
    244 warn_menu 245 warn_first_done 246 warn_done 247 warn_cut 248 warn_learnt 249 end_confirm 250 closing_watch
    251 closing_cancelled 252 closing_not_played 253 call_closed 254 skip_menu 255 skip_done 256 nothing_to_skip
    257 safeguarding_on 258 threat_on 259 locked_ringing 260 unlock_menu 261 unlocked 262 relief_done 263 released
    264 wrap_up 265 wrap_up_saved 266 note_prompt 267 note_saved 268 cooldown 269 alert 270 alert_safeguarding
    271 refuse_no_warning 272 refuse_cut_warning 273 refuse_grace 274 refuse_lapsed 275 refuse_warned
    276 refuse_asked_already 277 refuse_no_answer 278 refuse_most_holds 279 refuse_order 280 refuse_skip
    281 refuse_locked 282 refuse_leave 283 refuse_take_over 284 refuse_busy 285 refuse_relief
    286 refuse_relief_helped 287 recording_pauses 288 recording_resumes 289 recording_not_on
    290 recording_not_paused 291 unknown_key 292 failure_join 331 end_conduct
    332 refuse_other_conduct 333 told_warning 334 told_closing 335 told_thanks 336 co_sign_offer
    337 co_signed 338 co_sign_missing 339 refuse_co_sign 340 closing_read_aloud 341 end_read_aloud
    342 cooldown_skipped 343 silence_asked
    169 listener_notice 170 supervisor_joins 347 listener_joins 348 listen_offer 349 join_offer 350 listen_wait
    351 listen_menu 352 told_final_warning 353 vetoed
    344 silence_answered 345 silence_goodbye 346 no_answer_confirm
     354 offers_menu 355 offer_noted
    401 staff_number 402 staff_pin 403 staff_wrong
    404 staff_menu 405 staff_menu_away 406 staff_away 407 staff_back 408 staff_promise 409 staff_no_promise
    410 staff_goodbye 411 practice_choice 412 practice_begin 413 practice_over 414 practice_pressed
    415 practice_open 416 practice_closed 417 record_key 418 record_number 419 record_unknown 420 record_changes
    421 record_choice 422 record_speak 423 record_nothing 424 record_review 425 record_kept 426 record_dropped
    427 record_in_force 428 record_in_doubt 429 record_silent 430 record_quiet 431 record_clipped 432 record_long
    433 record_words 434 record_failed
    155 invitation 156 invitation_over 293 outgoing_offer 294 outgoing_dialling 295 outgoing_no_answer
    296 outgoing_busy 297 outgoing_failed 298 outgoing_no_key 299 outgoing_not_now 300 outgoing_stopped
    435 call_key 436 call_number 437 call_confirm 438 call_impossible 439 call_begins
    440 staff_promise_late 441 staff_promise_keys 442 staff_promise_key_next
    443 staff_no_more_promises
    157 adjustments_menu 158 adjustments_more 159 adjustments_keep 160 adjustments_unusable 161 adjustments_kept
    162 adjustments_not_kept 163 adjustments_known 164 adjustments_proposed 165 adjustments_pin
    166 adjustments_wrong 167 adjustments_change 168 adjustments_deleted 173 yes_or_no_after_tone
    301 attest_menu 302 cosign_choice
    303 cosigned 304 refuse_cosign 305 adjustments_wrap_up
    321 incident_offer 322 incident_vulnerable 323 incident_helped 324 incident_words
    445 staff_incident_key 446 staff_incident 447 staff_incident_late 448 staff_incident_none
    449 staff_incident_missing 450 staff_check_in_key 451 staff_check_in 452 staff_check_in_yes
    453 staff_check_in_later 454 staff_check_in_no 455 staff_incident_remind
    456 record_piece 457 record_piece_choice 458 record_piece_kept 459 record_told_piece
    460 staff_calls_key 461 staff_calls_none 462 staff_calls_one 463 staff_calls_many 464 staff_no_calls
    465 staff_no_more_calls 466 staff_call_need 467 staff_call 468 staff_call_keys 469 staff_call_next
    470 staff_call_gone 471 staff_call_changed 472 staff_locked 473 staff_vetoed 474 staff_agreed 475 staff_refused
    476 staff_act_begins
"""
_CELLS: Final = _TABLE.split()
LINES: Final = MappingProxyType(dict(zip(_CELLS[::2], _CELLS[1::2], strict=True)))
"""Number (as it is typed) -> the id of the line."""
NUMBERS: Final = MappingProxyType({id: number for number, id in LINES.items()})


@record
class Numbered:
    """What is recorded by one number. ``id`` is that of the line, or ``values/ana``.

    ``parts``: path below the audio folder -> its words, in the order in which they are recorded; none if nothing but
    variables is in the line. ``whole``: there is one, and it is all that is heard.
    """

    id: str
    parts: Mapping[str, str]
    whole: bool

    def part(self, piece: int) -> tuple[str, str] | None:
        """The path and the words of a piece, counted from 1, or (0) of the whole line."""
        return next(iter(list(self.parts.items())[max(piece, 1) - 1 : max(piece, 1)]), None)

    def piece(self, path: str) -> int:
        """The opposite: 0 for the whole line, and for a path that is not of it."""
        return 0 if self.whole or path not in self.parts else list(self.parts).index(path) + 1


def number_of(id: str) -> str:
    """The number of a line or value, as it is typed."""
    return NUMBERS.get(id) or str(10_000 + int.from_bytes(hashlib.sha256(id.encode()).digest()[:8]) % 90_000)


def numbered(all_of_them: Iterable[Numbered]) -> dict[str, Numbered]:
    """By number. Those with the same number (CF256) have none, so that nobody records the wrong one."""
    found: dict[str, list[Numbered]] = {}
    for one in all_of_them:
        found.setdefault(number_of(one.id), []).append(one)
    return {number: several[0] for number, several in found.items() if len(several) == 1}

"""Switches for behaviour that Twilio does not document, and faults to simulate.

Every switch is listed as unverified in README.md of this package. The defaults are the assumptions of twilio.md.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Switches:
    """One field per undocumented behaviour; the comment gives the source of the question."""

    redirect_requests_dial_action: bool = False  # 5.2: a REST redirect out of a Dial requests its action first
    early_digits_kept: bool = False  # 3.4: keys pressed before a Gather starts are given to it
    fallback_covers_later_documents: bool = True  # 1.4: the number's fallback covers action and redirect documents
    play_failure_ends_call: bool = True  # 3.2: a failing Play is an error of the document (else it is skipped)
    start_before_join: bool = False  # 4: conference-start is sent before the join that caused it
    retry_status_callbacks_on_5xx: bool = False  # 12.16
    star_reason: str = "participant_hung_up"  # 3.6: ReasonParticipantLeft after `*`
    kick_reason: str = "participant_updated_via_api"  # 12.2: ReasonParticipantLeft after a DELETE
    time_limit_reason: str = "participant_hung_up"  # 12.2: ReasonParticipantLeft after the Dial's timeLimit
    idempotency_token: Literal["none", "retries", "always"] = "none"  # 1.4: I-Twilio-Idempotency-Token
    hangup_in_dial_requests_action: bool = True  # 12.11
    action_after_room_end: bool = True  # 12.4: Dial's action after a kick or the end of the room by others
    star_works_on_hold: bool = True  # 12.18
    star_ends_room: bool = True  # 3.8: `*` by a leg with endConferenceOnExit=true ends the room
    redirect_ends_room: bool = True  # 12.3: so does a REST redirect of that leg
    lone_participant_hears: Literal["silence", "wait"] = "silence"  # 12.1: after the others left a started room
    announce_heard_on_hold: bool = False  # 12.6
    announcement_end_after_leave: bool = True  # 12.6: announcement-end (without P) for a leg that left meanwhile
    hold_before_start: bool = False  # 12.7: hold works in a room that has not started (else 404)
    sign_wait_requests: bool = True  # 12.8: waitUrl, holdUrl and announceUrl requests are signed
    sign_media_requests: bool = False  # 2: Play fetches are signed
    empty_gather_sends_digits: bool = True  # 1.3: actionOnEmptyResult sends `Digits=` (else leaves it out)
    finish_key_alone_requests: bool = False  # 3.4: finishOnKey as the first key requests the action, with `Digits=`
    gather_sends_end_message: bool = True  # 1.3: msg=Gather End
    redirect_answers: bool = True  # 3, fact 30: a Redirect as the first verb answers an inbound call
    frozen_end_on_exit_while_held: bool = True  # 4.5: EndConferenceOnExit changes are lost on a held leg
    unfiltered_list_is_in_progress: bool = True  # notice of 30 Sep 2026: Conferences.json without Status (else: all)
    completing_unstarted_room_fails: bool = True  # 5.5: 400
    frozen_coach_stays: bool = True  # 8.3: the coach of a leg that left coaches nobody (else becomes a talker)
    last_update_wins: bool = True  # 5.2: a REST redirect during a fetch discards that document (else the reverse)
    tones_heard_in_room: bool = True  # 12.5: the others in a room hear the keys somebody presses
    conference_callback_method: Literal["POST", "GET"] = "POST"  # 12.17: without statusCallbackMethod
    ring_extra_seconds: float = 0.0  # 6.2: ring timeout + up to 5 s
    declined_status: Literal["busy", "no-answer"] = "busy"  # 6.1: what a declined call becomes
    recording_seconds_until_ready: float = 1.0  # 5.4: media appear with the completed callback
    call_token_accepted: bool = True  # 5.1: a CallToken lets a call show the number that it came with (else 21210)
    pace: float = 14.0  # 3.1: characters a second of a synthetic voice, and of people; no document gives a figure
    error_speech: str = "We are sorry, an application error has occurred. Goodbye."  # 1.4


@dataclass(frozen=True, kw_only=True)
class Chaos:
    """Faults to simulate. Probabilities are 0..1, times (least, most) seconds. The same `seed` gives the same faults.

    `duplicate` repeats any webhook (the second answer is ignored); `delay`, `reorder` and `drop_callbacks` only affect
    asynchronous callbacks. `hang_up_at(event)` is called for every event; when it returns True, the caller hangs up.
    """

    duplicate: float = 0.0
    delay: tuple[float, float] = (0.0, 0.0)
    reorder: float = 0.0
    drop_callbacks: float = 0.0
    rest_429: float = 0.0
    rest_5xx: float = 0.0
    rest_5xx_after_effect: float = 0.0
    rest_slow: tuple[float, float] = (0.0, 0.0)
    play_fails: float = 0.0
    hang_up_at: Callable[[object], bool] | None = None
    seed: int = 0


class RandomFaults:
    """Draws the faults of a `Chaos` from its seed. A probability of 0 draws no number, so that runs stay comparable."""

    def __init__(self, chaos: Chaos) -> None:
        self.chaos = chaos
        self._random = random.Random(chaos.seed)

    def happens(self, probability: float) -> bool:
        return probability > 0 and self._random.random() < probability

    def seconds(self, span: tuple[float, float]) -> float:
        return self._random.uniform(*span) if span[1] > 0 else 0.0

    def callback_seconds(self) -> float:
        """Extra seconds before a callback is sent; a reordered one is sent after its successors."""
        late = self.seconds(self.chaos.delay)
        return late + self._random.uniform(0.5, 3.0) if self.happens(self.chaos.reorder) else late

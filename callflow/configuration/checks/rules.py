"""Checks of deescalation.yaml that compare settings, and of the agents' cards."""

from collections.abc import Iterator

from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean
from callflow.core.call import Lock
from callflow.core.fragment_catalogue import FRAGMENTS
from callflow.core.languages import speaking_seconds
from callflow.core.script_catalogue import OF_BRIEFINGS, OF_RECORDING
from callflow.core.stages import Stage
from callflow.core.steps.time_out import TAIL_SECONDS

ASKING = {"recording_question", "recording_choices"}
"""The lines of `recording: ask`."""
CHECKS: list[Check] = []
check = collector(CHECKS)

FINAL = "warning_final"
QUESTION_SECONDS = 14
"""The estimated duration of the question about a hold."""
LONGEST_QUESTION_SECONDS = 60
STAFF_STAGES = frozenset({
    Stage.TALKING, Stage.ASKING_HOLD, Stage.HOLDING, Stage.OFFERING_SUPERVISOR, Stage.RINGING, Stage.CONSULTING,
    Stage.INTRODUCING, Stage.WARNING, Stage.CLOSING, Stage.AFTERCARE,
})  # fmt: skip
"""Stages that are long enough to read a card."""


@check("CF034", needs=("deescalation",))
def menu_keys_differ(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    taken: dict[str, str] = {}
    keys = draft.deescalation.menu.keys
    recorded = draft.callflow is not None and draft.callflow.recording.mode != "off"
    # Keys that ops wrote come last, so that a clash with a default is reported at a place that they can change.
    for name, key in sorted(keys.model_dump().items(), key=lambda item: item[0] in keys.model_fields_set):
        if name == "card_data" and not recorded and name not in keys.model_fields_set:
            continue  # without a recording the key has no meaning, and any other choice may have it
        if key in taken:
            message = f'the key {key} is taken by "{taken[key]}"; "{name}" needs another one'
            yield Found(draft.deescalation_source, ("menu", "keys", name), message)
        taken.setdefault(key, name)


@check("CF018", needs=("deescalation",))
def the_caller_is_asked(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    if not draft.deescalation.delegate_upwards.ask_caller:
        message = '"ask_caller" can only be true (policy rule 15: nobody is passed on without a yes)'
        yield Found(draft.deescalation_source, ("delegate_upwards", "ask_caller"), message)


@check("CF019", needs=("callflow",))
def recording_has_its_lines(draft: ConfigurationDraft) -> Iterator[Found]:
    """In every language: whoever does not hear the notice has not been told (rule 41)."""
    assert draft.callflow
    mode = draft.callflow.recording.mode
    if mode == "off":
        return
    unspoken = ASKING if mode == "notice" else {"recording_notice"}
    for language, file in draft.scripts.items():
        for id in sorted(OF_RECORDING - {*file.scripts, *file.fragments} - unspoken):
            message = f'"{id}" is missing, but calls are recorded (recording: {mode})'
            where = "fragments" if id in FRAGMENTS else "scripts"
            yield Found(draft.script_sources[language], (where,), message, key=True)


@check("CF019", needs=("deescalation",))
def briefings_have_their_lines(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    if draft.deescalation.delegate_upwards.spoken_briefing:
        for language, file in draft.scripts.items():
            for id in sorted(OF_BRIEFINGS - {*file.scripts}):
                message = f'"{id}" is missing, but agents can record a briefing (spoken_briefing: true)'
                yield Found(draft.script_sources[language], ("scripts",), message, key=True)


@check("CF038", needs=("deescalation",))
def holds_end_in_time(draft: ConfigurationDraft) -> Iterator[Found]:
    """The return prompt, some music and the move back must fit into the promised seconds (rule 12)."""
    assert draft.deescalation
    promised = draft.deescalation.time_out.seconds
    for language, id, script in draft.every_script():
        length = speaking_seconds(script.text, draft.scripts[language].voice.language) + TAIL_SECONDS + 1
        if id == "hold_return" and length > promised:
            message = (
                f'"{id}" takes about {length:.0f} seconds, but the hold is {promised} seconds in all (policy rule 12)'
            )
            yield Found(draft.script_sources[language], ("scripts", id, "text"), message)


@check("CF035", needs=("deescalation",))
def settings_agree(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    hold, care = draft.deescalation.time_out, draft.deescalation.delegate_upwards
    if hold.total_seconds < hold.seconds:
        message = (
            f'"total_seconds" is {hold.total_seconds}, less than one hold of {hold.seconds} seconds (policy rule 11)'
        )
        yield Found(draft.deescalation_source, ("time_out", "total_seconds"), message)
    if care.ring_total_seconds < care.ring_seconds:
        message = (
            f'"ring_total_seconds" is {care.ring_total_seconds}, less than "ring_seconds": {care.ring_seconds}'
            " (policy rule 16)"
        )
        yield Found(draft.deescalation_source, ("delegate_upwards", "ring_total_seconds"), message)

    line = draft.deescalation.draw_the_line
    if line.lapse_seconds <= line.grace_seconds:
        message = (
            f'"lapse_seconds" is {line.lapse_seconds}: the warning lapses before the grace of {line.grace_seconds} '
            "seconds is over (policy rules 26 and 28)"
        )
        yield Found(draft.deescalation_source, ("draw_the_line", "lapse_seconds"), message)


@check("CF260", needs=("deescalation",))
def supervisors_are_told(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    if draft.deescalation.draw_the_line.tell_supervisors != "ring":
        message = "no telephone rings when a caller is warned or closed out (policy rule 31)"
        yield Found(draft.deescalation_source, ("draw_the_line", "tell_supervisors"), message)


@check("CF261", needs=("deescalation",))
def somebody_co_signs(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    if not draft.deescalation.draw_the_line.co_signature:
        message = "nobody has to agree before a caller with an adjustment is closed out (policy rule 30)"
        yield Found(draft.deescalation_source, ("draw_the_line", "co_signature"), message)


@check("CF166", needs=("deescalation",))
def questions_end_in_time(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    hold = draft.deescalation.time_out
    waiting = hold.asks * (hold.answer_seconds + QUESTION_SECONDS)
    if waiting > LONGEST_QUESTION_SECONDS:
        message = (
            f"{hold.asks} questions with {hold.answer_seconds} seconds for each answer keep the agent waiting about "
            f"{waiting} seconds; over {LONGEST_QUESTION_SECONDS} both sides give up"
        )
        yield Found(draft.deescalation_source, ("time_out", "answer_seconds"), message)


@check("CF037", needs=("deescalation",))
def warnings_end_in_the_final_one(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    warnings = draft.deescalation.draw_the_line.warnings
    loc = ("draw_the_line", "warnings", len(warnings) - 1)
    if warnings[-1] != FINAL:
        yield Found(draft.deescalation_source, loc, f'the last warning must be "{FINAL}" (policy rule 23)')
    for number, id in enumerate(warnings):
        if id in warnings[:number]:
            yield Found(draft.deescalation_source, (*loc[:-1], number), f'"{id}" is in the list of warnings twice')


@check("CF060", needs=("guidance",))
def cards_are_for_stages(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.guidance
    assert draft.guidance_source
    stages = {"default", *(stage.value for stage in Stage), *(lock.value for lock in Lock)}
    for stage in draft.guidance.cards:
        if stage not in stages:
            message = f'there is no stage "{stage}"{did_you_mean(stage, stages)}'
            yield Found(draft.guidance_source, ("cards", stage), message, key=True)


@check("CF061", needs=("guidance",))
def every_stage_has_a_card(draft: ConfigurationDraft) -> Iterator[Found]:
    """Safeguarding and threat each need a card; a stage can use the default card."""
    assert draft.guidance
    assert draft.guidance_source
    cards = set(draft.guidance.cards)
    missing = sorted(lock.value for lock in Lock if lock.value not in cards)
    if "default" not in cards:
        missing += sorted(stage.value for stage in STAFF_STAGES if stage.value not in cards)
    for stage in missing:
        hint = " (policy rule 34)" if stage in {lock.value for lock in Lock} else ', and there is no "default"'
        yield Found(draft.guidance_source, ("cards",), f'there is no card for "{stage}"{hint}', key=True)

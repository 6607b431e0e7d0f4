"""Checks of the recognisers of recordings: their models, and that callers are told about other companies."""

from collections.abc import Iterator
from typing import Final

from callflow.configuration.checks.flows import every_step
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.core.languages import primary
from callflow.core.policy import SpokenAnswers
from callflow.core.script_catalogue import AFTER_TONE
from callflow.core.transcription import ACTIVITY, BY_PATH, EMBEDDED, HOSTED, Purpose

RECORDING: Final = SpokenAnswers.RECORDING.value
CHECKS: list[Check] = []
check = collector(CHECKS)

NOTICES = {"notice": "recording_notice", "ask": "recording_question"}
"""By ``recording``, the line that tells callers that their call is recorded."""
TOLD_BY = {Purpose.VOICEMAIL: "leave_message", Purpose.NOTE: "note_prompt"}
"""Other recordings are announced by a line of their own."""


@check("CF240", needs=("callflow",))
def engines_have_their_models(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    for purpose, one in draft.callflow.speech.engines.items():
        loc = ("speech", "engines", purpose)
        given = bool(one.model_path and one.sha256)
        if one.engine in BY_PATH and not given:
            yield Found(
                draft.callflow_source, loc, f"{one.engine} needs model_path and sha256, as it has no model of its own"
            )
        elif one.engine not in BY_PATH and (one.model_path or one.sha256):
            yield Found(draft.callflow_source, loc, f"{one.engine} takes no model: leave model_path and sha256 out")
        if (one.engine == ACTIVITY) != (Purpose(purpose) is Purpose.TALK_OVER):
            yield Found(draft.callflow_source, loc, f"{ACTIVITY} is for talk_over, and for nothing else")
        if one.engine in EMBEDDED and not any(primary(code) == "en" for code in draft.scripts):
            yield Found(draft.callflow_source, loc, f"{one.engine} knows only English, which nobody speaks here")


@check("CF251", needs=("callflow", "deescalation"))
def recorded_answers_are_recognised(draft: ConfigurationDraft) -> Iterator[Found]:
    """Callers are told that they may say yes: somebody must understand it. Keys always count."""
    assert draft.deescalation
    assert draft.callflow
    if draft.deescalation.spoken_answers != RECORDING:
        return
    engine = draft.callflow.speech.engines.get(Purpose.CONSENT.value)
    if engine is None:
        message = "recorded answers need an engine for consent: speech.engines in callflow.yaml"
        yield Found(draft.deescalation_source, ("spoken_answers",), message)
    for language, file in draft.scripts.items():
        if AFTER_TONE not in file.scripts:
            message = f'"{AFTER_TONE}" is missing, but answers are recorded (spoken_answers: recording)'
            yield Found(draft.script_sources[language], ("scripts",), message, key=True)
        elif engine and engine.engine in EMBEDDED and primary(file.voice.language) != "en":
            message = f"{engine.engine} knows only English, but callers are asked to answer in words here"
            yield Found(draft.script_sources[language], ("scripts", AFTER_TONE), message)


@check("CF252", needs=("deescalation",))
def no_step_needs_the_providers_ear(draft: ConfigurationDraft) -> Iterator[Found]:
    """With recorded answers the provider recognises no words, so menus go by keys, and questions are not answered."""
    assert draft.deescalation
    if draft.deescalation.spoken_answers != RECORDING:
        return
    for source, _, step, loc in every_step(draft):
        if step.ask and step.digits is None:
            message = "nobody can answer in words here (spoken_answers: recording): everybody goes on with `otherwise`"
            yield Found(source, (*loc, "ask"), message)


@check("CF241", needs=("callflow",))
def callers_are_told_of_other_companies(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    for purpose, one in draft.callflow.speech.engines.items():
        if not (company := HOSTED.get(one.engine)):
            continue
        told = TOLD_BY.get(Purpose(purpose)) or NOTICES.get(draft.callflow.recording.mode, "greeting")
        for language, file in draft.scripts.items():
            id = told if told in file.scripts else "greeting"
            if id in file.scripts and company.lower() not in file.scripts[id].text.lower():
                message = f'"{id}" does not say that {company} hears what is said for "{purpose}"'
                yield Found(draft.script_sources[language], ("scripts", id), message)

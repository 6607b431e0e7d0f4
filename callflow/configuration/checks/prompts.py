"""Checks of single prompts: what they must and must not say, and how long they take."""

import re
from collections.abc import Iterator, Mapping

from callflow.configuration.checks.flows import every_step, prompts_of
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.checks.scripts import VARIABLE, hears, missing, texts, variables_in
from callflow.configuration.draft import ConfigurationDraft
from callflow.core.languages import primary, speaking_seconds
from callflow.core.script_catalogue import SCRIPTS

CHECKS: list[Check] = []
check = collector(CHECKS)


def _table(rows: str) -> Mapping[str, tuple[str, ...]]:
    split = (row.split(":") for row in rows.strip().splitlines())
    return {id.strip(): tuple(variables.split()) for id, variables in split}


MUST_SAY = _table("""
    hold_request: n reason
    hold_start: n
    hold_checkin: n
    supervisor_offer: supervisor_role
    introduction: supervisor
    handover_done: supervisor
    no_supervisor: time
    callback_confirm: last3 time ref
    call_back_kept: time ref
    message_thanks: ref
    warning_first: conduct
    warning_final: conduct
    disconnect: conduct
    failure_nobody: time emergency
    end_confirm: conduct
    refuse_grace: n
    refuse_no_answer: n
    refuse_take_over: n
    alert: number agent
    alert_safeguarding: number agent
    flag_warnings: n
""")
"""Variables that a prompt must contain, so that the caller can decide (rule 9) and knows what was promised (rules 19,
25)."""
WAY_BACK = ("contact", "ref")
"""Rule 29: how to contact us, and the reference."""
WARNINGS = ("warning_first", "warning_final")
WARNING_SECONDS = 15
NAME_CHARACTERS = 8
"""The assumed length of a name, a number or a time, to estimate the duration of a prompt."""
JUDGEMENTS = re.compile(
    r"\b(abusive|rude|aggressive|hysterical|unreasonable|unacceptable|inappropriate|behaviou?r|attitude|you are being"
    r"|you must|you have to|you need to|not my problem|nothing (i|we) can do|ridiculous|nonsense|emotional|stupid)\b",
    re.IGNORECASE,
)
"""Rules 25 and 45: a prompt is about what was done and about help, never about the person."""
UNSPEAKABLE = re.compile(r"[<>@*_|\\]|https?:|www\.", re.IGNORECASE)


def filled_in(draft: ConfigurationDraft, text: str, language: str) -> str:
    """A text of about the length that will be spoken, with the longest conduct name."""
    conduct = draft.deescalation.draw_the_line.conduct.values() if draft.deescalation else ()
    names = draft.scripts[language].names
    longest = max((names.get(one.name, one.name) for one in conduct), key=len, default="personal insults")
    return re.sub(r"\{[^{}]*\}", "x" * NAME_CHARACTERS, text.replace("{conduct}", longest))


def seconds(draft: ConfigurationDraft, text: str, language: str) -> float:
    return speaking_seconds(filled_in(draft, text, language), draft.scripts[language].voice.language)


@check("CF048", needs=("callflow", "default_scripts"))
def every_language_speaks_to_callers(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    for language, file in draft.scripts.items():
        if language != draft.callflow.language:
            for loc, id, it in missing(file):
                if hears(id) == "caller":
                    message = f"{it} is missing: the caller would hear it in another language (policy rule 45)"
                    yield Found(draft.script_sources[language], loc, message, key=True)


@check("CF259", needs=("callflow", "default_scripts", "all_flows"))
def lines_of_flows_are_translated(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    assert draft.default_scripts
    named = {id for _, _, step, _ in every_step(draft) for _, id in prompts_of(step)}
    own = sorted(named & set(draft.default_scripts.scripts) - set(SCRIPTS))
    for language in sorted(draft.heard_by_callers() & set(draft.scripts)):
        if primary(language) != primary(draft.callflow.language):
            for id in own:
                if id not in draft.scripts[language].scripts:
                    message = f'the line "{id}" of a flow is missing: who chose {language} hears it in another language'
                    yield Found(draft.script_sources[language], ("scripts",), message, key=True)


@check("CF049", needs=("callflow", "default_scripts"))
def every_language_speaks_to_staff(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    heard = {language for _, language in draft.languages_of_staff()}
    for language, file in draft.scripts.items():
        lacking = [id for _, id, _ in missing(file) if hears(id) == "staff"]
        if lacking and language in heard and language != draft.callflow.language:
            first = ", ".join([*lacking[:3], *(["..."] if lacking[3:] else [])])
            message = f"staff lines are missing and spoken in the default language instead ({len(lacking)}): {first}"
            yield Found(draft.script_sources[language], ("scripts",), message, key=True)


@check("CF140")
def lines_say_what_they_are_for(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, id, text in texts(draft):
        said = variables_in(text)
        for name in MUST_SAY.get(id, ()):
            if name not in said:
                yield Found(source, loc, f'"{id}" must say {{{name}}}')


@check("CF140", needs=("deescalation",))
def warnings_name_the_conduct(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    for number, id in enumerate(draft.deescalation.draw_the_line.warnings):
        if "conduct" not in (SCRIPTS[id].variables if id in SCRIPTS else ()):
            message = (
                f'"{id}" cannot name the conduct, which a warning must (policy rule 25); take {" or ".join(WARNINGS)}'
            )
            yield Found(draft.deescalation_source, ("draw_the_line", "warnings", number), message)


@check("CF141")
def closings_have_a_way_back(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, id, text in texts(draft):
        lacking = [f"{{{name}}}" for name in WAY_BACK if name not in variables_in(text)]
        if id == "disconnect" and lacking:
            message = f'"{id}" leaves the caller no way back: it must say {" and ".join(lacking)} (policy rule 29)'
            yield Found(source, loc, message)


@check("CF146", needs=("deescalation",))
def warnings_are_short(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    warnings = draft.deescalation.draw_the_line.warnings
    for language, id, script in draft.every_script():
        if id not in warnings:
            continue
        played = [
            draft.recordings[path].seconds
            for path in draft.line(language, id).whole.values()
            if path in draft.recordings
        ]
        length = max(played, default=seconds(draft, script.text, language))
        if length > WARNING_SECONDS:
            what = "lasts" if played else "takes about"
            message = f'"{id}" {what} {length:.0f} seconds; a warning is at most {WARNING_SECONDS} (policy rule 25)'
            yield Found(draft.script_sources[language], ("scripts", id, "text"), message)


@check("CF147")
def lines_do_not_judge(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, id, text in texts(draft):
        for found in JUDGEMENTS.finditer(text) if hears(id) == "caller" else ():
            message = f'"{id}" says "{found[0]}", which judges the person; say what was done, or what helps'
            yield Found(source, loc, message)


@check("CF148")
def lines_are_for_the_ear(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, id, text in texts(draft):
        if found := UNSPEAKABLE.search(VARIABLE.sub("", text)):
            yield Found(source, loc, f'"{id}" has "{found[0]}", which no voice reads well; write it as it is spoken')


@check("CF148", needs=("callflow",))
def names_are_for_the_ear(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    for key in ("name", "contact"):
        if found := UNSPEAKABLE.search(getattr(draft.callflow.organisation, key)):
            message = f'"{key}" is read aloud, and has "{found[0]}"; write it as it is spoken: help at example dot com'
            yield Found(draft.callflow_source, ("organisation", key), message)

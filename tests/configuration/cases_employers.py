# ruff: noqa: E501 - a message is one line
"""Laws that `duty` names, and a configuration that leaves one of their questions without an answer."""

from tests.configuration.breaking import CALLFLOW, FLOW, PEOPLE, RULES, Break, Case, edit, together

MUSIC = "music: hold_music.wav"
NUMBER = '  emergency_number: "911" '


def duty(*laws: str, recording: str = "notice") -> Break:
    """With a consultation contact and recorded calls: what each case leaves out is broken by itself."""
    return together(
        edit(CALLFLOW, MUSIC, f"duty: [{', '.join(laws)}]\n{MUSIC}"),
        edit(CALLFLOW, NUMBER, f'  consultation: "Mori, extension 12"\n{NUMBER}'),
        edit(CALLFLOW, "recording: off ", f"recording: {recording} "),
    )


SKY = '  sky: {name: Sky, phone: "+15550100122", role: the duty manager}\n'
# fmt: off
CASES: list[Case] = [
    (together(edit(CALLFLOW, MUSIC, f"duty: [jp-2026]\n{MUSIC}"), edit(CALLFLOW, "recording: off ", "recording: notice ")),
     ['config/callflow.yaml:5:1 CF300 "consultation" is missing: whom staff may ask for help after abuse (Japan, Labour Measures Act, in force 1 October 2026)']),
    (duty("uk-2026", recording="off"),
     ['config/callflow.yaml:5:1 CF301 no notice before somebody answers: set "recording" to notice or ask, or "conduct_notice" (United Kingdom, Employment Rights Act 2025, third-party harassment, from October 2026)']),
    (together(duty("kr", recording="off"), edit(CALLFLOW, NUMBER, f"  conduct_notice: leave_message\n{NUMBER}")),
     ['config/flows/front_desk.yaml:26:5 CF301 callers can be connected before they have heard "leave_message" (Korea, Occupational Safety and Health Act, article 41, since 2018)']),
    (together(duty("uk-2026"), edit(PEOPLE, SKY, ""), edit(PEOPLE, "supervisors: [sam, sky]", "supervisors: [sam]")),
     ['config/people.yaml:11:1 CF302 only "sam" can answer reports of calls: it must be somebody who was not on the call (United Kingdom, Employment Rights Act 2025, third-party harassment, from October 2026)']),
    (together(duty("es-2025"), edit(FLOW, "wait_seconds: 300", "wait_seconds: 180"), edit(FLOW, "    voicemail: leave_message", "    end: goodbye")),
     ['config/flows/front_desk.yaml:27:16 CF303 who has waited for "desk" is cut off by "message": a wait never ends a call (Spain, Ley 10/2025, to be met by 28 December 2026)',
      'config/scripts/en.yaml:134:3 CF042 the line "leave_message" is not one of ours, and no flow speaks it']),
    (duty("es-2025"),
     ["config/flows/front_desk.yaml:28:19 CF304 callers wait longer than 180 seconds and are offered nothing else (Spain, Ley 10/2025, to be met by 28 December 2026)"]),
    (together(duty("es-2025"), edit(FLOW, "wait_seconds: 300", "wait_seconds: 180"), edit(FLOW, '"1": {next: desk', '"1": {next: message'),
              edit(FLOW, '"2": {next: desk', '"2": {next: message'), edit(FLOW, "otherwise: desk ", "otherwise: again "),
              edit(FLOW, "  desk:\n", "  again:\n    menu: reason_menu\n    choices:\n      \"1\": {next: desk}\n      \"2\": {next: desk}\n    otherwise: desk\n\n  desk:\n")),
     ["config/flows/front_desk.yaml:17:5 CF305 no key of the first menu leads to a person without another menu (Spain, Ley 10/2025, to be met by 28 December 2026)"]),
    (together(duty("kr"), edit(RULES, "cool_down_minutes: 10 ", "cool_down_minutes: 5 ")),
     ["config/deescalation.yaml:59:22 CF306 a break of 5 minutes after abuse; 10 are the least here (Korea, Occupational Safety and Health Act, article 41, since 2018)"]),
    (together(duty("kr"), edit(CALLFLOW, "timezone: UTC ", "history_days: 90\ntimezone: UTC ")),
     ["config/callflow.yaml:21:15 CF307 after 90 days a call cannot be replayed for the worker who asks for evidence (Korea, Occupational Safety and Health Act, article 41, since 2018)"]),
    (together(duty("jp-2026"), edit(PEOPLE, ", supervisors: [sam, sky]", "")),
     ['config/people.yaml:12:3 CF128 "sam" is in no team and is never rung',
      'config/people.yaml:13:3 CF128 "sky" is in no team and is never rung',
      'config/people.yaml:24:3 CF125 the team "energy_desk" has no supervisors: step 2 always ends in "nobody is free"',
      'config/people.yaml:24:3 CF308 nobody can help or take over in "energy_desk": it needs a supervisor (Japan, Labour Measures Act, in force 1 October 2026)']),
]

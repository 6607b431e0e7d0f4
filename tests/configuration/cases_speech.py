# ruff: noqa: E501 - a message is one line
"""Who recognises the words of recordings."""

from tests.configuration.breaking import CALLFLOW, FLOW, RULES, SCRIPTS, Case, edit, german, together

MUSIC = "music: hold_music.wav"


RECORDING = edit(RULES, "order: reasoned", "order: reasoned\nspoken_answers: recording")


def engines(text: str) -> str:
    return f"speech: {{engines: {text}}}\n{MUSIC}"


# fmt: off
CASES: list[Case] = [
    (edit(CALLFLOW, MUSIC, engines("{note: vosk}")),
     ["config/callflow.yaml:18:26 CF240 vosk needs model_path and sha256, as it has no model of its own"]),
    (edit(CALLFLOW, MUSIC, engines("{note: {engine: pocketsphinx, model_path: /srv/model}}")),
     ["config/callflow.yaml:18:26 CF240 pocketsphinx takes no model: leave model_path and sha256 out"]),
    (edit(CALLFLOW, MUSIC, engines("{note: webrtcvad, talk_over: pocketsphinx}")),
     ["config/callflow.yaml:18:26 CF240 webrtcvad is for talk_over, and for nothing else",
      "config/callflow.yaml:18:48 CF240 webrtcvad is for talk_over, and for nothing else"]),
    (edit(CALLFLOW, MUSIC, engines("{voicemail: openai}")),
     ['config/scripts/en.yaml:134:18 CF241 "leave_message" does not say that OpenAI hears what is said for "voicemail"']),
    (together(edit(CALLFLOW, MUSIC, engines("{voicemail: openai, call: groq}")),
              edit(SCRIPTS, "Nobody can take your call right now, and we are sorry", "We are away, and OpenAI writes down what you say")),
     ['config/scripts/en.yaml:124:13 CF241 "greeting" does not say that Groq hears what is said for "call"']),
    (RECORDING,
     ["config/deescalation.yaml:7:17 CF251 recorded answers need an engine for consent: speech.engines in callflow.yaml"]),
    (together(RECORDING, edit(CALLFLOW, MUSIC, engines("{consent: pocketsphinx}")),
              edit(SCRIPTS, "  yes_or_no_after_tone:", "  # yes_or_no_after_tone:")),
     ['config/scripts/en.yaml:122:1 CF251 "yes_or_no_after_tone" is missing, but answers are recorded (spoken_answers: recording)']),
    (together(RECORDING, edit(CALLFLOW, MUSIC, engines("{consent: pocketsphinx}")), german()),
     ["config/scripts/de.yaml:150:25 CF251 pocketsphinx knows only English, but callers are asked to answer in words here"]),
    (together(RECORDING, edit(CALLFLOW, MUSIC, engines("{consent: pocketsphinx}")),
              edit(FLOW, "    next: reason\n", "    next: which\n\n  which:\n    ask: greeting\n    into: account\n    next: reason\n    otherwise: reason\n")),
     ["config/flows/front_desk.yaml:17:10 CF252 nobody can answer in words here (spoken_answers: recording): everybody goes on with `otherwise`",
      'config/flows/front_desk.yaml:18:11 CF070 the variable "account" is not declared in this flow']),
]

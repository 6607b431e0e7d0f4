# ruff: noqa: E501 - a message is one line
"""Who recognises the words of recordings."""

from tests.configuration.breaking import CALLFLOW, SCRIPTS, Case, edit, together

MUSIC = "music: hold_music.wav"


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
     ['config/scripts/en.yaml:63:18 CF241 "leave_message" does not say that OpenAI hears what is said for "voicemail"']),
    (together(edit(CALLFLOW, MUSIC, engines("{voicemail: openai, call: groq}")),
              edit(SCRIPTS, "Nobody can take your call right now, and we are sorry", "We are away, and OpenAI writes down what you say")),
     ['config/scripts/en.yaml:53:13 CF241 "greeting" does not say that Groq hears what is said for "call"']),
]

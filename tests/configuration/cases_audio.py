# ruff: noqa: E501 - a message is one line
"""Recordings and cards."""

import hashlib
import json

from tests.configuration.breaking import CALLFLOW, CARDS, SCRIPTS, Break, Case, edit, record, together
from tests.configuration.sounds import tone, wav
from tests.configuration.workbench import AUDIO


def outdated(path: str, words: str) -> Break:
    """The manifest knows that the recording says other words."""
    entry = {"sha256": hashlib.sha256((AUDIO / path).read_bytes()).hexdigest(), "words": words}
    return record("manifest.json", json.dumps({path: entry}).encode())


def two_voices() -> Break:
    """A line in pieces, and a name in it that somebody else has read."""
    sounds = {"en/hold_return.1.wav": tone(seconds=3), "en/values/ana.wav": tone(seconds=1)}
    words = {"en/hold_return.1.wav": ("Thank you for holding. You are back with", "ben"),
             "en/values/ana.wav": ("Ana", "flite slt")}  # fmt: skip
    entries = {path: {"sha256": hashlib.sha256(sound).hexdigest(), "words": words[path][0], "voice": words[path][1]}
               for path, sound in sounds.items()}  # fmt: skip
    return together(*(record(path, sound) for path, sound in sounds.items()),
                    record("manifest.json", json.dumps(entries).encode()))  # fmt: skip


# fmt: off
CASES: list[Case] = [
    (edit(CALLFLOW, "music: hold_music.wav", "music: hold_musik.wav"),
     ['config/callflow.yaml:18:8 CF050 the recording "hold_musik.wav" is not in audio']),
    (edit(SCRIPTS, "audio: en/warning_final_{conduct}.wav", "audio: en"),
     ['config/scripts/en.yaml:197:12 CF051 the recording "en" cannot be read: Is a directory']),
    (together(record("said.txt", b"We still want to help."), edit(SCRIPTS, "audio: en/warning_final_{conduct}.wav", "audio: said.txt")),
     ['config/scripts/en.yaml:197:12 CF051 the recording "said.txt" is not a WAV file']),
    (edit(SCRIPTS, "audio: en/warning_final_{conduct}.wav", "audio: ../audio/hold_music.wav"),
     ['config/scripts/en.yaml:197:12 CF053 "../audio/hold_music.wav" leads out of the audio folder']),
    (edit(CARDS, "  holding: ", "  holdign: "),
     ['config/guidance.yaml:18:3 CF060 there is no stage "holdign" (did you mean "holding"?)']),
    (record("en/warning_final_1.wav", wav(seconds=10, rate=16000)),
     ['config/scripts/en.yaml:197:12 CF052 the recording "en/warning_final_1.wav" has 16000 Hz, 1 channel(s), pcm16; it must be 8000 Hz, 1 channel, pcm16 or mu-law']),
    (record("en/warning_final_1.wav", tone(seconds=11, peak=0.95)),
     ['config/scripts/en.yaml:197:12 CF054 "en/warning_final_1.wav" peaks at -0.4 dBFS; at most -1 stays clean']),
    (record("en/warning_final_1.wav", tone(seconds=11, peak=0.02)),
     ['config/scripts/en.yaml:197:12 CF055 "en/warning_final_1.wav" is at -37 dBFS on average; at least -30 is understood in a street']),
    (record("en/warning_final_1.wav", tone(seconds=11, peak=3)),
     ['config/scripts/en.yaml:197:12 CF056 "en/warning_final_1.wav" is clipped: its loudest waves are cut flat and crackle']),
    (record("en/warning_final_1.wav", tone(seconds=11, peak=0.1)),
     ['config/scripts/en.yaml:197:12 CF152 "en/warning_final_1.wav" is at -23.5 LUFS; -17.5 to -14.5 is as loud as the rest']),
    (record("hold_music.wav", tone(seconds=20, peak=0.5)),
     ['config/callflow.yaml:18:8 CF152 "hold_music.wav" is at -9.5 LUFS; -17.5 to -14.5 is as loud as the rest']),
    (record("en/warning_final_1.wav", tone(seconds=31)),
     ['config/scripts/en.yaml:196:11 CF146 "warning_final" lasts 31 seconds; a warning is at most 15 (policy rule 25)',
      'config/scripts/en.yaml:197:12 CF057 "en/warning_final_1.wav" lasts 31 seconds; a line is at most 30',
      'config/scripts/en.yaml:197:12 CF059 "en/warning_final_1.wav" lasts 31.0 seconds, too long for the words of "warning_final": do they agree?']),
    (record("en/warning_final_1.wav", tone(seconds=10, silent_seconds=1.5)),
     ['config/scripts/en.yaml:197:12 CF058 "en/warning_final_1.wav" begins with 1.5 seconds of silence; people think the line is dead']),
    (record("en/warning_final_1.wav", tone(seconds=5)),
     ['config/scripts/en.yaml:197:12 CF059 "en/warning_final_1.wav" lasts 5.0 seconds, too short for the words of "warning_final": do they agree?']),
    (together(record("back.wav", tone(seconds=3)), edit(SCRIPTS, 'You are back with {agent}."}\n\n  # ---- The caller hears: delegate', 'You are back with {agent}.", audio: back.wav}\n\n  # ---- The caller hears: delegate')),
     ['config/scripts/en.yaml:168:83 CF149 "hold_return" is recorded, and a recording cannot say {agent}; record it in pieces around them']),
    (two_voices(),
     ['config/scripts/en.yaml:168:16 CF257 "hold_return" is heard in more than one voice: ben, flite slt']),
    (outdated("en/warning_final_1.wav", "We still want to help."),
     ['config/scripts/en.yaml:197:12 CF221 "warning_final" is spoken: "en/warning_final_1.wav" was recorded with other words']),
    (record("en/warning_final_9.wav", tone()),
     ["audio/en/warning_final_9.wav:1:1 CF150 no line plays this recording"]),
    (record("hold_music.wav", tone(seconds=4)),
     ["config/callflow.yaml:18:8 CF151 the music lasts 4 seconds and starts over so often that it wears people out"]),
    (edit(CARDS, "  threat:  ", "  ringing_out:  "),
     ['config/guidance.yaml:5:1 CF061 there is no card for "threat" (policy rule 34)',
      'config/guidance.yaml:54:3 CF060 there is no stage "ringing_out" (did you mean "ringing"?)']),
    (together(edit(CARDS, "  default:  ", "  choosing:  "), edit(CARDS, "  talking:\n", "  waiting:\n")),
     ['config/guidance.yaml:5:1 CF061 there is no card for "talking", and there is no "default"']),
]
# fmt: on

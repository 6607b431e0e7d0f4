"""Speaks a text with a voice that is installed on this machine, or with a command of the user's.

A voice is written as ``flite slt``, ``espeak-ng de``, ``pico de-DE``, or any command: the text is its
standard input, and ``{file}`` stands for the sound file that it writes.
"""

import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

FILE = "{file}"
SECONDS = 120
STRETCH = "1.2"
"""Flite's slt speaks 202 words a minute, and 168 with this: a caller who is upset needs time."""
ESPEAK_WORDS = "155"
PACKAGES = {"flite": "flite", "espeak-ng": "espeak-ng"}
PICO = {"de": "de-DE", "es": "es-ES", "fr": "fr-FR", "it": "it-IT"}
VOICES = {
    "flite": ("awb", "kal16", "rms", "slt"),
}


class NoVoice(Exception):
    """Nothing can speak. The message says what to install."""


def speak(voice: str, text: str) -> bytes:
    """The text as a sound file, in whatever format the voice writes. Raises NoVoice."""
    with TemporaryDirectory(prefix="callflow-voice-") as folder:
        file = Path(folder) / "said.wav"
        command = _command(voice, str(file), text)
        try:
            subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=SECONDS)
            return file.read_bytes()
        except FileNotFoundError as error:
            missing = error.filename == command[0] or not file.exists()
            why = f"{command[0]} is not installed" if missing and not shutil.which(command[0]) else "it wrote no file"
            raise NoVoice(f'the voice "{voice}" does not speak: {why}') from None
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").strip().splitlines()
            why = said[-1] if said else f"exit code {error.returncode}"
            raise NoVoice(f'the voice "{voice}" does not speak: {why}') from None
        except subprocess.TimeoutExpired:
            raise NoVoice(f'the voice "{voice}" took more than {SECONDS} seconds for one line') from None


def _command(voice: str, file: str, text: str) -> Sequence[str]:
    words = shlex.split(voice)
    if FILE in voice:
        return [one.replace(FILE, file) for one in words]
    match words:
        case ["flite", name] if name in VOICES["flite"]:
            return ["flite", "-voice", name, "--setf", f"duration_stretch={STRETCH}", "-o", file]
        case ["flite", name]:
            raise NoVoice(f"flite has no voice {name!r}; it has {', '.join(VOICES['flite'])}")
        case ["espeak-ng", name]:
            return ["espeak-ng", "-v", name, "-s", ESPEAK_WORDS, "-w", file, "--stdin"]
        case ["pico", tag]:
            return ["pico2wave", "-l", tag, "-w", file, text]
    raise NoVoice(f'"{voice}" is no voice: write "flite slt", "espeak-ng de", "pico de-DE", or a command with {FILE}')


def default_voice(language: str, staff: bool) -> str:
    """An installed voice for this language (its tag, like "de-DE"). Raises NoVoice.

    English: flite, whose voices came back with 2 and 4 % of the words wrong after a telephone line and a recogniser
    (espeak-ng: 16 %). Callers hear slt and staff awb, so that both know by ear for whom a line is.
    German and Spanish: SVOX Pico, for callers (audio/README.md has the figures); it has one voice for each.
    """
    if language.partition("-")[0] == "en" and shutil.which("flite"):
        return "flite awb" if staff else "flite slt"
    if (tag := PICO.get(language.partition("-")[0])) and not staff and shutil.which("pico2wave"):
        return f"pico {tag}"
    if shutil.which("espeak-ng"):
        return f"espeak-ng {language.lower() if language.startswith('en') else language.partition('-')[0]}"
    raise NoVoice("no voice is installed: apt-get install flite (English) or espeak-ng, or give one with --voice")

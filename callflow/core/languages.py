"""What differs between languages: their pace, and the words of a caller that mean yes, no and not.

A language is named by its first subtag: "pt" for "pt-BR". Letters of scripts that are written without blanks between
words count as words by themselves, so that a word is found inside an answer.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType

from callflow.core.records import immutable

ALIKE: Mapping[str, str] = MappingProxyType({"cmn": "zh", "yue": "zh", "arb": "ar", "iw": "he"})
"""Other codes of the same language."""
_KANA = "\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9f"
_IDEOGRAPHS = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WIDE_SIGNS = "\u3001-\u3003\u3008-\u301f\uff01-\uff60"
_HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"
_SOUTH_EAST_ASIA = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Thai, Lao, Burmese and Khmer."""
WITHOUT_BLANKS = _KANA + _IDEOGRAPHS + _HANGUL + _SOUTH_EAST_ASIA
"""Ranges of a regular expression. Korean has blanks, but its particles and endings follow a word without one."""
_WIDE = _IDEOGRAPHS + _WIDE_SIGNS + _HANGUL


@cache
def _one_of(ranges: str) -> re.Pattern[str]:
    """Compiled at the first use, because it takes 5 ms for these ranges, and a server starts without them."""
    return re.compile(f"[{ranges}]")


# -- pace


@immutable
class Pace:
    """How many characters a voice speaks in a second: letters with their marks, blanks and signs, and wide characters
    (a Chinese character, a Korean syllable)."""

    letters: float = 14.0
    wide: float = 3.5


PACES: Mapping[str, Pace] = MappingProxyType({
    "ar": Pace(8.6), "de": Pace(12.7), "en": Pace(), "es": Pace(14.3), "fi": Pace(14.3), "fr": Pace(13.7),
    "he": Pace(11.8), "hi": Pace(12.0), "it": Pace(13.1), "ja": Pace(wide=3.0), "ko": Pace(wide=4.5),
    "nl": Pace(13.6), "pl": Pace(12.5), "pt": Pace(12.6), "ru": Pace(13.5), "sv": Pace(12.9), "th": Pace(9.0),
    "tr": Pace(14.0), "vi": Pace(13.0), "zh": Pace(wide=3.5),
})  # fmt: skip
"""All of these are ESTIMATES; none was measured at the provider. English is the pace that documents have always been
planned with, and the others are slower or faster by as much as people who read aloud:

- characters and words a minute in Trauzettel-Klosinski and Dietz 2012 (IReST, 17 languages; a word brings one blank);
- for Hindi, Korean, Thai and Vietnamese, syllables a second in Coupe and others 2019 and Pellegrino and others 2011,
  times the characters of a syllable. A kana is one mora; a Chinese character in Japanese counts as two.

``python -m tests.bench.pace`` compares them with espeak-ng, scaled to our English: 0.75 to 1.1 of its seconds for
languages with letters, 0.9 for Korean. It reads Chinese one syllable at a time (0.6), and cannot read Japanese.
"""
UNKNOWN = Pace()
"""Of a language that is not listed. Wide characters are wide in it, too."""
KANA_PER_SECOND = 6.0
FASTEST = 25.0 / 14.0
"""No voice is faster than the estimate by more than this. In less time a text without a recording cannot have been
heard in full (rule 24)."""
SHORTEST_SECONDS = 0.5


def primary(tag: str) -> str:
    """The language of a tag like "pt-BR"."""
    first = tag.partition("-")[0].lower()
    return ALIKE.get(first, first)


def speaking_seconds(text: str, tag: str) -> float:
    """How long a voice of this language speaks the text. An estimate."""
    return max(SHORTEST_SECONDS, _seconds(text, tag))


def least_speaking_seconds(text: str, tag: str) -> float:
    """The same for the fastest voice."""
    return _seconds(text, tag) / FASTEST


@cache
def _pace(tag: str) -> Pace:
    return PACES.get(primary(tag), UNKNOWN)


def _seconds(text: str, tag: str) -> float:
    pace = _pace(tag)
    if text.isascii():
        return len(text) / pace.letters
    text = unicodedata.normalize("NFC", text)
    kana, wide = len(_one_of(_KANA).findall(text)), len(_one_of(_WIDE).findall(text))
    return (len(text) - kana - wide) / pace.letters + kana / KANA_PER_SECOND + wide / pace.wide


# -- times

TWELVE_HOURS = frozenset({"en-AU", "en-CA", "en-IN", "en-NZ", "en-PH", "en-SG", "en-US", "es-US"})
"""Where a time is spoken in twelve hours (Unicode CLDR, supplemental data of time), and people know AM and PM."""


def spoken_time(at: datetime, tag: str) -> str:
    """ "4 PM" or "4:30 PM" where that is usual, or else "16:30", which every voice reads as a time."""
    if tag not in TWELVE_HOURS:
        return at.strftime("%H:%M")
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'AM' if at.hour < 12 else 'PM'}"


# -- words


@immutable
class AnswerWords:
    """``courtesy``: words that may follow a yes, alone are none. With one of ``negations`` a word does not choose."""

    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    courtesy: tuple[str, ...] = ()
    negations: tuple[str, ...] = ()


def _words(rows: str) -> Mapping[str, AnswerWords]:
    lists = (tuple(tuple(one.strip() for one in part.split(",") if one.strip()) for part in row.split("|"))
             for row in rows.strip().splitlines())  # fmt: skip
    return MappingProxyType({code[0]: AnswerWords(*words) for code, *words in lists})


ANSWER_WORDS = _words("""
    ar | نعم, أجل, أيوه, ايوه, ايوة, موافق, موافقة, تمام | لا, كلا, مش, ليس | من فضلك, لو سمحت, شكرا, شكراً | لا, ليس, ليست, مش
    de | ja, jawohl, okay, gerne, in ordnung, einverstanden | nein, nee, nö, nicht | bitte, danke, vielen dank, gern | nicht, nein, kein, keine, keinen, keiner, keinem, weder
    en | yes, yeah, sure, okay, go ahead, that is fine | no, nope, do not, no thank you | please, thank you, thanks, of course, then, that is, thats, it is, its, fine, all right, alright, i can, i will, ill, you can, you may, do that, do it, i can hold, i will hold, ill hold, put me on hold, for a moment, for a minute, very much | not, no, neither
    es | sí, vale, ok, okay, claro, de acuerdo | no, nunca | por favor, gracias, muchas gracias | no, ni, tampoco
    fi | kyllä, joo, okei, ok, sopii | ei, en, älä | kiitos | ei, en, eikä, älä
    fr | oui, ouais, ok, okay, d'accord, bien sûr, volontiers | non, pas, jamais | s'il vous plaît, merci, merci beaucoup | pas, non, ni
    he | כן, בסדר, בטח | לא, אין | בבקשה, תודה, תודה רבה | לא, אין
    hi | हाँ, हां, जी हाँ, जी हां, ठीक है, बिल्कुल | नहीं, नही, ना, मत | जी, कृपया, धन्यवाद, शुक्रिया | नहीं, नही, ना, न, मत
    it | sì, certo, ok, okay, va bene, d'accordo | no, non | per favore, grazie, grazie mille | non, no, né
    ja | はい, ええ | いいえ, いえ, いや, 嫌, だめ, ダメ, 駄目, 結構 | お願いします, お願いいたします, お願い致します, どうぞ, そうです, です, すみません, すいません, 申し訳ありません, 申し訳ございません, 恐れ入ります | ない, ません, じゃなく, ではなく, いいえ
    ko | 네, 예, 좋아요, 좋습니다 | 아니, 아뇨, 싫어요, 안 돼요, 안 됩니다 | 부탁드립니다, 부탁해요, 감사합니다 | 아니, 아닌, 말고, 않
    nl | ja, oké, ok, akkoord, prima | nee, niet, geen | graag, alstublieft, dank u, dank u wel, dank je | niet, geen, nee
    pl | tak, okej, ok, dobrze, zgoda, oczywiście | nie | proszę, poproszę, dziękuję | nie, ani
    pt | sim, ok, okay, claro, tudo bem | não, nunca | por favor, obrigado, obrigada | não, nem
    ru | да, хорошо, конечно, согласен, согласна | нет, не | пожалуйста, спасибо | не, нет, ни
    sv | ja, javisst, okej, ok | nej, inte | tack, gärna | inte, ej, nej
    th | ใช่, ได้, ตกลง, โอเค | ไม่, อย่า | ครับ, ค่ะ, คะ, ขอบคุณ | ไม่, อย่า
    tr | evet, olur, tamam, tabii | hayır, yok, olmaz, istemiyorum, değil | lütfen, teşekkürler, teşekkür ederim | değil, hayır, yok
    vi | vâng, dạ vâng, được, đồng ý, có | không, chưa, đừng | ạ, cảm ơn, cám ơn | không, chưa, đừng, chẳng
    zh | 是, 是的, 好, 好的, 可以, 行, 对, 對, 愿意, 願意 | 不, 别, 別 | 谢谢, 謝謝, 请, 請 | 不, 没, 沒
""")  # noqa: E501 - a language is one row
"""Language | yes | no | courtesy | negations. They count on calls in that language, besides the configured words.
What is a yes to one and thanks to another ("大丈夫", "괜찮아요", "ครับ" alone) is not a yes here (rule 8)."""
NO_WORDS = AnswerWords()


def own_words(tag: str) -> AnswerWords:
    """The shipped words of a language; none if it is not listed."""
    return ANSWER_WORDS.get(primary(tag), NO_WORDS)


def answer_words(tag: str, given: AnswerWords = NO_WORDS) -> AnswerWords:
    """``given`` and the language's own words. For one that is not listed, English negations count as well."""
    own = own_words(tag)
    return AnswerWords(
        yes=given.yes + own.yes, no=given.no + own.no, courtesy=given.courtesy + own.courtesy,
        negations=given.negations + own.negations or given.no + own_words("en").negations,
    )  # fmt: skip


def is_word_by_itself(letter: str) -> bool:
    """Whether a letter is of a script that has no blanks between words."""
    return _one_of(WITHOUT_BLANKS).match(letter) is not None

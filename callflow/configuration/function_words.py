"""Recognises texts that are clearly in another language than their file: by their letters, and by little words.

Little words (articles, pronouns, prepositions, forms of be and have) make up a third to half of the words of a
sentence, and a translator has no reason to leave them. Only what is clear is reported: words that both languages have
do not count, and one's own little words outweigh others.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from callflow.core.languages import primary

VARIABLE = re.compile(r"\{[^{}]*\}")
WORD = re.compile(r"([^\W\d_]{3,})['\u2019][^\W\d_]+|([^\W\d_]+)")
"""Without an ending that follows an apostrophe: "İzmir'e", "Anna's". But "l'eau" and "qu'il" are two words."""

_CLEAR = 3
"""So many words of another language are no accident, unless there is one of one's own for every four of them."""
_CLEAR_IF_NONE_IS_OURS = 2
"""If one is there twice, or they are at least half of the words."""
_FEWEST_LETTERS = 6
"""Fewer letters of another script may be a brand or an abbreviation."""

_LATIN = "LATIN"
_SCRIPTS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "ar": ("ARABIC",), "he": ("HEBREW",), "hi": ("DEVANAGARI",), "ja": ("HIRAGANA", "KATAKANA", "CJK", "IDEOGRAPHIC"),
    "ko": ("HANGUL",), "ru": ("CYRILLIC",), "th": ("THAI",), "zh": ("CJK", "IDEOGRAPHIC"),
})  # fmt: skip
"""The first words of the Unicode names of a language's letters."""


def _table(rows: str) -> Mapping[str, tuple[str, frozenset[str]]]:
    parts = (row.split("|") for row in rows.strip().splitlines())
    return MappingProxyType({code.strip(): (name.strip(), frozenset(words.split())) for code, name, words in parts})


LANGUAGES = _table("""
    ar | Arabic     |
    de | German     | der die das den dem des ein eine einen einem einer und oder aber nicht kein keine ist sind war wird werden wurde hat haben habe hatte kann können soll ich du er sie es wir ihr uns ihnen ihre ihren ihrem ihr sich mit von zu zum zur auf aus bei für nach über um vor im am an in dass wenn wie was so noch nur auch bis dann hier bitte danke als durch ohne sehr jetzt wieder
    en | English    | a an the and or but not no is are was were be been being am has have had do does did can could will would may must shall should i you he she it we they me him her us them my your his its our their this that these those with of to in on at by for from about into out up if when while who what which how so than then as there here more please thank all after before without because again now
    es | Spanish    | el la los las un una unos unas y o pero no es son era fue está están ser estar ha han he hay hemos puede pueden yo tú él ella usted ustedes nosotros ellos me te se le les lo nos mi su sus nuestro nuestra este esta esto ese esa con de del a al en por para sin sobre entre hasta desde que como cuando si qué quién muy más ya aquí también gracias pulse ahora cada
    fi | Finnish    | ja tai mutta ei on ovat oli olivat olla ole hän minä sinä te me he se ne tämä tuo nämä että jos kun kuin niin myös vain vielä nyt sitten jo mitä kuka joka jotka hänen teidän meidän sen tämän kanssa ilman jälkeen ennen kiitos
    fr | French     | le la les un une des du de et ou mais ne pas est sont était être a ont avez avoir peut peuvent je tu il elle nous vous ils elles me te se lui leur mon ma votre vos notre nos son sa ses ce cette ces cet avec à au aux en dans sur sous par pour sans entre jusqu que qui quoi comme quand si où plus très ici aussi merci y d l qu n s c
    he | Hebrew     |
    hi | Hindi      |
    it | Italian    | il lo la i gli le un uno una e o ma non è sono era essere ha hanno ho abbiamo può possono io tu lui lei noi voi loro mi ti si ci vi suo sua nostro nostra questo questa questi quello con di del della dei delle dello a al alla ai in nel nella da dal dalla per su sul senza tra fra che chi come quando se più molto qui anche grazie prema l d
    ja | Japanese   |
    ko | Korean     |
    nl | Dutch      | de het een en of maar niet geen is zijn was waren wordt worden heeft hebben had kan kunnen zal ik jij je u hij zij ze wij we ons onze hun uw mijn dit dat deze die met van te tot op uit bij voor naar over om in aan dan als wat wie hoe nog ook er hier weer nu dank door zonder
    pl | Polish     | i lub albo ale nie jest są był była było być ma mają może mogą ja ty on ona ono my wy oni pan pani państwo mnie mi ci go jej ich nas nam was się ten ta to te ten tego tej tym z ze w we na do od po za przed przez dla bez o u że jeśli gdy jak co kto który która już jeszcze tylko też tu teraz proszę dziękujemy
    pt | Portuguese | o a os as um uma uns umas e ou mas não é são era foi está estão ser estar há tem têm pode podem eu tu ele ela você vocês nós eles elas me te se lhe nos seu sua seus nosso nossa este esta isto esse essa com de do da dos das ao à em no na nos nas por pelo pela para sem sobre entre até que quem como quando muito mais já aqui também obrigado obrigada prima agora
    ru | Russian    |
    sv | Swedish    | en ett och eller men inte är var blir vara har hade kan ska skall jag du han hon den det vi ni de mig dig oss er dem min din sin vår vårt er ert denna detta dessa med av till på i ur vid för från om under över att som när hur vad vem nu också här tack utan igen
    th | Thai       |
    tr | Turkish    | ve veya ama değil bir bu şu o ben sen biz siz onlar bana size bize beni sizi bizi benim sizin bizim onun ile için gibi kadar sonra önce daha çok en de da ki ne kim nasıl mi mı mu var yok olarak olan her lütfen teşekkür ederiz
    vi | Vietnamese | và hoặc nhưng không là được có đã đang sẽ bị tôi bạn chúng quý anh chị ông bà họ của cho với từ đến trong trên ngoài về này đó các những một để khi nếu như thì mà cũng rất vẫn bây giờ xin cảm ơn ai gì
    zh | Chinese    |
""")  # noqa: E501 - a language is one row
"""Code | name | frequent little words. Those that are written in a script of their own are recognised by it."""


def other_language(text: str, tag: str) -> str:
    """Why a text is clearly not in this language, for a message; "" if it may be."""
    spoken = unicodedata.normalize("NFC", VARIABLE.sub(" ", text))
    own = primary(tag)
    if own not in LANGUAGES:
        return _by_words(spoken, own, ("en",))
    return _by_script(spoken, own) or _by_words(spoken, own, tuple(LANGUAGES))


def _by_script(spoken: str, own: str) -> str:
    wanted = _SCRIPTS.get(own, (_LATIN,))
    if spoken.isascii() and wanted == (_LATIN,):
        return ""
    found = _scripts_of(spoken)
    if own == "zh" and any(one in ("HIRAGANA", "KATAKANA") for one in found):
        return "it has Japanese letters"
    other = [one for one in found if one not in wanted]
    return f"its letters are {other[0].lower()}" if len(other) >= _FEWEST_LETTERS and len(other) == len(found) else ""


def _scripts_of(spoken: str) -> list[str]:
    """Of each letter, as Unicode names it. Letters of half and of full width are like others."""
    letters = [one for one in unicodedata.normalize("NFKC", spoken) if one.isalpha()]
    return [unicodedata.name(one, "").split(" ")[0].split("-")[0] for one in letters]


def unreadable(name: str, tag: str) -> str:
    """The script of letters in a name that a voice of this language cannot read; "" if it can. Latin ones all can."""
    own = primary(tag)
    readable = (*_SCRIPTS.get(own, ()), _LATIN)
    found = [one for one in _scripts_of(name) if one not in readable] if own in LANGUAGES else []
    return found[0].lower() if found else ""


def _by_words(spoken: str, own: str, others: tuple[str, ...]) -> str:
    lower = spoken.lower().replace("i\u0307", "i")  # the capital of the Turkish i becomes two characters
    said = [whole or word for whole, word in WORD.findall(lower)]
    for other in others:
        if other != own and LANGUAGES[other][1]:
            theirs, ours = _only(other, own), _only(own, other)
            if len(theirs.intersection(said)) < _CLEAR_IF_NONE_IS_OURS:
                continue
            hits = [word for word in said if word in theirs]
            mine = sum(word in ours for word in said)
            if _clear(len(set(hits)), len(hits), mine, len(said), listed=own in LANGUAGES):
                words = ", ".join(f'"{one}"' for one in list(dict.fromkeys(hits))[:3])
                return f"{words} are {LANGUAGES[other][0]}"
    return ""


def _clear(different: int, hits: int, mine: int, words: int, *, listed: bool) -> bool:
    half = 2 * hits >= words
    if not listed:
        return different > _CLEAR and half
    several = different >= _CLEAR_IF_NONE_IS_OURS and not mine
    return (different >= _CLEAR and hits > 4 * mine) or (several and (half or hits > different))


@lru_cache(maxsize=512)
def _only(code: str, without: str) -> frozenset[str]:
    """The words of one language that the other does not have."""
    known = LANGUAGES.get(code)
    return (known[1] if known else frozenset()) - (LANGUAGES[without][1] if without in LANGUAGES else frozenset())

# ruff: noqa: E501 - a country is one row
"""Thirty countries: where numbers, clocks, names and holidays come from. Numbers are examples of the numbering plans."""

from dataclasses import dataclass
from functools import cache

import phonenumbers
from phonenumbers import PhoneNumberType as Kind

PUBLIC = (Kind.FIXED_LINE, Kind.MOBILE, Kind.TOLL_FREE, Kind.SHARED_COST, Kind.VOIP, Kind.PERSONAL_NUMBER, Kind.UAN,
          Kind.PAGER, Kind.VOICEMAIL)  # fmt: skip
"""Every kind that may be called, so not premium rate."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Country:
    """``languages`` are those that people are spoken to in, ``weekend`` the days on which offices are closed."""

    region: str
    zone: str
    emergency: tuple[str, ...]
    languages: tuple[str, ...]
    organisation: str
    people: tuple[str, ...]
    holidays: tuple[str, ...]
    weekend: tuple[str, ...] = ("saturday", "sunday")


_ROWS = """
US | America/New_York | 911 | en es | Smith & Sons | Zoë, O'Brien, Mary-Jane, José | 07-04, 11-25 to 11-26, 12-25
CA | America/St_Johns | 911 | en fr | Énergie Côte-Nord | Chloé, François, D'Arcy, Siobhán | 07-01, 06-24, 12-25 to 12-26
MX | America/Mexico_City | 911 | es | Luz y Fuerza del Ñandú | José María, Íñigo, Guadalupe, Xóchitl | 09-16, 11-02, 12-12
BR | America/Sao_Paulo | 190, 112 | pt | Água & Esgoto São João | João, Conceição, Luís, Inês | 09-07, 11-15, 12-25
AR | America/Argentina/Buenos_Aires | 911, 101 | es | Café Martínez | Agustín, Muñoz, Lucía, Ezequiel | 05-25, 07-09, 12-08
GB | Europe/London | 999, 112 | en | Wm. Jones & Co. | Siân, Llŷr, McDonald, Anne-Marie | 01-01, 12-25 to 12-26
IE | Europe/Dublin | 999, 112 | en | Bord Gáis | Aoife, Ó Súilabháin, Niamh, Seán | 03-17, 12-25 to 12-26
FR | Europe/Paris | 112, 15 | fr | L’Eau d’Ici | Hélène, Jean-François, Maÿlis, Noël | 05-01, 07-14, 08-01 to 08-31
DE | Europe/Berlin | 112, 110 | de | Müller & Söhne | Jürgen, Weiß, Änne, von der Tann | 10-03, 12-24 to 01-01
CH | Europe/Zurich | 144, 112, 117 | de fr it | Spital Zürich | Ueli, Reto, Françoise, Gian-Andrea | 08-01, 01-02
AT | Europe/Vienna | 112, 122 | de | Käse & Öl | Österreicher, Marlies, Jörg, Šimić | 10-26, 12-08
IT | Europe/Rome | 112, 118 | it | L'Acqua di Forlì | Niccolò, D'Angelo, Nicolò, Agnès | 06-02, 08-15, 12-26
ES | Europe/Madrid | 112 | es | Aigua de l'Eixample | Begoña, Núria, Iñaki, Jesús | 01-06, 10-12
PT | Europe/Lisbon | 112 | pt | Águas do Açor | Graça, Simão, Antónia, Zé | 04-25, 06-10
NL | Europe/Amsterdam | 112 | nl | Zoë's Fietsen | 't Hooft, Daniël, Ilse, van den Berg | 04-27, 12-25 to 12-26
SE | Europe/Stockholm | 112 | sv | Björks Värme | Åsa, Örjan, Märta, Göran | 06-06, 12-24 to 12-26
FI | Europe/Helsinki | 112 | fi sv | Sähkö Öy | Väinö, Päivi, Yrjö, Åke | 12-06, 05-01
PL | Europe/Warsaw | 112, 999 | pl | Żółw i Syn | Łukasz, Świętosława, Grażyna, Błażej | 05-03, 11-11
RU | Europe/Moscow | 112, 101 | ru | Тёплый дом | Пётр, Наталья, Ксения, Юлия | 01-01 to 01-08, 05-09
UA | Europe/Kyiv | 112, 101 | ru | Світло та Тепло | Єва, Їжак, Мар’яна, Олексій | 08-24
TR | Europe/Istanbul | 112 | tr | Işık Elektrik | İbrahim, Şule, Çağla, Iğdır | 04-23, 10-29
IL | Asia/Jerusalem | 100, 101, 112 | he ar | חשמל ומים | יעל, צ'ליה, ז'וזף, מרדכי | 2027-04-22 | friday saturday
AE | Asia/Dubai | 999, 112 | ar en | ماء وكهرباء | محمد, فاطمة, عبد الله, نُورة | 12-02 to 12-03 | saturday sunday
EG | Africa/Cairo | 122 | ar | شركة النيل | أحمد, إسراء, آية, مصطفى | 07-23 | friday saturday
IN | Asia/Kolkata | 112, 100, 108 | hi en | बिजली विभाग | प्रिया, राजेश, ज्योति, श्रीकृष्ण | 01-26, 08-15, 10-02
TH | Asia/Bangkok | 191, 1669 | th | ไฟฟ้าไทย | สมชาย, น้ำฝน, ปรัชญา, กุ้ง | 04-13 to 04-15, 12-05
VN | Asia/Ho_Chi_Minh | 113 | vi | Điện lực Đà Nẵng | Nguyễn Thị Ánh, Đặng, Quỳnh, Hữu | 04-30 to 05-01, 09-02
CN | Asia/Shanghai | 110, 119, 120 | zh | 长江电力 | 李小龙, 欧阳, 㐂, 𠮷野 | 10-01 to 10-07
JP | Asia/Tokyo | 110, 119 | ja | 市民課 | さくら, ジョン, 髙橋, 渡邊 | 04-29 to 05-05, 12-29 to 01-03
KR | Asia/Seoul | 112, 119 | ko | 한국전기 | 민지, 이준호, 김, 독고영재 | 03-01, 08-15
AU | Australia/Lord_Howe | 000, 112 | en | Wagga Wagga Power | O’Shea, Renée, Kirra, Māia | 01-26, 04-25
ZA | Africa/Johannesburg | 112 | en | Thuma Mina Power | Thandiwe, Ntombi, Façade, Ngũgĩ | 04-27, 12-16
"""


def _country(row: str) -> Country:
    cells = [cell.strip() for cell in row.split("|")]
    region, zone, emergency, languages, organisation, people, holidays, *weekend = cells
    several = (tuple(one.strip() for one in cell.split(",")) for cell in (emergency, people, holidays))
    numbers, names, days = several
    return Country(region, zone, numbers, tuple(languages.split()), organisation, names, days,
                   tuple((weekend or ["saturday sunday"])[0].split()))  # fmt: skip


COUNTRIES = tuple(map(_country, _ROWS.strip().splitlines()))


@cache
def kinds(region: str) -> tuple[int, ...]:
    """The public kinds of numbers that the country has, without those that lack a part outside it (Canada's 310)."""
    examples = {kind: phonenumbers.example_number_for_type(region, kind) for kind in PUBLIC}
    whole = phonenumbers.ValidationResult.IS_POSSIBLE
    return tuple(kind for kind, one in examples.items()
                 if one and phonenumbers.is_possible_number_with_reason(one) == whole)  # fmt: skip


@cache
def numbers(region: str, kind: int, count: int) -> tuple[str, ...]:
    """Numbers (E.164) of a kind, the example of the numbering plan and its neighbours."""
    example = phonenumbers.example_number_for_type(region, kind)
    assert example
    first = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    found = [first]
    for step in range(1, 2000):
        if len(found) == count:
            return tuple(found)
        near = f"+{int(first[1:]) + step}"
        parsed = phonenumbers.parse(near)
        free = phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) != Kind.PREMIUM_RATE
        if free and len(near) == len(first):
            found.append(near)
    raise AssertionError(f"{region} has too few numbers of kind {kind}")

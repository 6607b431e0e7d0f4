"""Which telephone numbers may be dialled, by the numbering plans of all countries.

Form, length and kind are checked, not whether the number is in use: fictitious numbers (555 01xx) are in no numbering
plan, and plans change faster than the library's copy.
"""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from callflow.configuration.reading import invisible

WITHHELD = frozenset({"266696687", "7378742833", "7378742883", "2562533", "8656696", "86282452253"})
"""Words for a withheld number, typed on a telephone's letters: anonymous, restricted (and as the provider's own list
misprints it), blocked, unknown, unavailable. They come with + or +1 before them."""
NO_NUMBER = re.compile(r"[a-z@]")
"""In an address (``sip:``, ``client:``) or before an extension. Capitals are keys: +1 800 FLOWERS."""
MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.VOIP,
                    PhoneNumberType.PERSONAL_NUMBER, PhoneNumberType.UNKNOWN})  # fmt: skip
IN_A_ROW = "01234567890123456789 98765432109876543210"
SHORTEST_FILLED = 7
"""One digit repeated, or digits in a row, are what telephone systems fill in; shorter ones may be somebody's number."""


def e164(written: str, region: str | None = None) -> str:
    """The telephone (E.164) that this is a spelling of, or "" if it is none.

    Blanks and brackets, ``00`` for ``+``, and a zero that is dialled only inside the country (``+49 (0)30``) make no
    other telephone; in Italy that zero belongs to the number. Without country code it is read as dialled in ``region``.
    """
    text = re.sub(r"^00(?=[1-9])", "+", invisible.visible(written).strip().removeprefix("tel:"))
    found = None if NO_NUMBER.search(text) else _parsed(text, region)
    if found is None or found.extension or not _is_possible(found):
        return ""
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def not_e164(number: str, region: str | None = None) -> str:
    """Why this is not a phone number in E.164, with the right spelling if it is known; "" if it is one.

    ``region`` (like "DE") is where a number without a country code would be dialled.
    """
    if stands_for_nobody(number):
        return "is what networks show for a withheld number"
    found = e164(number, region)
    right = _with_its_zero(found)
    if right and right == number:
        return ""
    hidden = next((at for at, one in enumerate(number) if invisible.is_invisible(one)), -1)
    if hidden >= 0:
        instead = f'; write "{right}"' if right else ""
        return f'has {invisible.named(number[hidden])} after "{number[:hidden]}", which cannot be seen{instead}'
    if right:
        why = _shortened(number, right) if right == found else ": in its country the zero belongs to the number"
        return f'must be written "{right}"{why}'
    return _malformed(number)


def _malformed(number: str) -> str:
    if not re.fullmatch(r"\+[0-9]+", number):
        return "must be + and digits only, for example +15550100111"
    try:
        phonenumbers.parse(number)
    except NumberParseException as error:
        if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
            return "begins with the code of no country"
    return "has too few or too many digits for its country"


def _with_its_zero(number: str) -> str:
    """The number (E.164, or ""), in Italy and a few other countries with the zero that belongs to it there."""
    found = _parsed(number)
    if found is None or phonenumbers.is_valid_number(found):
        return number
    whole = f"+{found.country_code}0{phonenumbers.national_significant_number(found)}"
    again = _parsed(whole)
    return whole if again and phonenumbers.is_valid_number(again) and e164(whole) == whole else number


def never_shown(number: str) -> str:
    """Why no caller's telephone shows this number, in the words of ``not_e164``; "" if one may."""
    return "" if stands_for_nobody(number) else not_e164(number)


def _shortened(number: str, right: str) -> str:
    digits = sum(one.isdecimal() for one in number)
    inside = number.startswith("+") and digits >= len(right)
    return ", without what is dialled only inside the country" if inside else ""


def is_premium(number: str) -> bool:
    """Whether calling this number (E.164) costs a premium rate, which somebody else is paid."""
    found = _parsed(number)
    return found is not None and phonenumbers.number_type(found) == PhoneNumberType.PREMIUM_RATE


def takes_messages(number: str) -> bool:
    """Whether this number (E.164) may be that of a mobile telephone; in some countries the plan does not tell."""
    found = _parsed(number)
    return found is not None and phonenumbers.number_type(found) in MOBILE


@lru_cache(maxsize=64)  # in the plans of all countries it takes 100 us, and who calls again is not news
def may_be_called(number: str) -> bool:
    """Whether a number (E.164) that a stranger has given us may be dialled: no premium rate, no emergency, nobody's."""
    found = _parsed(number)
    if found is None or not _is_possible(found) or stands_for_nobody(number):
        return False
    return not is_premium(number) and not _is_emergency(found)


def stands_for_nobody(number: str) -> bool:
    """Whether this (E.164) is sent instead of a number: a word typed on letters, +10000000000, +11234567890."""
    digits = number.removeprefix("+")
    if {digits, digits.removeprefix("1")} & WITHHELD:
        return True
    found = _parsed(number)
    if found is None:
        return False
    national = phonenumbers.national_significant_number(found)
    no_area = number.startswith("+1") and national[:1] in ("0", "1")  # an area of North America begins with 2 to 9
    filled = len(national) >= SHORTEST_FILLED and (len(set(national)) == 1 or national in IN_A_ROW)
    return (no_area or filled) and not phonenumbers.is_valid_number(found)


def international(typed: str, ours: str) -> str:
    """The number (E.164) behind these digits, or "" if it must not be dialled.

    They are read with their country code, as we ask for it, or as somebody dials who is where our number ``ours`` is:
    0044 or 01144 for 44, 0 or nothing before a number of the same country. If both are possible, a number that is in a
    numbering plan counts, then the same country. If both are in one, they are of the same country if that is how they
    are dialled there: 2025550123 is Washington for a house in the United States, and not Cairo.
    """
    here = _parsed(ours)
    region = phonenumbers.region_code_for_country_code(here.country_code or 0) if here else None
    abroad, national = _parsed(f"+{typed}"), _parsed(typed, region) if region else None
    first = (national, abroad) if national and _as_dialled(national) == typed else (abroad, national)
    read = [one for one in first if one and phonenumbers.is_valid_number(one)]
    read += [one for one in (national, abroad) if one and _is_possible(one)]
    number = phonenumbers.format_number(read[0], phonenumbers.PhoneNumberFormat.E164) if read else ""
    return number if number and may_be_called(number) else ""


def _as_dialled(number: PhoneNumber) -> str:
    """The digits that are dialled inside its country."""
    return phonenumbers.normalize_digits_only(
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    )


def _is_possible(number: PhoneNumber) -> bool:
    """Not if it is only possible without its area code, from a telephone of that place."""
    return phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE


def _is_emergency(number: PhoneNumber) -> bool:
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return phonenumbers.is_emergency_number(phonenumbers.national_significant_number(number), region)


@lru_cache(maxsize=64)  # a caller's number is looked at from several sides
def _parsed(number: str, region: str | None = None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(number, region)
    except NumberParseException:
        return None

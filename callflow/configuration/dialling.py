"""Which telephone numbers may be dialled, by the numbering plans of all countries.

Form, length and kind are checked, not whether the number is in use: fictitious numbers (555 01xx) are in no numbering
plan, and plans change faster than the library's copy.
"""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType


def not_e164(number: str) -> str:
    """Why this is not a phone number in E.164, or "" if it is one."""
    if not number.startswith("+") or not number[1:].isascii() or not number[1:].isdigit():
        return "must be + and digits only, for example +15550100111"
    try:
        possible = phonenumbers.is_possible_number(phonenumbers.parse(number))
    except NumberParseException as error:
        return str(error).rstrip(".").lower()
    return "" if possible else "has too few or too many digits for its country"


def is_premium(number: str) -> bool:
    """Whether calling this number (E.164) costs a premium rate, which somebody else is paid."""
    found = _parsed(number)
    return found is not None and phonenumbers.number_type(found) == PhoneNumberType.PREMIUM_RATE


def may_be_called(number: str) -> bool:
    """Whether a number (E.164) that a stranger has given us may be dialled: no premium rate, no emergency."""
    found = _parsed(number)
    return found is not None and _is_possible(found) and not is_premium(number) and not _is_emergency(found)


def international(typed: str, ours: str) -> str:
    """The number (E.164) behind these digits, or "" if it must not be dialled.

    They are read with their country code, as we ask for it, or as somebody dials who is where our number ``ours`` is:
    0044 or 01144 for 44, 0 or nothing before a number of the same country. If both are possible, a number that is in a
    numbering plan counts, then the same country.
    """
    here = _parsed(ours)
    region = phonenumbers.region_code_for_country_code(here.country_code or 0) if here else None
    abroad, national = _parsed(f"+{typed}"), _parsed(typed, region) if region else None
    read = [one for one in (abroad, national) if one and phonenumbers.is_valid_number(one)]
    read += [one for one in (national, abroad) if one and _is_possible(one)]
    number = phonenumbers.format_number(read[0], phonenumbers.PhoneNumberFormat.E164) if read else ""
    return number if number and may_be_called(number) else ""


def _is_possible(number: PhoneNumber) -> bool:
    """Not if it is only possible without its area code, from a telephone of that place."""
    return phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE


def _is_emergency(number: PhoneNumber) -> bool:
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return phonenumbers.is_emergency_number(phonenumbers.national_significant_number(number), region)


def _parsed(number: str, region: str | None = None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(number, region)
    except NumberParseException:
        return None

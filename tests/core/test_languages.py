# ruff: noqa: E501 - a line is a row of phrases, some of them wide
"""What callers say in other languages, and how long they are spoken to."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from callflow.core import languages, prompts
from callflow.core.call import Prompt
from callflow.core.configuration import Configuration, Language, Script
from callflow.core.events import WordsSpoken
from callflow.core.flow.ask import AskStep
from callflow.core.flow.connect import ConnectStep
from callflow.core.flow.menu import MenuStep
from callflow.core.flow_step import Choice
from callflow.core.keys import answer
from callflow.core.languages import answer_words
from callflow.core.stages import Stage
from callflow.emulator import Switches
from callflow.emulator.phones import speech_seconds
from callflow.service.redaction import redacted
from tests.core.example import CONFIGURATION, fragments, scripts
from tests.core.example_flows import flowing
from tests.playbook import Playbook, talking

JAPANESE = {
    "hold_start": "ありがとうございます。{agent}が約{n}秒で戻ります。早く戻りたいときはいつでも2を押してください。",
    "hold_return": "お待たせいたしました。{agent}におつなぎいたします。",
    "warning_first": "お力になりたいと思っております。{conduct}が続く場合は、この通話を終了させていただくことがあります。",
}


def speaking(code: str, tag: str, **texts: str) -> Configuration:
    """The example in this language, with some lines of its own."""
    lines = scripts() | {id: Script(id=id, text=text, version=id) for id, text in texts.items()}
    language = Language(code=code, voice="Voice", tag=tag, scripts=lines, fragments=fragments(),
                        answers=answer_words(code))  # fmt: skip
    return replace(CONFIGURATION, language=code, languages={code: language})


def at_question(code: str) -> Playbook:
    """A caller who hears the question about a hold."""
    return talking(speaking(code, code)).agent("ana").star().presses("1").stage(Stage.ASKING_HOLD).caller()


def asks_about(words: dict[str, tuple[str, ...]], language: str) -> Playbook:
    menu = MenuStep(name="reason", script="reason_menu", otherwise="desk", attempts=2,
                    choices={key: Choice(next=f"desk{key}", words=some) for key, some in words.items()})  # fmt: skip
    desks = [ConnectStep(name=f"desk{key}", team="energy_desk", otherwise="") for key in ("", *words)]
    base = flowing(menu, *desks)
    code = replace(base.languages["en"], code=language, answers=answer_words(language))
    return Playbook(replace(base, language=language, languages={language: code})).calls()


def says(book: Playbook, words: str) -> Playbook:
    return book.take(WordsSpoken(at=book.at, leg="caller", words=words), answering="caller")


# -- yes and no


@pytest.mark.parametrize(("code", "words"), [
    ("hi", "हाँ"), ("hi", "जी हाँ, धन्यवाद।"), ("hi", "ठीक है"), ("th", "ใช่ครับ"), ("th", "ได้ค่ะ ขอบคุณค่ะ"), ("ar", "نعم، من فضلك"),
    ("ar", "نعم"), ("tr", "Evet, lütfen."), ("tr", "TABİİ"), ("vi", "Vâng ạ"),
    ("vi", unicodedata.normalize("NFD", "Được, cảm ơn")), ("ja", "はい、お願いします。"), ("ja", "はいお願いします"),
    ("ja", "はい お願い します"), ("zh", "好的,谢谢"), ("zh-hk", "可以"), ("ko", "네, 부탁드립니다"), ("de", "Ja, bitte!"),
    ("fr", "D\u2019accord, merci"), ("pt-br", "Sim"), ("ru", "Да, пожалуйста"), ("he", "כן, תודה"), ("fi", "Kyllä"),
])  # fmt: skip
def test_my_yes_is_understood_in_my_language(code: str, words: str) -> None:
    at_question(code).says(words).stage(Stage.HOLDING)


@pytest.mark.parametrize(("code", "words"), [
    ("hi", "नहीं"), ("hi", "जी नहीं"), ("th", "ไม่ครับ"), ("th", "ไม่เอา"), ("ar", "لا، شكرا"), ("tr", "Hayır"), ("tr", "HAYIR!"),
    ("vi", "Không ạ"), ("vi", unicodedata.normalize("NFD", "dạ không")), ("ja", "いいえ、結構です"), ("zh", "不要"), ("ko", "아니요"),
    ("de", "Nein danke"), ("ja", "はい、いや、だめです"), ("zh", "好,不,不行"), ("th", "ใช่ ไม่ใช่"),
])  # fmt: skip
def test_my_no_is_understood_in_my_language(code: str, words: str) -> None:
    at_question(code).says(words).stage(Stage.TALKING).noted("consent", outcome="no")


@pytest.mark.parametrize(("code", "words"), [
    ("ja", "はいはい、もう聞きました"), ("ja", "はいたつの件です"), ("ja", "大丈夫です"), ("ja", "お願いします"), ("zh", "好像有问题"), ("zh", "可以吗"),
    ("th", "ได้ยินครับ"), ("th", "ใช่ไหม"), ("th", "ครับ"), ("ko", "예약했어요"), ("hi", "जी"), ("hi", "हाँ लेकिन जल्दी"), ("tr", "tamam mı"),
    ("ar", "نعم ولكن بسرعة"), ("vi", "có gì"), ("hi", "ह"), ("hi", "हा"),
])  # fmt: skip
def test_a_yes_inside_another_answer_is_no_consent(code: str, words: str) -> None:
    """The whole answer is compared, also where there are no blanks (floor F1)."""
    at_question(code).says(words).stage(Stage.ASKING_HOLD)


def test_a_yes_of_another_language_does_not_count() -> None:
    assert {code: answer(CONFIGURATION, code, "", "tak") for code in ("pl", "en", "sv")} == {
        "pl": "yes",
        "en": "",
        "sv": "",
    }


@pytest.mark.parametrize("code", languages.ANSWER_WORDS)
def test_shipped_words_say_what_they_mean(code: str) -> None:
    own = languages.own_words(code)
    assert {answer(CONFIGURATION, code, "", word) for word in own.yes} <= {"yes"}
    assert {answer(CONFIGURATION, code, "", word) for word in own.no} <= {"no"}
    assert {answer(CONFIGURATION, code, "", word) for word in own.courtesy} <= {"", "no"}
    assert own.negations


# -- menus and ask


@pytest.mark.parametrize(("code", "words", "said"), [
    ("ja", ("請求",), "請求書について聞きたいです"), ("zh", ("账单", "帳單"), "我想问一下账单的事情"), ("th", ("บิล",), "ขอถามเรื่องบิลหน่อยครับ"),
    ("ko", ("청구서",), "청구서를 보고 싶어요"), ("hi", ("बिल",), "मेरे बिल के बारे में"), ("tr", ("fatura",), "FATURA lütfen"), ("tr", ("İade",), "iade"),
    ("vi", ("hóa đơn",), unicodedata.normalize("NFD", "về hóa đơn ạ")), ("en", ("no heating",), "I have no heating"),
    ("pt", ("banco",), "problema no banco"), ("ja", ("請求",), "すみません、請求の件です"),
    ("ja", ("請求",), "お忙しいところ申し訳ございません、請求のことですが"),
])  # fmt: skip
def test_the_menu_understands_the_word_in_my_answer(code: str, words: tuple[str, ...], said: str) -> None:
    book = asks_about({"1": words, "2": ("xyz",)}, code)
    said_before, event = book.call, WordsSpoken(at=book.at, leg="caller", words=said)
    says(book, said).holds(lambda call: call.step == "desk1")
    stored = redacted(said_before, event, book.configuration)
    assert stored == replace(event, words=words[0])
    says(asks_about({"1": words, "2": ("xyz",)}, code), words[0]).holds(lambda call: call.step == "desk1")


@pytest.mark.parametrize(("code", "word", "said"), [
    ("de", "rechnung", "nicht die Rechnung"), ("de", "rechnung", "keine Rechnung"), ("fr", "facture", "pas la facture"),
    ("es", "factura", "no es la factura"), ("ja", "請求書", "請求書ではなくて"), ("ja", "請求書", "すみません、請求書じゃなくて"), ("zh", "账单", "不是账单"), ("ko", "청구서", "청구서 말고"),
    ("th", "บิล", "ไม่ใช่บิล"), ("hi", "बिल", "बिल नहीं"), ("ar", "الفاتورة", "ليس الفاتورة"), ("tr", "fatura", "fatura değil"),
    ("vi", "hóa đơn", "không phải hóa đơn"), ("ca", "factura", "no la factura"), ("hi", "बिल", "बल"), ("hi", "कल", "कला"),
])  # fmt: skip
def test_not_the_bill_is_not_the_bill_in_any_language(code: str, word: str, said: str) -> None:
    says(asks_about({"1": (word,)}, code), said).hears("reason_menu").stage(Stage.ARRIVING)


@pytest.mark.parametrize(("said", "step"), [
    ("請求書が届きません", "reason"), ("請求書です", "desk2"), ("請求です", "desk1"), ("請求と請求書です", "reason"), ("bill payment", "desk2"),
    ("my bill", "desk1"), ("bill", "desk1"),
])  # fmt: skip
def test_the_longer_word_is_the_one_i_said(said: str, step: str) -> None:
    """A shorter word of another choice inside of it is not meant; in Japanese it always is inside."""
    words = {"1": ("請求", "bill"), "2": ("請求書", "bill payment")}
    says(asks_about(words, "ja"), said).holds(lambda call: call.step == step)


@pytest.mark.parametrize("said", ["क्‍या बिल ग़लत है", "می‌خواهم", "ใบแจ้งหนี้ผิด"])
def test_what_i_say_is_kept_as_i_said_it(said: str) -> None:
    ask = AskStep(name="about", script="ask_about", into="about", next="desk", otherwise="desk")
    book = Playbook(flowing(ask, ConnectStep(name="desk", team="energy_desk", otherwise=""))).calls()
    says(book, said).holds(lambda call: call.variables["about"] == said)


# -- pace


def test_there_is_a_pace_for_twenty_languages() -> None:
    assert len(languages.PACES) >= 20
    assert set(languages.ANSWER_WORDS) == set(languages.PACES)
    assert all(languages.speaking_seconds("x" * 100, code) > 5 for code in languages.PACES)


@pytest.mark.parametrize(("tag", "hour", "minute", "spoken"), [
    ("en-US", 16, 0, "4 PM"), ("en-US", 16, 5, "4:05 PM"), ("es-US", 0, 30, "12:30 AM"), ("en-AU", 12, 0, "12 PM"),
    ("en-GB", 16, 0, "16:00"), ("de-DE", 9, 5, "09:05"), ("ja-JP", 0, 0, "00:00"),
])  # fmt: skip
def test_i_am_promised_a_call_at_a_time_as_it_is_said_where_i_live(
    tag: str, hour: int, minute: int, spoken: str
) -> None:
    configuration = speaking(tag.partition("-")[0], tag)
    at = datetime(2026, 12, 1, hour, minute, tzinfo=UTC)
    assert prompts.clock_time(configuration, configuration.language, at) == spoken


def test_my_hold_of_30_seconds_is_30_seconds_in_japanese() -> None:
    """From the last word before the music to the caller's way back, as the emulator speaks."""
    configuration = speaking("ja", "ja-JP", **JAPANESE)
    book = talking(configuration).agent("ana").star().presses("1").caller().presses("1").stage(Stage.HOLDING)
    place = book.call.caller.place
    back = prompts.text(configuration, "ja", place.prompts[-1])
    lasts = place.number("music") + speech_seconds(back, Switches().pace) + 2  # the wait for a key, joining the room
    assert 27 <= lasts <= 30.5, lasts
    planned = prompts.voice_seconds(configuration, "ja", place.prompts[-1])
    assert planned > 2 * len(back) / 14  # as if it were English


def test_my_hold_in_japanese_ends_without_an_apology() -> None:
    """A caller who is back as late as the voice really needs has not been kept longer than promised."""
    configuration = speaking("ja", "ja-JP", **JAPANESE)
    book = talking(configuration).agent("ana").star().presses("1").caller().presses("1").stage(Stage.HOLDING)
    *start, back = book.call.caller.place.prompts
    spoken = sum(speech_seconds(prompts.text(configuration, "ja", one), Switches().pace) for one in (*start, back))
    book.reports = False
    book.wait(spoken + book.call.caller.place.number("music") + 2).stage(Stage.HOLDING).hears(
        *[one.script for one in (*start, back)]
    )


def test_a_warning_cut_after_two_seconds_was_not_heard_in_full_in_japanese() -> None:
    configuration = speaking("ja", "ja-JP", **JAPANESE)
    said = Prompt("warning_first", {"conduct": "大声での発言"})
    needed = prompts.least_seconds(configuration, "ja", said)
    assert 5 < needed < speech_seconds(prompts.text(configuration, "ja", said), Switches().pace)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_take_no_time_of_their_own(form: str) -> None:
    text = unicodedata.normalize(form, "Xin cảm ơn quý khách đã chờ máy.")
    assert languages.speaking_seconds(text, "vi-VN") == pytest.approx(32 / 13)


def test_a_voice_of_a_language_that_is_not_listed_speaks_wide_characters_slowly() -> None:
    assert languages.speaking_seconds("東京" * 20, "xx") > 2 * languages.speaking_seconds("ab" * 20, "xx")
    assert languages.speaking_seconds("Thank you for calling.", "en-US") == pytest.approx(22 / 14)

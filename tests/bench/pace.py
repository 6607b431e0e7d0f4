# ruff: noqa: E501 - a language is one row
"""How the paces of ``core.languages`` compare with espeak-ng, if it is installed: ``python -m tests.bench.pace``.

The same announcement in each language, in the seconds of espeak-ng's voices, scaled so that English takes as long as we
say. No assertion: espeak-ng cannot read kanji, has no Thai, and reads Chinese syllable by syllable.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from callflow.core.languages import speaking_seconds

VOICES = {"zh": "cmn", "en": "en-us", "fr": "fr-fr"}
RATE = 22_050
"""Samples of two bytes a second."""
TEXTS = {
    "en": "Thank you for calling. We are finding a person for you now, and we will be with you as soon as we can. If you would rather have a call back, please press one.",
    "de": "Vielen Dank für Ihren Anruf. Wir suchen jetzt eine Mitarbeiterin für Sie und sind so bald wie möglich bei Ihnen. Wenn Sie lieber zurückgerufen werden möchten, drücken Sie bitte die Eins.",
    "es": "Gracias por su llamada. Estamos buscando a una persona para usted y le atenderemos lo antes posible. Si prefiere que le devolvamos la llamada, pulse uno.",
    "fr": "Merci de votre appel. Nous cherchons une personne pour vous et nous serons avec vous dès que possible. Si vous préférez être rappelé, appuyez sur un.",
    "it": "Grazie per la chiamata. Stiamo cercando una persona per lei e saremo con lei il prima possibile. Se preferisce essere richiamato, prema uno.",
    "nl": "Bedankt voor uw telefoontje. We zoeken nu iemand voor u en zijn zo snel mogelijk bij u. Als u liever wordt teruggebeld, druk dan op één.",
    "pt": "Obrigado pela sua chamada. Estamos a procurar uma pessoa para si e estaremos consigo assim que possível. Se preferir que lhe liguemos de volta, prima um.",
    "sv": "Tack för ditt samtal. Vi söker nu en person åt dig och är hos dig så snart vi kan. Om du hellre vill bli uppringd, tryck ett.",
    "fi": "Kiitos soitostasi. Etsimme sinulle nyt henkilöä ja palvelemme sinua niin pian kuin voimme. Jos haluat mieluummin takaisinsoiton, paina yksi.",
    "pl": "Dziękujemy za telefon. Szukamy teraz osoby dla Pani i odezwiemy się tak szybko, jak to możliwe. Jeśli woli Pani, abyśmy oddzwonili, proszę nacisnąć jeden.",
    "ru": "Спасибо за звонок. Мы ищем для вас сотрудника и ответим вам как можно скорее. Если вы хотите, чтобы мы вам перезвонили, нажмите один.",
    "tr": "Aradığınız için teşekkür ederiz. Sizin için bir görevli arıyoruz ve en kısa sürede sizinle olacağız. Geri aranmak isterseniz lütfen bire basın.",
    "vi": "Cảm ơn quý khách đã gọi. Chúng tôi đang tìm người hỗ trợ và sẽ phục vụ quý khách sớm nhất có thể. Nếu quý khách muốn được gọi lại, xin bấm phím một.",
    "hi": "कॉल करने के लिए धन्यवाद। हम आपके लिए एक व्यक्ति ढूँढ रहे हैं और जल्द से जल्द आपसे बात करेंगे। यदि आप चाहते हैं कि हम आपको वापस कॉल करें, तो कृपया एक दबाएँ।",
    "ar": "شكرا لاتصالك. نبحث الآن عن موظف لك وسنكون معك في أقرب وقت ممكن. إذا كنت تفضل أن نعاود الاتصال بك، فاضغط واحد.",
    "he": "תודה שהתקשרת. אנחנו מחפשים עבורך נציג ונהיה איתך בהקדם האפשרי. אם ברצונך שנחזור אליך, הקש אחת.",
    "ja": "お電話ありがとうございます。ただいま担当者におつなぎしております。おりかえしのおでんわをごきぼうのばあいは、いちをおしてください。",
    "ko": "전화해 주셔서 감사합니다. 지금 담당자를 찾고 있으며 최대한 빨리 연결해 드리겠습니다. 다시 전화를 받기를 원하시면 일 번을 눌러 주세요.",
    "zh": "感谢您的来电。我们正在为您寻找工作人员，会尽快为您服务。如果您希望我们回电，请按一。",
    "th": "ขอบคุณที่โทรหาเรา เรากำลังหาเจ้าหน้าที่ให้คุณ และจะบริการคุณโดยเร็วที่สุด หากต้องการให้เราโทรกลับ กรุณากดหนึ่ง",
}


def by_espeak(language: str) -> float | None:
    with tempfile.NamedTemporaryFile(suffix=".wav") as sound:
        command = ["espeak-ng", "-v", VOICES.get(language, language), "-w", sound.name, TEXTS[language]]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return None
        return (Path(sound.name).stat().st_size - 44) / 2 / RATE


def main() -> None:
    english = by_espeak("en") if shutil.which("espeak-ng") else None
    if english is None:
        raise SystemExit("espeak-ng is not installed, or has no English voice")
    scale = english / speaking_seconds(TEXTS["en"], "en")
    for language, text in TEXTS.items():
        ours, theirs = speaking_seconds(text, language), by_espeak(language)
        told = f"{theirs / scale:6.1f} s  {ours / theirs * scale:5.2f}" if theirs else "  no voice"
        sys.stdout.write(f"{language}  ours {ours:5.1f} s  espeak-ng {told}\n")


if __name__ == "__main__":
    main()

# ruff: noqa: E501 - a language is one row
"""Twenty languages: real words, the voice that speaks them, and how their sentences end."""

import re
from dataclasses import dataclass
from random import Random

_PARTS = re.compile(r"\{[^{}]*\}|[0-9]|[.?,:;]|[^{}0-9.?,:;]+")


@dataclass(frozen=True, slots=True)
class Tongue:
    """``ends`` are full stop, question mark and comma; ``digits`` are the ten digits; ``blank`` is between words.

    ``phrases``: a role, a team, why a caller is put on hold, two kinds of conduct, what a call is about.
    """

    code: str
    voice: str
    tag: str
    ends: tuple[str, str, str]
    digits: str
    blank: str
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    said: tuple[str, ...]
    """Another yes, another no, another courtesy."""

    def line(self, english: str, chance: Random) -> str:
        """A line with the keys and variables of an English one, and about half as many words, in this language."""
        digits = chance.choice((self.digits, "0123456789"))
        parts = [self._part(one, digits, chance) for one in _PARTS.findall(english)]
        text = self.blank.join(part for part in parts if part)
        for sign in self.ends:
            text = text.replace(f" {sign}", sign)
        return text.replace("{ ", "{").strip(" ,،、，") if self.blank else text.strip("，、")

    def _part(self, part: str, digits: str, chance: Random) -> str:
        if part.startswith("{"):
            return part
        if part.isdigit():
            return digits[int(part)]
        if part in ".?,:;":
            return {".": self.ends[0], "?": self.ends[1]}.get(part, self.ends[2])
        count = len(part.split())
        return self.blank.join(chance.choice(self.words) for _ in range(max(1, count // 2))) if count else ""


_WESTERN, _ASIAN, _ARABIC = ". ? ,", "。 ？ 、", ". ؟ ،"
_ROWS = """
ar | Polly.Zeina | arb | ARABIC | ٠١٢٣٤٥٦٧٨٩ | blank | شكراً, لديك, رقم, العميل, الفاتورة, المكالمة, نُعيد, سؤال, الآن | مدير الفريق, خدمة العملاء, مراجعة حسابك, الصراخ على موظفينا, إهانات شخصية, فاتورة | أكيد, أبداً, مشكور
de | Polly.Vicki-Neural | de-DE | WESTERN | 0123456789 | blank | bitte, Rechnung, Grüße, gerne, weiß, Straße, Schlüssel, danke, jetzt, Fußgänger | die Teamleitung, Kundendienst, Ihre Unterlagen anzusehen, Beleidigungen gegen unser Team, Anschreien unserer Leute, eine Rechnung | selbstverständlich, auf keinen Fall, freundlicherweise
en | Polly.Joanna-Neural | en-US | WESTERN | 0123456789 | blank | thank, bill, café, naïve, delivery, meter, please, account, now, reading | a team leader, customer service, look at your account, shouting at our team, personal insults, a bill | absolutely, never, kindly
es | Polly.Lupe-Neural | es-US | WESTERN | 0123456789 | blank | gracias, señor, factura, mañana, teléfono, también, ahora, niño, averigüe | la responsable del equipo, atención al cliente, mirar su cuenta, gritos a nuestro equipo, insultos personales, una factura | por supuesto, de ninguna manera, muy amable
fi | Polly.Suvi-Neural | fi-FI | WESTERN | 0123456789 | blank | kiitos, lasku, työtä, yhteyttä, numero, pyydämme, hetki, sähkö | esimies, asiakaspalvelu, tarkistaa tilinne, huutamisesta, henkilökohtaisista loukkauksista, lasku | totta kai, ei missään nimessä, ystävällisesti
fr | Polly.Lea-Neural | fr-FR | WESTERN | 0123456789 | blank | merci, facture, numéro, être, ça, cœur, où, aujourd’hui, naïf, l'été | la responsable d’équipe, service clients, regarder votre dossier, des cris, des insultes personnelles, une facture | absolument, en aucun cas, je vous prie
he | Google.he-IL-Standard-A | he-IL | WESTERN | 0123456789 | blank | תודה, חשבון, מספר, צ'ק, שיחה, רגע, צה״ל, בקשה | ראש הצוות, שירות לקוחות, לבדוק את החשבון שלך, צעקות על הצוות, עלבונות אישיים, חשבונית | בהחלט, בשום אופן, אנא
hi | Polly.Kajal-Neural | hi-IN | । ? , | ०१२३४५६७८९ | blank | धन्यवाद, बिल, कृपया, क्षण, हम, ज़रूरी, श्री, विद्युत, नंबर | टीम प्रमुख, ग्राहक सेवा, आपका खाता देखने, हमारी टीम पर चिल्लाना, व्यक्तिगत अपमान, एक बिल | अवश्य, कभी नहीं, मेहरबानी
it | Polly.Bianca-Neural | it-IT | WESTERN | 0123456789 | blank | grazie, bolletta, perché, città, un'altra, così, più, adesso | il caposquadra, servizio clienti, guardare il suo conto, urla contro di noi, insulti personali, una bolletta | certamente, assolutamente no, gentilmente
ja | Polly.Takumi-Neural | ja-JP | ASIAN | ０１２３４５６７８９ | none | ありがとう, 請求書, お客様, ヴォイス, 少々, 番号, ｶﾅ, 葛󠄀城, 々 | 担当の課長, お客様相談室, 口座の確認をする, 大声での発言, 個人への侮辱, 請求書の件 | 承知しました, 断ります, 恐れ入ります
ko | Polly.Seoyeon-Neural | ko-KR | WESTERN | 0123456789 | blank | 감사합니다, 청구서, 번호를, 잠시만, 고객님, 뷁, 전화, 지금 | 팀장, 고객 센터, 계정을 확인하기, 고함, 인신공격, 청구서 | 물론이죠, 절대 안 돼요, 고맙습니다
nl | Polly.Laura-Neural | nl-NL | WESTERN | 0123456789 | blank | bedankt, rekening, geïnteresseerd, één, vóór, reünie, straks, 's ochtends | de teamleider, klantenservice, uw gegevens te bekijken, schreeuwen, persoonlijke beledigingen, een rekening | uiteraard, absoluut niet, vriendelijk
pl | Polly.Ola-Neural | pl-PL | WESTERN | 0123456789 | blank | dziękuję, rachunek, proszę, źródło, łąka, ćma, święto, żółty | kierownik zespołu, obsługa klienta, sprawdzić Twoje konto, krzyki, osobiste zniewagi, rachunek | jasne, w żadnym razie, uprzejmie
pt | Polly.Camila-Neural | pt-BR | WESTERN | 0123456789 | blank | obrigado, conta, ligação, você, à, pôr, número, três | a chefe de equipe, atendimento ao cliente, ver sua conta, gritos, insultos pessoais, uma conta | certamente, de jeito nenhum, por gentileza
ru | Polly.Tatyana | ru-RU | WESTERN | 0123456789 | blank | спасибо, счёт, номер, ещё, объект, минута, йод, звонок | руководитель группы, служба поддержки, проверить ваш счёт, крики на сотрудников, личные оскорбления, счёт за свет | разумеется, ни за что, будьте добры
sv | Polly.Elin-Neural | sv-SE | WESTERN | 0123456789 | blank | tack, räkning, ögonblick, gärna, åter, idé, nummer, nu | gruppchefen, kundtjänst, titta på ditt konto, skrik, personliga förolämpningar, en räkning | absolut, aldrig i livet, snälla
th | Google.th-TH-Standard-A | th-TH | ที่ ไหม และ | ๐๑๒๓๔๕๖๗๘๙ | none | ขอบคุณ, ใบแจ้งหนี้, น้ำ, กรุณา, สักครู่, หมายเลข, เลขที่, กุ้ง | หัวหน้าทีม, ฝ่ายบริการลูกค้า, ตรวจสอบบัญชีของคุณ, การตะโกน, คำพูดดูหมิ่น, ใบแจ้งหนี้ | แน่นอน, ไม่มีทาง, กรุณาด้วย
tr | Polly.Burcu-Neural | tr-TR | WESTERN | 0123456789 | blank | teşekkürler, fatura, ılık, İzmir'e, çağrı, şimdi, ğ, ölçü | ekip lideri, müşteri hizmetleri, hesabınıza bakmak, bağırma, kişisel hakaret, bir fatura | elbette, asla, zahmet olmazsa
vi | Google.vi-VN-Standard-A | vi-VN | WESTERN | 0123456789 | blank | cảm ơn, hóa đơn, xin vui lòng, số điện thoại, chờ, quý khách, nước, ngay | trưởng nhóm, chăm sóc khách hàng, xem tài khoản của quý khách, quát mắng, xúc phạm cá nhân, hóa đơn | chắc chắn, nhất định không, làm ơn
zh | Polly.Zhiyu-Neural | cmn-CN | 。 ？ ， | ０１２３４５６７８９ | none | 谢谢, 账单, 请, 号码, 稍等, 客户, 電話, 𠮷, 现在 | 一位主管, 客户服务部, 查看您的账户, 大声喊叫, 人身侮辱, 账单问题 | 当然, 绝不, 劳驾
"""


def _tongue(row: str) -> Tongue:
    code, voice, tag, ends, digits, blank, *lists = [cell.strip() for cell in row.split("|")]
    words, phrases, said = (tuple(one.strip() for one in cell.split(",")) for cell in lists)
    known = {"WESTERN": _WESTERN, "ASIAN": _ASIAN, "ARABIC": _ARABIC}.get(ends, ends).split()
    return Tongue(code, voice, tag, (known[0], known[1], known[2]), digits, {"blank": " ", "none": ""}[blank],
                  words, phrases, said)  # fmt: skip


TONGUES = {one.code: one for one in map(_tongue, _ROWS.strip().splitlines())}

"""Legacy encodings: what is recognised, what comes out, and that correct Unicode is never touched."""

import time
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cooperation.importing.legacy import Encoding, convert, decode, detect, is_syllable, syllables

TCVN3, VNI = Encoding.TCVN3, Encoding.VNI
SYLLABLES = sorted(syllables())

# The encoder: typed on its own, by letter and by code point, so that a slip in the module's table shows.
# Tones in the order huyền, hỏi, ngã, sắc, nặng.
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_TCVN3_CODES = {
    "a": (0x61, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9),
    "ă": (0xA8, 0xBB, 0xBC, 0xBD, 0xBE, 0xC6),
    "â": (0xA9, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB),
    "e": (0x65, 0xCC, 0xCE, 0xCF, 0xD0, 0xD1),
    "ê": (0xAA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6),
    "i": (0x69, 0xD7, 0xD8, 0xDC, 0xDD, 0xDE),
    "o": (0x6F, 0xDF, 0xE1, 0xE2, 0xE3, 0xE4),
    "ô": (0xAB, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9),
    "ơ": (0xAC, 0xEA, 0xEB, 0xEC, 0xED, 0xEE),
    "u": (0x75, 0xEF, 0xF1, 0xF2, 0xF3, 0xF4),
    "ư": (0xAD, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9),
    "y": (0x79, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE),
}
_VNI_BASES = {"a": "a", "ă": "a", "â": "a", "e": "e", "ê": "e", "o": "o", "ô": "o", "ơ": "ô"}
_VNI_BASES |= {"u": "u", "ư": "ö", "y": "y"}
_VNI_CIRCUMFLEX = ("â", "à", "å", "ã", "á", "ä")
_VNI_BREVE = ("ê", "è", "ú", "ü", "é", "ë")
_VNI_PLAIN = ("", "ø", "û", "õ", "ù", "ï")
_VNI_I = ("i", "ì", "æ", "ó", "í", "ò")


def _letter_and_tone(char: str) -> tuple[str, int]:
    decomposed = unicodedata.normalize("NFD", char)
    tone = next((mark for mark in decomposed if mark in _TONES), "")
    letter = unicodedata.normalize("NFC", decomposed.replace(tone, "") if tone else decomposed)
    return letter, _TONES.index(tone) + 1 if tone else 0


def to_tcvn3(text: str) -> str:
    """Encode lower-case letters; capitals only without a tone, as the single-case fonts have them."""
    capitals = {"Ă": "\xa1", "Â": "\xa2", "Ê": "\xa3", "Ô": "\xa4", "Ơ": "\xa5", "Ư": "\xa6", "Đ": "\xa7"}
    out = []
    for char in text:
        letter, tone = _letter_and_tone(char)
        if letter in _TCVN3_CODES:
            out.append(chr(_TCVN3_CODES[letter][tone]))
        else:
            out.append("\xae" if char == "đ" else capitals.get(char, char))
    return "".join(out)


def to_vni(text: str) -> str:
    out = []
    for char in text:
        letter, tone = _letter_and_tone(char.lower())
        if letter == "i":
            coded = _VNI_I[tone]
        elif (letter, tone) == ("y", 5):
            coded = "î"
        elif letter in _VNI_BASES:
            marks = _VNI_CIRCUMFLEX if letter in "âêô" else _VNI_BREVE if letter == "ă" else _VNI_PLAIN
            coded = _VNI_BASES[letter] + marks[tone]
        else:
            coded = "ñ" if letter == "đ" else letter
        out.append(coded.upper() if char.isupper() else coded)
    return "".join(out)


PASSAGE = """
Việt Nam nằm ở phía đông bán đảo Đông Dương, có đường bờ biển dài trên ba nghìn ki-lô-mét.
Đồng bằng sông Cửu Long là vùng đất thấp, bằng phẳng, được phù sa bồi đắp qua nhiều thế kỷ.
Sông Tiền và sông Hậu là hai nhánh chính của dòng Mê Công trên lãnh thổ nước ta.
Mùa mưa bắt đầu vào khoảng tháng năm và kết thúc vào tháng mười một.
Nước lũ dâng lên chậm, mang theo cá tôm và phù sa màu mỡ cho ruộng đồng.
Người dân trồng lúa, mía, dứa, thanh long và nhiều loại rau màu khác.
Kênh rạch chằng chịt vừa là đường giao thông, vừa là nguồn nước tưới tiêu.
Vùng Đồng Tháp Mười xưa kia là một cánh đồng hoang, ngập nước quanh năm.
Những lưu dân đầu tiên đến khai phá đất này từ thế kỷ mười bảy.
Họ đào kênh, đắp đê, dựng làng và lập chợ bên các bến sông.
Tây Ninh giáp biên giới, có núi Bà Đen là ngọn núi cao nhất vùng Nam Bộ.
Hồ Dầu Tiếng trữ nước cho hàng vạn héc-ta đất nông nghiệp ở hạ lưu.
Sông Vàm Cỏ Đông và sông Vàm Cỏ Tây hợp lại rồi đổ ra biển.
Khí hậu nhiệt đới gió mùa tạo điều kiện cho cây trái xanh tốt bốn mùa.
Huế từng là kinh đô của triều Nguyễn, nơi còn giữ nhiều cung điện, lăng tẩm.
Hà Nội có phố cổ với những mái ngói rêu phong và hồ nước giữa lòng thành phố.
Quốc ngữ dùng chữ cái La-tinh thêm dấu, dần thay thế chữ Hán và chữ Nôm.
Các nhà nho vẫn dạy học trò bằng bút lông, mực tàu và giấy bản.
Nghề dệt chiếu, đan lát, làm bánh tráng truyền từ đời này sang đời khác.
Chùa chiền, đình làng, miếu mạo là nơi sinh hoạt chung của cả cộng đồng.
Lễ hội đầu xuân diễn ra với hát bội, đua thuyền và thả diều.
Ẩm thực miền Nam ưa vị ngọt, dùng nhiều nước cốt dừa và rau thơm.
Cà phê, hồ tiêu, cao su và điều là những cây công nghiệp lâu năm quan trọng.
Ở Tây Nguyên, các buôn làng quanh Đắk Lắk và Kon Tum giữ tục đánh cồng chiêng.
Nhà rông cao vút là biểu tượng cho sức mạnh của buôn làng.
Đường sắt xuyên Việt nối liền hai đầu đất nước, chạy dọc theo bờ biển.
Cảng biển, sân bay và khu công nghiệp mọc lên quanh các đô thị lớn.
Doanh nghiệp nhỏ và vừa chiếm phần lớn số doanh nghiệp đang hoạt động.
Công ty cổ phần phát hành cổ phiếu, còn hợp tác xã thì góp vốn theo tổ viên.
Công ty TNHH Thương mại Hoa Sứ Trắng chuyên thu mua nông sản sạch.
Hợp tác xã Rau an toàn Bình Hòa Mới cung ứng rau quả cho siêu thị.
Hai bên ký bản ghi nhớ về tiêu thụ gạo thơm và thủy sản đông lạnh.
Giá trị hợp đồng được thanh toán bằng đồng Việt Nam, chia làm ba đợt.
Sở Công Thương theo dõi tiến độ và báo cáo kết quả vào cuối mỗi quý.
Kế hoạch liên tịch gồm mười hai lĩnh vực, từ nông nghiệp đến du lịch.
Văn phòng ủy ban tổng hợp số liệu, gửi thư mời và chuẩn bị hội nghị.
Trường học, bệnh viện và thư viện được xây mới ở các huyện vùng sâu.
Người già kể chuyện xưa, trẻ nhỏ quây quần bên bếp lửa nghe say sưa.
Rừng tràm, rừng đước ven biển chắn gió, giữ đất và nuôi dưỡng muôn loài.
Chim cò bay về rợp trời mỗi khi chiều xuống, làm náo động cả khu vườn.
Nhiều nhà khoa học đã khảo sát hệ động thực vật phong phú nơi đây.
Thuyền bè ngược xuôi, tiếng rao hàng văng vẳng khắp chợ nổi từ tờ mờ sáng.
Quỹ khuyến học trao học bổng cho những em có hoàn cảnh khó khăn.
Tương lai của vùng phụ thuộc vào cách giữ gìn nguồn nước và đất đai.
""".strip().splitlines()

VIETNAMESE_NAMES = (
    """
Nguyễn Thị Hoa|Trần Văn Nam|Lê Minh|Đỗ Quý|Phan Thùy|Lý Bá Hà|Võ Thành Công|Bùi Quốc Khánh|Hoàng Oanh
Công ty TNHH An Bình|Công ty TNHH MTV Hòa Thành|Công ty Cổ phần Trà Tân Xuân|DNTN Bé Ba|HTX Hoá An
Cơ sở Út Lìn|CÔNG TY TNHH BÌNH AN|CÔNG TY CỔ PHẦN THƯƠNG MẠI MỘC HÓA|Công ty An tòan Qúy Hòai
""".strip()
    .replace("\n", "|")
    .split("|")
)  # the last one holds tones typed in the wrong place

ENGLISH = (
    """
The parties shall cooperate in trade, tourism and logistics.|Memorandum of understanding|Long An Port Ltd
Smith & Sons (Pty) Ltd.|Revenue (£m)|© 2019 All rights reserved ®|Torque 5 N·m, film 3 µm, size 2m×3m
Café Central|naïve résumé|façade, cliché, fiancé, rôle|¼ inch, 1½ cup, 20 °C, § 5, ¶ 2, 5 m²
""".strip()
    .replace("\n", "|")
    .split("|")
)

FOREIGN = (
    """
Müller|Citroën|São Paulo|naïve|résumé|Nestlé|Crème brûlée|Düsseldorf GmbH & Co. KG|Bäckerei Schröder|Köln
Straßenbau Weiß|Häuser für Gäste|Société Générale de Contrôle|Hôtel du Château|L'Île-d'Orléans|Loïc Lefèvre
Noël Thaïs|Anaïs Zoé|Peña y Muñoz, S.A.|Corporación Andina|Señor José García|Málaga|León|João Conceição
Irmãos Simões|Ação & Câmara|Bjørn Sørensen A/S|Växjö Åkeri AB|«Bonjour» société|Nº 5|Mª José|où, déjà
MÜLLER AG|CITROËN|CAFÉ DE PARIS
""".strip()
    .replace("\n", "|")
    .split("|")
)

CODES = [
    "",
    " ",
    "01/2019/TT",
    "0101234567-001",
    "1.234.567,8",
    "17/05/2019",
    "75,0 %",
    "A-12_b",
    "-",
    "±2°",
    "×",
]
MOJIBAKE = [
    text.encode().decode("cp1252", "replace") for text in ("Công ty", "Giá trị", "Tình hình", "Bên A")
]

HEADERS = ["Sè b¶n ghi nhí", "Ngµy ký", "Bªn A", "MST bªn A", "TØnh bªn A", "LÜnh vùc", "Néi dung hîp t¸c"]
HEADERS += ["Gi¸ trÞ", "T×nh tr¹ng"]
SAMPLE = {
    "Sè b¶n ghi nhí": "Số bản ghi nhớ",
    "Ngµy ký": "Ngày ký",
    "MST bªn A": "MST bên A",
    "TØnh bªn A": "Tỉnh bên A",
    "LÜnh vùc": "Lĩnh vực",
    "Néi dung hîp t¸c": "Nội dung hợp tác",
    "Gi¸ trÞ": "Giá trị",
    "T×nh tr¹ng": "Tình trạng",
    "C«ng ty TNHH SX TM G¹o Vµm Cá Xanh": "Công ty TNHH SX TM Gạo Vàm Cỏ Xanh",
    "Hîp t¸c x· Rau s¹ch Ph\xadíc HËu Xanh": "Hợp tác xã Rau sạch Phước Hậu Xanh",
    "T©y Ninh": "Tây Ninh",
    "®· ký": "đã ký",
    "®· ký hîp ®ång": "đã ký hợp đồng",
    "®ang thùc hiÖn": "đang thực hiện",
    "Cung øng vµ tiªu thô thanh long ruét ®á": "Cung ứng và tiêu thụ thanh long ruột đỏ",
    "DNTN Trµ th¶o méc Gß DÇu Th¬m": "DNTN Trà thảo mộc Gò Dầu Thơm",
    "C«ng ty CP Thøc ¨n ch¨n nu«i Thñ Thõa Ph¸t": "Công ty CP Thức ăn chăn nuôi Thủ Thừa Phát",
    "C«ng ty TNHH MTV Muèi t«m Nói Bµ §á": "Công ty TNHH MTV Muối tôm Núi Bà Đỏ",
    "C«ng ty CP MÝa ®\xadêng T©n Ch©u Ngät": "Công ty CP Mía đường Tân Châu Ngọt",
    "C«ng ty CP Cao su D\xad¬ng Minh Ch©u BÒn": "Công ty CP Cao su Dương Minh Châu Bền",
}
SAMPLE_VNI = {
    "Coâng ty Coå phaàn Thöông maïi Moäc Hoùa": "Công ty Cổ phần Thương mại Mộc Hóa",
    "COÂNG TY TNHH THÖÔNG MAÏI ÑÖÙC HUEÄ": "CÔNG TY TNHH THƯƠNG MẠI ĐỨC HUỆ",
    "Tænh beân A": "Tỉnh bên A",
    "Lónh vöïc": "Lĩnh vực",
    "Noäi dung hôïp taùc": "Nội dung hợp tác",
    "Beân A": "Bên A",
    "Giaù trò": "Giá trị",
    "Taây Ninh": "Tây Ninh",
    "Ngaøy kyù": "Ngày ký",
    "Giaù trò hôïp ñoàng": "Giá trị hợp đồng",
}


@pytest.mark.parametrize(("legacy", "right"), SAMPLE.items())
def test_tcvn3_sample_alone(legacy: str, right: str) -> None:
    assert detect([legacy]) is TCVN3
    assert convert(legacy, TCVN3) == right


@pytest.mark.parametrize(("legacy", "right"), SAMPLE_VNI.items())
def test_vni_sample_alone(legacy: str, right: str) -> None:
    assert detect([legacy]) is VNI
    assert convert(legacy, VNI) == right


@pytest.mark.parametrize(
    "column",
    [
        HEADERS,
        ["TØnh bªn A", *["Long An"] * 10],
        ["TØnh bªn B", *["T©y Ninh"] * 10],
        ["T©y Ninh", "Long An", "BÕn Tre"],
        ["Bªn A", "Nguyen Van An", "Smith & Sons"],
        ["Bªn A", "Müller GmbH", *list(SAMPLE)],
        ["MST bªn A", "1123723353", ""],
    ],
)
def test_short_columns(column: list[str]) -> None:
    assert detect(column) is TCVN3


def test_mixed_column_converts_only_the_legacy_cells() -> None:
    column = ["Tỉnh bên A", "T©y Ninh", "Long An", "Tây Ninh", "Bình Thành", "Đồng Tháp", "C«ng ty G¹o Th¬m"]
    assert detect(column) is TCVN3
    right = ["Tỉnh bên A", "Tây Ninh", "Long An", "Tây Ninh", "Bình Thành", "Đồng Tháp", "Công ty Gạo Thơm"]
    assert [convert(text, TCVN3) for text in column] == right
    column = ["Tỉnh bên A", "Công ty Bình An", "Coâng ty Coå phaàn Moäc Hoùa"]
    assert detect(column) is VNI
    assert [convert(text, VNI) for text in column] == [*column[:2], "Công ty Cổ phần Mộc Hóa"]


@pytest.mark.parametrize(
    ("legacy", "right"),
    [
        ("Th¬ng m¹i", "Thương mại"),
        ("Níc", "Nước"),
        ("®îc", "được"),
        ("Th¬m", "Thơm"),
        ("S¬n D¬ng", "Sơn Dương"),
    ],
)
def test_a_lost_soft_hyphen_is_mended_where_only_one_reading_is_a_syllable(legacy: str, right: str) -> None:
    assert convert(legacy, TCVN3) == right


def test_capitals_of_single_case_fonts() -> None:
    assert convert("¤ng §ç ¦ng, ¢n", TCVN3) == "Ông Đỗ Ưng, Ân"
    assert decode("¡¢£¤¥¦§", TCVN3) == "ĂÂÊÔƠƯĐ"
    assert convert("c«ng ty cæ phÇn", TCVN3) == "công ty cổ phần"
    assert convert("C«NG TY TNHH B¸N LÎ", TCVN3) == "CÔNG TY TNHH BÁN LẺ"


def test_foreign_words_and_signs_in_a_legacy_cell_stay() -> None:
    assert convert("C«ng ty Müller «ABC» 2m×3m · 5µm", TCVN3) == "Công ty Müller «ABC» 2m×3m · 5µm"
    assert convert("C«ngty t\xad nh©n", TCVN3) == "Côngty tư nhân"


def test_short_words_in_a_legacy_cell() -> None:
    assert convert("Ch©u ¸ - bom m×n, tõ ®©y ®Õn ®ã", TCVN3) == "Châu á - bom mìn, từ đây đến đó"


def test_vni_accepts_small_marks_after_capitals() -> None:
    assert convert("Ñoàng Thaùp, AÙnh, Aùnh, Yeân", VNI) == "Đồng Tháp, Ánh, Ánh, Yên"


@pytest.mark.parametrize("encoding", Encoding)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_correct_unicode_is_never_touched(encoding: Encoding, form: str) -> None:
    texts = [*PASSAGE, *VIETNAMESE_NAMES, *ENGLISH, *FOREIGN[:3], *CODES]
    words = [word for text in texts for word in text.split()]
    for column in (PASSAGE, VIETNAMESE_NAMES, texts, words):
        assert detect([unicodedata.normalize(form, text) for text in column]) is None
    for text in [*PASSAGE, *VIETNAMESE_NAMES, *ENGLISH, *CODES]:
        assert detect([unicodedata.normalize(form, text)]) is None
        assert convert(unicodedata.normalize(form, text), encoding) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "column",
    [
        ENGLISH,
        FOREIGN,
        ENGLISH + FOREIGN,
        CODES,
        MOJIBAKE,
        [],
        ["Kết quả", "Müller"],
        ["Ghi chú", "café"],
        *[[text] for text in ENGLISH + FOREIGN + CODES + MOJIBAKE],
        *[["Company", text, "Long An Port Ltd"] for text in FOREIGN],
        *[["Tên công ty nước ngoài", text] for text in FOREIGN],
        ["Ðông Nam", "Ðà Lạt"],  # the letter eth, often typed for Đ
        ["Cong\xadnghe", "to\xadan"],  # soft hyphens of a web page
    ],
)
def test_unsure_means_none(column: list[str]) -> None:
    assert detect(column) is None


@pytest.mark.parametrize("encoding", Encoding)
def test_foreign_names_stay_in_any_column(encoding: Encoding) -> None:
    for text in ("Müller", "Citroën", "São Paulo", "Nestlé", "Crème brûlée", "Café Đông", "Straßenbau Weiß"):
        assert convert(text, encoding) == text


@given(st.lists(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=12).map(" ".join), max_size=8))
def test_random_unicode_syllables_are_no_evidence(sentences: list[str]) -> None:
    for column in (sentences, [text.title() for text in sentences], [text.upper() for text in sentences]):
        assert detect(column) is None


@pytest.mark.parametrize(("encoding", "encode"), [(TCVN3, to_tcvn3), (VNI, to_vni)])
def test_every_syllable_comes_back(encoding: Encoding, encode) -> None:
    for word in SYLLABLES:
        coded = encode(word)
        assert decode(coded, encoding) == word
        # What reads as Vietnamese before converting (Cá, Nói) is left alone without other evidence.
        assert convert(coded, encoding) in (word, unicodedata.normalize("NFC", coded))
    for word in SYLLABLES if encoding is VNI else []:
        assert decode(encode(word.title()), VNI) == word.title()
        assert decode(encode(word.upper()), VNI) == word.upper()


# A sign that stands alone (a bullet, ×, «) stays a sign: ã, ạ, ả, ì, ô, ữ as whole words are not mended.
SENTENCE = st.lists(st.sampled_from([w for w in SYLLABLES if w not in "ãạảìôữ"]), min_size=3, max_size=15)
TELLING = st.sampled_from(["công", "tây", "đường", "phần", "thương", "tiêu", "tân"])


@given(SENTENCE, TELLING, TELLING, st.sampled_from([(TCVN3, to_tcvn3), (VNI, to_vni)]))
def test_sentences_are_detected_and_come_back(words: list[str], first: str, second: str, how) -> None:
    """Two words that read wrong for sure are in; random syllables alone may be ambiguous throughout."""
    encoding, encode = how
    sentence = " ".join([first, *words, second])
    assume(first != second)
    assert detect([encode(sentence)]) is encoding
    assert convert(encode(sentence), encoding) == sentence


def test_every_syllable_comes_back_from_a_sentence() -> None:
    for word in SYLLABLES:
        for encoding, encode in ((TCVN3, to_tcvn3), (VNI, to_vni)):
            sentence = f"công {word} tiêu" if word not in "ãạảìôữ" else "công tiêu"
            assert convert(encode(sentence), encoding) == sentence


@pytest.mark.parametrize(("encoding", "encode"), [(TCVN3, to_tcvn3), (VNI, to_vni)])
def test_every_passage_sentence_comes_back(encoding: Encoding, encode) -> None:
    for sentence in (text[0] + text[1:].lower() for text in PASSAGE):
        if encoding is TCVN3:
            sentence = sentence.lower()
        assert detect([encode(sentence)]) is encoding
        assert convert(encode(sentence), encoding) == sentence


@given(st.text(max_size=60), st.sampled_from(Encoding))
def test_any_text_gives_nfc_and_ascii_passes(text: str, encoding: Encoding) -> None:
    once = convert(text, encoding)
    assert unicodedata.is_normalized("NFC", once)
    assert once == text or not text.isascii()


GOOD = "nghiêng khuỷu quyết giếng gì quốc hòa hoà thủy thuỷ uyên yêu ương đắk kế cát quý"
BAD = "thơng ká ce nghá bàt qoa aùn jang qúy gẻ tieng"


@pytest.mark.parametrize("word", GOOD.split(" "))
def test_syllables(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(word.upper())


@pytest.mark.parametrize("word", BAD.split(" "))
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_speed_on_plain_text() -> None:
    detect(["C«ng"])  # builds the syllable tables once
    columns = [
        [f"{PASSAGE[n % len(PASSAGE)]} {n}" for n in range(10_000)],
        [f"Công ty TNHH Bình An {n}" for n in range(10_000)],
        [f"Smith & Sons {n} Ltd" for n in range(10_000)],
    ]
    for column in columns:
        started = time.perf_counter()
        assert detect(column) is None
        assert time.perf_counter() - started < 0.5  # about 10 ms; the rest is for slow machines

"""What an evidence file must be: by content, cleaned or refused."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from hypothesis import example, given
from hypothesis import settings as run
from hypothesis import strategies as st
from PIL import Image

from programs.evidence.files import KINDS, NAME_LENGTH, clean_name, prepare
from tests.programs.evidence import hostile
from tests.programs.evidence.hostile import SOUND, office, packed_objects, pdf, picture, relations

HOSTILE = hostile.hostile()


def prepared(content, name="a.pdf"):
    upload = ContentFile(content)
    upload.name = name
    return prepare(upload, None)


def pixels(data) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", SOUND)
def test_sound_files_are_taken(kind):
    name, content = SOUND[kind]
    file = prepared(content, name)
    assert (file.kind, file.size) == (kind, len(file.read()))
    assert file.name == name.replace(".jpeg", ".jpg")


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_files_are_refused_or_inert(label):
    name, content, verdict = HOSTILE[label]
    if verdict == "refused":
        with pytest.raises(ValidationError) as refusal:
            prepared(content, name)
        (sentence,) = refusal.value.messages
        assert "hãy" in sentence.lower()
        return
    file = prepared(content, name)
    assert file.name.endswith(f".{file.kind}")
    assert not set(file.name) & set('/\\\0:"\u202e')
    stored = file.read()
    assert b"<script" not in stored
    assert b"PK\x03\x04" not in stored


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("too large", "lớn hơn 25 MiB"),
        ("html as pdf", "Chỉ nhận tệp PDF"),
        ("svg", "Chỉ nhận tệp PDF"),
        ("heic", "JPEG"),
        ("old word", "mật khẩu"),
        ("png of 900 megapixels", "quá 50 triệu điểm ảnh"),
        ("jpeg cut short", "bị hỏng hoặc tải chưa đủ"),
        ("pdf with packed script", "mã chạy"),
        ("docx with a macro", "macro"),
        ("docx bomb", "bung ra quá lớn"),
        ("docx with a foreign template", "tự gọi nội dung từ nơi khác"),
    ],
)
def test_a_refusal_says_why(label, says):
    name, content, _verdict = HOSTILE[label]
    with pytest.raises(ValidationError, match=says):
        prepared(content, name)


def test_a_picture_keeps_its_pixels_and_loses_the_rest():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Hãng máy ảnh"
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    source = picture(size=(60, 20), exif=exif, comment=b"mot loi nhan", icc_profile=b"mau")
    image = pixels(prepared(source).read())
    assert image.size == (20, 60)
    assert not dict(image.getexif())
    assert not {"comment", "icc_profile", "exif", "xmp"} & set(image.info)
    assert all(abs(is_ - was) < 6 for is_, was in zip(image.getpixel((3, 3)), (200, 30, 30), strict=True))


def test_a_transparent_png_stays_transparent():
    image = pixels(prepared(picture("PNG", mode="RGBA", colour=(9, 8, 7, 0))).read())
    assert (image.mode, image.getpixel((0, 0))) == ("RGBA", (9, 8, 7, 0))


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "I;16")])
def test_odd_modes_are_taken(kind, mode):
    colour = (1, 2, 3, 4) if mode == "CMYK" else 30_000 if mode == "I;16" else 7
    image = pixels(prepared(picture(kind, mode=mode, colour=colour)).read())
    assert image.size == (40, 30)
    if mode == "I;16":
        assert image.getpixel((0, 0)) == 30_000 // 256


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_is_made_smaller(kind):
    assert pixels(prepared(picture(kind, size=(6000, 1500))).read()).size == (4096, 1024)


def test_a_picture_that_takes_too_long_is_refused(settings):
    settings.PORTAL_EVIDENCE_IMAGE_SECONDS = 0.01
    with pytest.raises(ValidationError, match="quá phức tạp"):
        prepared(picture())


def test_a_picture_that_takes_too_much_is_refused(settings):
    settings.PORTAL_EVIDENCE_IMAGE_MEMORY_BYTES = 150 * 1024**2
    with pytest.raises(ValidationError, match="thu nhỏ"):
        prepared(picture("PNG", size=(7000, 7000)))


def test_what_offices_write_is_taken():
    """Links to click, workbooks behind charts, printers' settings, object streams, two ends of a PDF."""
    chart = {"word/embeddings/Microsoft_Excel_Sheet1.xlsx": office("xlsx")}
    link = {"word/_rels/document.xml.rels": relations("hyperlink", "https://x.example/")}
    printer = {"xl/printerSettings/printerSettings1.bin": b"\0" * 40, "xl/media/image1.svg": b"<svg/>"}
    assert prepared(office(parts=chart | link)).kind == "docx"
    assert prepared(office("xlsx", printer)).kind == "xlsx"
    assert prepared(packed_objects(b"1 0 <</Type/Catalog>>")).kind == "pdf"
    assert prepared(pdf() + b"2 0 obj\n<<>>\nendobj\n%%EOF\r\n\0").kind == "pdf"


def test_a_workbook_behind_a_chart_is_checked_like_the_file():
    macro = office("xlsx", {"xl/vbaProject.bin": b"x"})
    deeper = office("xlsx", {"xl/embeddings/a.xlsx": office("xlsx")})
    for inner in (macro, deeper):
        with pytest.raises(ValidationError, match="macro"):
            prepared(office(parts={"word/embeddings/a.xlsx": inner}))


def test_hostile_object_streams_cost_little():
    for body in (b"/ObjStm" * 500_000, b"/ObjStm stream\n" * 9_000):
        try:
            prepared(pdf(body))
        except ValidationError as refusal:
            assert "phức tạp" in str(refusal)


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("Công văn số 12.2024", "pdf", "Công văn số 12.2024.pdf"),
        ("ảnh.PNG", "jpg", "ảnh.jpg"),
        ("a.exe", "pdf", "a.exe.pdf"),
        ("Bie\u0302n ba\u0309n.pdf", "pdf", "Biên bản.pdf"),
        ("/a/../.pdf", "pdf", "minh-chung.pdf"),
        ("", "png", "minh-chung.png"),
        ("x" * 300 + ".docx", "docx", "x" * 195 + ".docx"),
    ],
)
def test_names(name, kind, kept):
    assert clean_name(name, kind) == kept


@given(st.text(max_size=400), st.sampled_from(sorted(KINDS)))
@example("0\r\U0001342f 0", "docx")
def test_any_name_becomes_a_plain_one(name, kind):
    kept = clean_name(name, kind)
    assert kept.endswith(f".{kind}")
    assert len(kept) <= NAME_LENGTH
    assert kept.isprintable()
    assert not set(kept) & set('/\\\0<>:"|?*\r\n\u202e')
    assert clean_name(kept, kind) == kept


def taken_or_refused(content):
    try:
        assert prepared(content).kind in KINDS
    except ValidationError as refusal:
        assert refusal.messages[0]


@given(st.one_of(st.just(b""), st.sampled_from([b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])), st.binary())
def test_random_bytes_are_taken_or_refused(head, rest):
    taken_or_refused(head + rest)


@given(st.sampled_from(["pdf", "docx", "xlsx"]), st.data())
def test_mutated_documents_are_taken_or_refused(kind, data):
    content = bytearray(SOUND[kind][1])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    taken_or_refused(bytes(content))


@run(max_examples=25, deadline=None)
@given(st.sampled_from(["jpg", "png"]), st.data())
def test_mutated_pictures_are_taken_or_refused(kind, data):
    content = bytearray(SOUND[kind][1])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(8, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    taken_or_refused(bytes(content))

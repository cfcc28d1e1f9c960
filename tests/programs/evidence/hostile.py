"""Sound evidence files, and hostile ones with what must become of them: "refused", or stored "inert"."""

import io
import struct
import zipfile
import zlib

from PIL import Image

MAIN = "application/vnd.openxmlformats-officedocument."
TYPES = {
    "docx": ("word/document.xml", MAIN + "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", MAIN + "spreadsheetml.sheet.main+xml"),
}
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WITH_MACROS = "application/vnd.ms-{}.macroEnabled.main+xml"
SCRIPT = b"<script>alert(1)</script>"


def pdf(body: bytes = b"<</Type/Catalog>>") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n" + body + b"\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"


def packed_objects(inside: bytes) -> bytes:
    """A PDF whose object stands in a deflated object stream, as most programs write them."""
    stream = zlib.compress(inside)
    return pdf(b"<</Type/ObjStm/Length %d>>\nstream\r\n" % len(stream) + stream + b"\nendstream")


def picture(kind: str = "JPEG", size=(40, 30), mode="RGB", colour=(200, 30, 30), **options) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, colour).save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("!L", len(body)) + name + body + struct.pack("!L", zlib.crc32(name + body))


def huge_png(side: int = 30_000) -> bytes:
    """900 megapixels in a hundred kilobytes."""
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(side // 8 + 1)) for _row in range(side)) + packer.flush()
    head = struct.pack("!LLBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def office(
    kind: str = "docx", parts: dict[str, bytes] | None = None, main_type: str = "", **defaults
) -> bytes:
    """A minimal package. `parts` are added; `defaults` are content types by suffix."""
    name, content_type = TYPES[kind]
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "text/xml",
        **defaults,
    }
    said = "".join(f'<Default Extension="{key}" ContentType="{value}"/>' for key, value in defaults.items())
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'{said}<Override PartName="/{name}" ContentType="{main_type or content_type}"/></Types>'
    )
    whole = {"[Content_Types].xml": types.encode(), "_rels/.rels": relations(), name: b"<document/>"}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in {**whole, **(parts or {})}.items():
            archive.writestr(part, content)
    return buffer.getvalue()


def relations(kind: str = "", target: str = "", mode: str = "External") -> bytes:
    one = (
        f'<Relationship Id="r1" Type="{RELATION}/{kind}" Target="{target}" TargetMode="{mode}"/>'
        if kind
        else ""
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{one}</Relationships>'.encode()


def archive_of(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


SOUND = {
    "pdf": ("Biên bản.pdf", pdf()),
    "jpg": ("Ảnh hội nghị.jpeg", picture()),
    "png": ("ảnh.png", picture("PNG", mode="RGBA", colour=(1, 2, 3, 4))),
    "docx": ("Báo cáo.docx", office()),
    "xlsx": ("Bảng.xlsx", office("xlsx")),
}

_GIF_JS = b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)//"
_ZIP = archive_of("a.html", SCRIPT)
_BOMB = {"word/media/a.bin": bytes(30 * 1024**2)}
_RELS = "word/_rels/document.xml.rels"


def hostile() -> dict[str, tuple[str, bytes, str]]:
    """Label → name, content, verdict."""
    jpeg, png = picture(size=(400, 300)), picture("PNG")
    broken = bytearray(png)
    broken[png.index(b"IDAT") + 6] ^= 0xFF
    wrong_sum = bytearray(png)
    wrong_sum[-6] ^= 0xFF
    refused = {
        "empty": ("trong.pdf", b" "),
        "too large": ("lon.pdf", pdf() + b"\n" * (25 * 1024**2) + b"%%EOF"),
        "html as pdf": ("a.pdf", b"<html>" + SCRIPT + b"</html>"),
        "svg": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        "svg as png": ("a.png", b'<?xml version="1.0"?><svg onload="alert(1)"/>'),
        "gif and script": ("a.jpg", _GIF_JS),
        "script": ("a.js", b"alert(1)"),
        "program": ("a.png", b"MZ\x90\0" + bytes(200)),
        "heic": ("IMG_1.HEIC", b"\0\0\0\x18ftypheic" + bytes(40)),
        "old word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        "zip": ("a.zip", _ZIP),
        "zip as docx": ("a.docx", _ZIP),
        "not a zip": ("a.docx", b"PK\x03\x04 not a document"),
        "pdf, page inside": ("a.pdf", b"%PDF-1.7\n" + SCRIPT + pdf()),
        "pdf, page appended": ("a.pdf", pdf() + b"<html>" + SCRIPT),
        "pdf, page before another end": ("a.pdf", pdf() + SCRIPT + b"\n%%EOF"),
        "pdf, zip appended": ("a.pdf", pdf() + _ZIP),
        "pdf not at the start": ("a.pdf", b"\n" + pdf()),
        "pdf cut short": ("a.pdf", pdf()[:-8]),
        "pdf with script": ("a.pdf", pdf(b"<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>")),
        "pdf with escaped script": ("a.pdf", pdf(b"<</OpenAction<</S/J#61vaScr#69pt/JS(1)>>>>")),
        "pdf with packed script": ("a.pdf", packed_objects(b"1 0 <</S/JavaScript/JS(app.alert(1))>>")),
        "pdf that launches": ("a.pdf", pdf(b"<</S/Launch/F(cmd.exe)>>")),
        "pdf with a file inside": ("a.pdf", pdf(b"<</Type/EmbeddedFile>>")),
        "png of 900 megapixels": ("a.png", huge_png()),
        "jpeg cut short": ("a.jpg", jpeg[: len(jpeg) // 2]),
        "jpeg head only": ("a.jpg", b"\xff\xd8\xff\xe0"),
        "png with wrong pixels": ("a.png", bytes(broken)),
        "png with a wrong checksum": ("a.png", bytes(wrong_sum)),
        "docx with a macro": ("a.docx", office(parts={"word/vbaProject.bin": b"x"})),
        "docm as docx": ("a.docx", office(main_type=WITH_MACROS.format("word.document"))),
        "xlsm as xlsx": ("a.xlsx", office("xlsx", main_type=WITH_MACROS.format("excel.sheet"))),
        "docx bomb": ("a.docx", office(parts=_BOMB)),
        "docx of many parts": ("a.docx", office(parts={f"word/{n}.xml": b"" for n in range(5001)})),
        "docx that climbs": ("a.docx", office(parts={"../../etc/cron.d/x": b"x"})),
        "docx with an absolute part": ("a.docx", office(parts={"/etc/passwd": b"x"})),
        "docx with a backslash": ("a.docx", office(parts={"..\\..\\x": b"x"})),
        "docx with a program": ("a.docx", office(parts={"word/media/image1.png": b"MZ\x90\0"})),
        "docx with a named program": ("a.docx", office(parts={"word/a.exe": b"x"})),
        "docx with an ole object": ("a.docx", office(parts={"word/embeddings/oleObject1.bin": b"x"})),
        "docx with a foreign template": (
            "a.docx",
            office(parts={_RELS: relations("attachedTemplate", "http://x.example/a.dotm")}),
        ),
        "docx with a web page": ("a.docx", office(parts={_RELS: relations("aFChunk", "a.xml", "Internal")})),
        "docx with entities": (
            "a.docx",
            office(parts={_RELS: b'<!DOCTYPE a [<!ENTITY b "c">]><Relationships>&b;</Relationships>'}),
        ),
        "docx with a document type": (
            "a.docx",
            office(parts={"word/styles.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")}),
        ),
        "docx with something behind": ("a.docx", office() + b"<html>" + SCRIPT),
        "docx cut short": ("a.docx", office()[:-30]),
        "xlsx with dde": (
            "a.xlsx",
            office("xlsx", {"xl/externalLinks/externalLink1.xml": b"<a><ddeLink/></a>"}),
        ),
    }  # fmt: skip
    inert = {
        "jpeg and zip": ("a.jpg", jpeg + _ZIP),
        "jpeg and page": ("a.html", jpeg + SCRIPT),
        "jpeg with a comment": ("a.jpg", picture(comment=SCRIPT)),
        "png and page": ("a.svg", png + SCRIPT),
        "path": ("../../etc/passwd", pdf()),
        "windows path": ("C:\\Windows\\x.pdf", pdf()),
        "nul": ("a\0.exe.pdf", pdf()),
        "reversed": ("a\u202efdp.exe", pdf()),
        "long": ("ệ" * 300 + ".pdf", pdf()),
        "only dots": ("...", pdf()),
        "quotes": ('"; filename="x.html.pdf', pdf()),
    }
    return {
        **{label: (*row, "refused") for label, row in refused.items()},
        **{label: (*row, "inert") for label, row in inert.items()},
    }

"""The picture that goes along when a page is shared: what it is about and where it stands today.

Drawn by the server from the portal's own fonts, so that it needs nothing from elsewhere; always of today.
"""

import hashlib
import io
from functools import cache, lru_cache

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.http import http_date
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from cooperation.models import CooperationArea
from cooperation.plans import plan_or_404
from programs.figures import area_progress, plan_progress
from programs.measures import STATUS_LABELS
from programs.templatetags.progress_display import points

SIZE = (1200, 630)
LONGEST_TITLE = 150  # letters; three lines of them fit
_SECONDS = 3600
_MARGIN = 72
_PAPER, _INK, _SOFT = "#fbfaf6", "#1c2430", "#56606e"
_BRAND, _TRACK, _VALUE = "#12495a", "#e4e1d6", "#1f6f80"
_FONTS = settings.BASE_DIR / "static" / "fonts" / "be-vietnam-pro"


def share_picture(request, plan=None, number=None):
    """A PNG of a plan, or of one of its areas. Kept for an hour by whoever asks, and by this process."""
    plan, today = plan_or_404(plan), localdate()
    if number is None:
        head = plan_progress(plan, today).headline
        title, value = plan.title, head.value
        note = _("trên %(k)s/%(n)s lĩnh vực") % {"k": head.with_value, "n": head.areas}
    else:
        area = CooperationArea.objects.published().filter(plan=plan, number=number).first()
        if area is None:
            raise Http404(_("Kế hoạch không có lĩnh vực số %(number)s.") % {"number": number})
        area.plan = plan
        figure = area_progress(area, today).figure
        title, value, note = f"{area.number}. {area.title}", figure.value, str(STATUS_LABELS[figure.status])
    foot = f"{today:%d/%m/%Y}"
    if plan.is_demonstration:
        foot = _("Dữ liệu minh họa · %(day)s") % {"day": foot}
    png = drawn(title, None if value is None else float(value), points(value), note, foot)
    response = HttpResponse(png, content_type="image/png")
    response["Cache-Control"] = f"public, max-age={_SECONDS}"
    response["Expires"] = http_date(now().timestamp() + _SECONDS)
    response["ETag"] = f'"{hashlib.sha256(png).hexdigest()[:32]}"'
    return response


@lru_cache(maxsize=64)
def drawn(title: str, value: float | None, figure: str, note: str, foot: str) -> bytes:
    """Return the PNG; a handful of colours, so a few dozen kilobytes."""
    picture = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, SIZE[0], 92), fill=_BRAND)
    _write(pen, (_MARGIN, 62), "Liên Tịch", 38, "600", "#ffffff")
    _write(pen, (SIZE[0] - _MARGIN - _width(foot, 28, "400"), 60), foot, 28, "400", "#ffffff")
    short = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"
    for place, line in enumerate(_lines(short, 46, "600", SIZE[0] - 2 * _MARGIN)):
        _write(pen, (_MARGIN, 178 + 62 * place), line, 46, "600", _INK)
    left = _MARGIN
    if value is not None:
        _write(pen, (left, 500), f"{figure} %", 120, "600", _BRAND)
        left += _width(f"{figure} %", 120, "600") + 32
    _write(pen, (left, 500), note, 40, "400", _SOFT)
    bar = (_MARGIN, 548, SIZE[0] - _MARGIN, 576)
    pen.rectangle(bar, fill=_TRACK)
    if value:
        pen.rectangle((*bar[:2], bar[0] + round((bar[2] - bar[0]) * value / 100), bar[3]), fill=_VALUE)
    out = io.BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def _font(letters: str, weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"be-vietnam-pro-{letters}-{weight}-normal.woff2", size)


def _runs(text: str, size: int, weight: str):
    """Yield (piece, font): the letters of Vietnamese stand in a file of their own."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or _set_of(text[end]) != _set_of(text[start]):
            yield text[start:end], _font(_set_of(text[start]), weight, size)
            start = end


def _set_of(letter: str) -> str:
    code = ord(letter)
    return "latin" if code <= 0xFF or 0x2000 <= code <= 0x206F else "vietnamese"


def _width(text: str, size: int, weight: str) -> float:
    return sum(font.getlength(piece) for piece, font in _runs(text, size, weight))


def _write(pen, at, text: str, size: int, weight: str, ink: str) -> None:
    left, base = at
    for piece, font in _runs(text, size, weight):
        pen.text((left, base), piece, font=font, fill=ink, anchor="ls")
        left += font.getlength(piece)


def _lines(text: str, size: int, weight: str, width: float) -> list[str]:
    """At most three lines of whole words; what is left is cut off with an ellipsis."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or _width(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > 3:
        lines = [*lines[:2], f"{lines[2]} …"]
    return lines

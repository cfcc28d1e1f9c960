"""Pictures are decoded and written anew in a child process: nothing but their pixels gets through.

EXIF (where and with what it was taken), comments, colour profiles and whatever stands behind the picture's
end are gone; the turn that EXIF asked for has been made.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CHILD = Path(__file__).with_name("image_child.py")


def encoded_again(data: bytes, kind: str) -> bytes:
    """Return the picture's pixels as a new file of the same kind. Raises ValidationError."""
    seconds = settings.PORTAL_EVIDENCE_IMAGE_SECONDS
    job = {
        "format": "JPEG" if kind == "jpg" else "PNG",
        "pixels": settings.PORTAL_EVIDENCE_IMAGE_PIXELS,
        "side": settings.PORTAL_EVIDENCE_IMAGE_SIDE,
        "seconds": math.ceil(seconds),
        "process": {
            "RLIMIT_AS": settings.PORTAL_EVIDENCE_IMAGE_MEMORY_BYTES,
            "RLIMIT_CPU": math.ceil(seconds),
            "RLIMIT_FSIZE": settings.PORTAL_EVIDENCE_MAX_BYTES,
            "RLIMIT_CORE": 0,
            "RLIMIT_NOFILE": 16,
        },
    }
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.write(data)
        source.seek(0)
        try:
            child = subprocess.run(  # noqa: S603 - our own program; nothing of the file is in the command
                [sys.executable, "-I", "-X", "utf8", str(CHILD), json.dumps(job)],
                stdin=source,
                stdout=target,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={key: os.environ[key] for key in ("LD_LIBRARY_PATH",) if key in os.environ},
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise ValidationError(_refusal(5)) from late
        if child.returncode != 0:
            raise ValidationError(_refusal(child.returncode))
        target.seek(0)
        if not (fresh := target.read()):
            raise ValidationError(_refusal(4))
        return fresh


def _refusal(code: int) -> str:
    """The sentence for the exit status (image_child.Refusal); a negative one is a signal."""
    if code == 3:
        return _("Ảnh lớn quá %(limit)s triệu điểm ảnh: hãy thu nhỏ ảnh rồi gửi lại.") % {
            "limit": settings.PORTAL_EVIDENCE_IMAGE_PIXELS // 1_000_000
        }
    if code < 0 or code == 5:
        return _("Ảnh quá lớn hoặc quá phức tạp: hãy thu nhỏ hoặc lưu lại thành JPEG rồi gửi lại.")
    return _("Ảnh bị hỏng hoặc tải chưa đủ: hãy chụp lại, hoặc mở ảnh rồi lưu lại thành JPEG.")

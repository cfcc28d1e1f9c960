"""Asks clamd for viruses (INSTREAM), where PORTAL_CLAMD names its socket ("/path" or "host:port")."""

import hashlib
import logging
import socket
import struct
import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_log = logging.getLogger(__name__)
_PIECE = 1 << 16
_MAX_ANSWER = 4096


def require_clean(data: bytes) -> None:
    """Raise ValidationError where a virus is found, or where nobody could look and that is not optional."""
    address = settings.PORTAL_CLAMD
    if not address:
        return
    try:
        answer = _ask(address, data, settings.PORTAL_CLAMD_SECONDS)
    except OSError as fault:
        answer = f"no answer: {fault}"
    verdict = answer.strip("\0\r\n ")
    if verdict.endswith("FOUND"):
        _log.warning("evidence refused: %r, sha256 %s", verdict[:200], hashlib.sha256(data).hexdigest())
        raise ValidationError(
            _("Phần mềm quét vi-rút không cho qua tệp này: hãy quét máy của bạn và dùng tệp khác.")
        )
    if verdict.endswith(": OK"):
        return
    _log.error("clamd did not scan: %r", verdict[:200])
    if not settings.PORTAL_CLAMD_OPTIONAL:
        raise ValidationError(_("Chưa quét được vi-rút, hãy thử lại sau; nếu vẫn vậy, hãy báo quản trị."))


def _ask(address: str, data: bytes, seconds: float) -> str:
    """clamd's answer to one stream. Raises OSError; the time is for the whole exchange."""
    until = time.monotonic() + seconds
    with _connect(address, seconds) as link:

        def wait() -> None:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError("clamd is slow")
            link.settimeout(left)

        answer = b""
        try:
            link.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), _PIECE):
                wait()
                piece = data[start : start + _PIECE]
                link.sendall(struct.pack("!L", len(piece)) + piece)
            link.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):  # it answers early where the stream is too long
            pass
        while b"\0" not in answer and len(answer) < _MAX_ANSWER:
            wait()
            piece = link.recv(_MAX_ANSWER)
            if not piece:
                break
            answer += piece
    return answer.decode("utf-8", "replace")


def _connect(address: str, seconds: float) -> socket.socket:
    if not address.startswith("/"):
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), seconds)
    link = socket.socket(socket.AF_UNIX)
    try:
        link.settimeout(seconds)
        link.connect(address)
    except BaseException:
        link.close()
        raise
    return link

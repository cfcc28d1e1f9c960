"""clamd: asked over its socket; what it finds is refused, and so is what nobody could scan."""

import logging
import socket
import struct
import threading
import time
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError

from programs.evidence.scanner import require_clean

VIRUS = b"X5O-LIKE-TEST-VIRUS"


def _read(link, size):
    data = b""
    while len(data) < size:
        piece = link.recv(size - len(data))
        if not piece:
            raise ConnectionError
        data += piece
    return data


def _answer(link, mode):
    assert _read(link, 10) == b"zINSTREAM\0"
    if mode == "slow":
        time.sleep(1)
        return
    if mode == "dead":
        return
    if mode == "limit":
        link.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        return
    data = b""
    while size := struct.unpack("!L", _read(link, 4))[0]:
        data += _read(link, size)
    link.sendall(b"stream: Test.Virus FOUND\0" if VIRUS in data else b"stream: OK\0")


@contextmanager
def clamd(server, mode):
    """Answers one stream."""

    def serve():
        try:
            link, _address = server.accept()
            with link:
                _answer(link, mode)
        except OSError:
            pass

    server.settimeout(5)
    server.listen()
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        thread.join()
        server.close()


@pytest.fixture(params=["unix", "tcp"])
def server(request, settings, tmp_path):
    settings.PORTAL_CLAMD_SECONDS = 3
    if request.param == "tcp":
        found = socket.create_server(("127.0.0.1", 0))
        settings.PORTAL_CLAMD = f"127.0.0.1:{found.getsockname()[1]}"
    else:
        found = socket.socket(socket.AF_UNIX)
        settings.PORTAL_CLAMD = str(tmp_path / "clamd.ctl")
        found.bind(settings.PORTAL_CLAMD)
    return found


def test_a_clean_file_passes(server):
    with clamd(server, "works"):
        require_clean(b"a" * 300_000)


def test_a_virus_is_refused_and_logged(server, caplog):
    with clamd(server, "works"), pytest.raises(ValidationError, match="không cho qua"):
        require_clean(b"a" * 70_000 + VIRUS)
    assert "Test.Virus FOUND" in caplog.text


@pytest.mark.parametrize("mode", ["slow", "dead", "limit"])
def test_what_was_not_scanned_is_refused(server, settings, caplog, mode):
    settings.PORTAL_CLAMD_SECONDS = 0.4
    with clamd(server, mode), pytest.raises(ValidationError, match="Chưa quét được vi-rút, hãy thử lại sau"):
        require_clean(b"a" * 5_000_000)
    assert caplog.records[0].levelno == logging.ERROR


@pytest.mark.parametrize("address", ["/khong/co/clamd.ctl", "127.0.0.1:1"])
def test_a_scanner_that_is_down(settings, address):
    settings.PORTAL_CLAMD = address
    with pytest.raises(ValidationError, match="Chưa quét được"):
        require_clean(b"a")
    settings.PORTAL_CLAMD_OPTIONAL = True
    require_clean(b"a")


def test_without_a_scanner_nothing_is_asked(settings):
    settings.PORTAL_CLAMD = ""
    require_clean(VIRUS)

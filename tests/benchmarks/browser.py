"""A browser for measuring: cookies, forms, redirects, and how long every answer took."""

import http.cookiejar
import re
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter


class Browser:
    """Cookies, forms and redirects, no more."""

    def __init__(self, address: str):
        self.address = address
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        self.slowest = 0.0
        self.statuses: Counter = Counter()

    def get(self, address: str, data: bytes | None = None, kind: str = "") -> tuple[str, str]:
        """(final address, page)."""
        request = urllib.request.Request(address, data=data)
        request.add_header("Referer", self.address)
        if kind:
            request.add_header("Content-Type", kind)
        began = time.monotonic()
        try:
            with self.opener.open(request, timeout=60) as answer:
                page, status, at = answer.read().decode(), answer.status, answer.url
        except urllib.error.HTTPError as refusal:
            page, status, at = refusal.read().decode(errors="replace"), refusal.code, address
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.statuses[status] += 1
        return at, page

    def post(self, address: str, page: str, fields: dict, file: tuple[str, bytes] | None = None):
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        border = uuid.uuid4().hex
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {**fields, "csrfmiddlewaretoken": token}.items()
        ]
        if file:
            head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{file[0]}"\r\n\r\n'
            parts += [head.encode(), file[1], b"\r\n"]
        body = b"".join([*parts, f"--{border}--\r\n".encode()])
        return self.get(address, body, f"multipart/form-data; boundary={border}")

    def sign_in(self, username: str, password: str) -> None:
        address = f"{self.address}/admin/login/?next=/admin/"
        _at, page = self.get(address)
        self.post(address, page, {"username": username, "password": password})

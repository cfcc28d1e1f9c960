"""Send hostile evidence files over the admin's form of a real server: refused, or stored inert.

    python -m tests.benchmarks.attack_evidence [--rounds 3] [--postgresql]

The files of tests/programs/evidence/hostile.py, sound ones among them, and a request that promises 2 GiB.
What is stored is fetched again and looked at. Prints one line; exit 1 on a status ≥ 500, a dead worker, a
wrong verdict, a file without a row, or a server that does not answer at the end.
"""

import argparse
import json
import re
import socket
import sys
import uuid
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

from tests.benchmarks.browser import Browser
from tests.benchmarks.own_portal import own_portal, prepare, served
from tests.programs.evidence.hostile import SOUND, hostile

PORT = 8397
ADDRESS = f"http://127.0.0.1:{PORT}"
USERNAME, PASSWORD = "can-bo-thu", "mot-mat-khau-de-thu"
HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}


class Form(HTMLParser):
    """What a browser would send of the activity's form."""

    def __init__(self, page: str):
        super().__init__()
        self.fields, self.inside, self.area, self.select = {}, False, "", ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        name = said.get("name") or ""
        if tag == "form":
            self.inside = said.get("id") == "activity_form"
        if tag == "select":
            self.select = ""  # the options of one that is left out are nobody's
        if not self.inside or "__prefix__" in name:
            return
        kind = said.get("type", "text")
        ticked = kind not in ("checkbox", "radio") or "checked" in said
        if tag == "input" and name and kind not in ("file", "submit", "button") and ticked:
            self.fields[name] = said.get("value") or ("on" if kind == "checkbox" else "")
        elif tag == "textarea":
            self.area = name
            self.fields[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in said and self.select:
            self.fields[self.select] = said.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.area = ""

    def handle_data(self, data):
        if self.area:
            self.fields[self.area] += data.removeprefix("\n")


def body_of(fields: dict, file_field: str, name: str, content: bytes) -> tuple[bytes, str]:
    """The name goes out as it is: a hostile client escapes nothing but line ends."""
    border = uuid.uuid4().hex
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--{border}\r\nContent-Disposition: form-data; name="{file_field}"; filename="'
    parts += [head.encode(), name.encode(), b'"\r\nContent-Type: text/html\r\n\r\n', content, b"\r\n"]
    return b"".join([*parts, f"--{border}--\r\n".encode()]), f"multipart/form-data; boundary={border}"


def send(browser: Browser, page: str, address: str, name: str, content: bytes) -> tuple[str, str]:
    fields = Form(page).fields
    number = int(fields["evidence-TOTAL_FORMS"])
    fields |= {"evidence-TOTAL_FORMS": number + 1, f"evidence-{number}-title": "Thử", "_continue": "1"}
    return browser.get(address, *body_of(fields, f"evidence-{number}-file", name, content))


def is_inert(browser: Browser, row) -> bool:
    with browser.opener.open(f"{ADDRESS}/minh-chung/{row.uuid}/", timeout=60) as answer:
        content, said = answer.read(), answer.headers
    shown = said["Content-Disposition"].startswith("inline")
    return (
        all(said[key] == value for key, value in HEADERS.items())
        and "sandbox" in said["Content-Security-Policy"]
        and (not shown or said["Content-Type"] in ("image/jpeg", "image/png"))
        and len(content) == row.size
        and not re.search(rb"<script|PK\x03\x04.*<script", content)
        and re.fullmatch(r'[^/\\\0"\r\n]+\.(pdf|jpg|png|docx|xlsx)', row.file_name) is not None
    )


def promise(length: int) -> int:
    """The status that answers a body of that length of which nothing is sent."""
    with socket.create_connection(("127.0.0.1", PORT), 20) as link:
        head = f"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n"
        link.sendall(head.encode())
        return int(link.recv(100).split()[1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args()
    with own_portal(PORT, postgresql=options.postgresql) as folder:
        return _run(options, folder)


def _run(options, folder: Path) -> int:
    from cooperation.roles import sync_roles  # noqa: PLC0415 - needs Django set up
    from programs.models import Evidence  # noqa: PLC0415
    from tests.factories import make_activity, make_agency, make_user  # noqa: PLC0415

    prepare()
    sync_roles()
    office = make_agency()
    make_user(USERNAME, agency=office, role="Chuyên viên", password=PASSWORD)
    files = {
        **hostile(),
        **{f"sound {kind}": (*row, "stored") for kind, row in SOUND.items()},
    }
    outcomes, wrong = Counter(), []
    with served(folder / "log"):
        browser = Browser(ADDRESS)
        browser.sign_in(USERNAME, PASSWORD)
        for _round in range(options.rounds):
            activity = make_activity(lead_agency=office)
            address = f"{ADDRESS}/admin/programs/activity/{activity.pk}/change/"
            for label, (name, content, verdict) in files.items():
                before = Evidence.objects.count()
                send(browser, browser.get(address)[1], address, name, content)
                if Evidence.objects.count() == before:
                    outcome = "refused"
                else:
                    outcome = "stored" if verdict == "stored" else "inert"
                    if not is_inert(browser, Evidence.objects.latest("pk")):
                        outcome = "harmful"
                outcomes[outcome] += 1
                if outcome != verdict:
                    wrong.append(f"{label}: {outcome}")
        promised = promise(2 * 1024**3)
        alive = browser.get(f"{ADDRESS}/admin/")[0] == f"{ADDRESS}/admin/"
    kept = len(list((folder / "media" / "evidence").iterdir()))
    orphans = kept - Evidence.objects.exclude(file="").count()
    log = (folder / "log").read_text(errors="replace")
    deaths = log.count("WORKER TIMEOUT") + log.count("was sent SIG")
    failures = sum(count for status, count in browser.statuses.items() if status >= 500)
    print(
        f"{outcomes.total()} files: {outcomes['refused']} refused, {outcomes['inert']} stored inert, "
        f"{outcomes['stored']} sound ones stored, {len(wrong)} wrong verdicts, "
        f"{orphans} files without a row; "
        f"2 GiB promised: {promised}; statuses {json.dumps(dict(browser.statuses))}, {failures} of 500 and "
        f"above, {deaths} dead workers, slowest answer {browser.slowest:.1f} s, "
        f"server {'alive' if alive else 'DEAD'}"
    )
    for line in wrong:
        print(f"  {line}")
    return 1 if failures or deaths or wrong or orphans or promised != 413 or not alive else 0


if __name__ == "__main__":
    sys.exit(main())

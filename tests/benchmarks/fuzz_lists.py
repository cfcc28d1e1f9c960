"""10,000 made-up query strings over every list, its files and the search, at 20,000 activities and more.

`python -m tests.benchmarks.fuzz_lists [--postgresql]`: no answer of 500 or more, and none slower than a
second. What was slow is asked again, up to three times: a noisy machine is not the portal. Exits with 1
where either is broken.
"""

import argparse
import random
import time
from collections import Counter
from urllib.parse import quote, urlencode

from tests.benchmarks.own_portal import own_portal

LISTS = {
    "/hoat-dong/": ("tim", "linh_vuc", "tinh_trang", "co_quan", "nam", "sap_xep", "as_of", "so_voi"),
    "/chuong-trinh/": ("tim", "linh_vuc", "sap_xep"),
    "/ban-ghi-nho/": ("tim", "linh_vuc", "tinh_trang", "nam", "sap_xep"),
    "/doanh-nghiep/": ("tim", "tinh", "sap_xep"),
    "/co-quan/": ("tim", "loai", "tinh", "sap_xep"),
    "/thoa-thuan/": ("tim", "cap", "tinh", "nam", "sap_xep"),
    "/nguon/": ("tim", "muc_doc", "nam", "sap_xep"),
    "/ke-hoach/": ("page",),
    "/tim/": ("tim", "loai", "ke_hoach"),
}
VALID = {
    "tim": ("đào tạo", "hội chợ", "nông sản", "thu", "xã", "LON-0000777", "công ty", "đợt 12"),
    "linh_vuc": ("1", "5", "12"),
    "tinh_trang": ("planned", "completed", "in_progress", "signed", "expired"),
    "nam": ("2019", "2021", "2025"),
    "sap_xep": ("ten", "han", "moi", "cu", "linh-vuc", "tinh", "loai", "noi-dang"),
    "loai": ("so", "phong", "hoat-dong", "ban-ghi-nho", "van-ban"),
    "cap": ("ubnd", "so"),
    "muc_doc": ("full",),
    "as_of": ("2022-12-31", "2020-06-30"),
    "so_voi": ("2021-12-31",),
}
HOSTILE = (
    "", " ", "\x00", "a\x00b", "'", '"', "' OR 1=1 --", "AND", "NEAR(a b)", "*", "-", "(", "%", "_", "\\",
    "cho*", "99999999999999999999", "-1", "0", "1e400", "NaN", "٣", "²", "2022-02-30", "9999-12-31",
    "0001-01-01", "31/12/2022", "\u202e", "\ud800", "😀", "漢字", "ể" * 200, "a" * 5_000,
    "9" * 5_000, "[]", "{}", "null",
    "<script>", "../../etc/passwd", "%00", "%ff", "+", "a b c d e f g h i j k l m n o p q r s t u v x y",
)  # fmt: skip
FILES = ("csv", "xlsx", "ods", "json")


def query_string(chance: random.Random, names: tuple[str, ...]) -> str:
    """Valid, half valid or hostile: known names with any value, unknown names, arrays, one name twice."""
    if chance.random() < 0.02:
        return "".join(chr(chance.randrange(33, 127)) for _n in range(chance.randrange(1, 200)))
    pairs = []
    for _n in range(chance.randrange(0, 6)):
        name = chance.choice(names)
        known = VALID.get(name, ())
        value = chance.choice(known) if known and chance.random() < 0.6 else chance.choice(HOSTILE)
        if (kind := chance.random()) < 0.05:
            name = f"{name}[]"
        elif kind < 0.08:
            name = f"{name}[a][b]"
        elif kind < 0.12:
            name = chance.choice(HOSTILE)[:60]
        pairs.append((name, value))
    if chance.random() < 0.3:
        pages = ("2", "99999", "-1", "0", "abc", "9" * 400, "1e9", "", "\x00")
        pairs.append(("page", chance.choice(pages)))
    if chance.random() < 0.12:
        pairs.append(("dinh_dang", chance.choice((*FILES, *FILES, "exe", "", "\x00"))))
    encode = [
        (name.encode("utf-8", "surrogatepass"), value.encode("utf-8", "surrogatepass"))
        for name, value in pairs
    ]
    text = urlencode(encode, quote_via=quote)
    return text if chance.random() < 0.95 else text.replace("%", "%%", 1)


def ask(client, address: str) -> tuple[int, float]:
    started = time.perf_counter()
    answer = client.get(address)
    # Whole, as a reader waits for it.
    _content = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, time.perf_counter() - started


def fuzz(count: int, records: int, seed: int) -> bool:
    """Print what came of it; True where nothing failed and nothing was slow."""
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up
    from django.test import Client  # noqa: PLC0415

    from tests.benchmarks.many_records import many_records  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    plan = many_records(records)
    VALID["co_quan"] = tuple(plan.areas.values_list("activities__lead_agency__slug", flat=True)[:3])
    VALID["ke_hoach"] = (plan.slug,)
    chance, client = random.Random(seed), Client(raise_request_exception=False, SERVER_NAME="localhost")
    statuses, times, failed, slow = Counter(), [], [], []
    prefixes = ("", f"/ke-hoach/{plan.slug}")
    for _n in range(count):
        path, names = chance.choice(list(LISTS.items()))
        if path in ("/hoat-dong/", "/chuong-trinh/", "/ban-ghi-nho/", "/doanh-nghiep/"):
            path = chance.choice(prefixes) + path
        address = f"{path}?{query_string(chance, names)}"
        status, seconds = ask(client, address)
        for _again in range(3):
            if seconds > 1:
                seconds = min(seconds, ask(client, address)[1])
        statuses[status] += 1
        times.append(seconds)
        if status >= 500:
            failed.append(address)
        if seconds > 1:
            slow.append((seconds, address))
    times.sort()
    print(f"{count} addresses at {records} records, seed {seed}: statuses {dict(statuses)}")
    half, most = times[len(times) // 2], times[len(times) * 95 // 100]
    print(f"slowest {times[-1]:.3f} s, 95 % within {most:.3f} s, half within {half:.3f} s")
    for address in failed[:10]:
        print("FAILED", address[:300])
    for seconds, address in sorted(slow, reverse=True)[:10]:
        print(f"SLOW {seconds:.2f} s", address[:300])
    # Refused all alike would mean that nothing was asked at all.
    return not failed and not slow and statuses[200] > count * 0.9


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--records", type=int, default=34_000, help="60 of 100 are activities")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with own_portal(postgresql=asked.postgresql):
        right = fuzz(asked.count, asked.records, asked.seed)
    if not right:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

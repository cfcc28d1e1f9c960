"""The second factor: one-time codes of a phone (TOTP, RFC 6238), and recovery codes for a lost phone."""

import re
from base64 import b32encode
from binascii import unhexlify
from typing import NamedTuple

import django_otp
import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from cooperation.models import User
from cooperation.permissions import KEEPS_ACCOUNTS, RUNS_THE_SYSTEM

SECOND_FACTOR_ROLES = ("Người duyệt", KEEPS_ACCOUNTS, RUNS_THE_SYSTEM)
RECOVERY_CODES = 10
_GAPS = re.compile(r"[\s.\-]+")


class Offer(NamedTuple):
    """What a phone needs to take the key: a picture to scan, the letters to type."""

    picture: str
    letters: str


def has_second_factor(user) -> bool:
    if not hasattr(user, "has_second_factor"):
        return TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    return user.has_second_factor


def is_required(user) -> bool:
    """True where the portal's setting asks this user for a second factor."""
    if not settings.PORTAL_REQUIRE_SECOND_FACTOR:
        return False
    if user.is_superuser:
        return True
    if not hasattr(user, "holds_a_key"):
        return user.groups.filter(name__in=SECOND_FACTOR_ROLES).exists()
    return user.holds_a_key


def new_key() -> str:
    return random_hex(20)


def offer(user, key: str) -> Offer:
    address = TOTPDevice(user=user, key=key).config_url
    letters = b32encode(unhexlify(key)).decode()
    picture = segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4, light="#fff")
    return Offer(picture, " ".join(letters[at : at + 4] for at in range(0, len(letters), 4)))


def turn_on(request, key: str, code: str) -> list[str] | None:
    """Keep the key if the phone that took it says the right code. Returns the recovery codes."""
    user = request.user
    code = _GAPS.sub("", code)
    totp = TOTP(unhexlify(key))
    totp.time = timezone.now().timestamp()
    if not code.isdecimal() or not totp.verify(int(code), tolerance=1):
        return None
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
            return None
        turn_off(user)
        device = TOTPDevice.objects.create(
            user=user, key=key, name="phone", last_t=totp.t(), drift=totp.drift
        )
        codes = _make_codes(user)
    request.session.cycle_key()
    django_otp.login(request, device)
    return codes


def turn_off(user) -> bool:
    """Forget phone and recovery codes. True where there were any."""
    with transaction.atomic():
        codes, _kinds = StaticDevice.objects.filter(user=user).delete()
        phones, _kinds = TOTPDevice.objects.filter(user=user).delete()
    return bool(codes or phones)


def renew_codes(user) -> list[str]:
    """New recovery codes; the old ones are worth nothing from now on."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        return _make_codes(user)


def _make_codes(user) -> list[str]:
    device, _made = StaticDevice.objects.get_or_create(user=user, defaults={"name": "recovery"})
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _n in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def codes_left(user) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def check(request, code: str) -> str:
    """Mark this session as verified; otherwise return the sentence that says why not.

    A device answers a wrong code with a delay that doubles each time (django-otp), in the database.
    """
    code = _GAPS.sub("", code).lower()
    model = TOTPDevice if code.isdecimal() else StaticDevice
    with transaction.atomic():
        # Locked, so that of many guesses at once each finds the failures of those before it.
        device = model.objects.select_for_update().filter(user=request.user, confirmed=True).first()
        if device is None:
            return _("Mã không đúng. Hãy nhập 6 chữ số đang hiện trên điện thoại, hoặc một mã dự phòng.")
        allowed, why = device.verify_is_allowed()
        if not allowed:
            seconds = max(1, round((why["locked_until"] - timezone.now()).total_seconds()))
            return _("Đã sai nhiều lần: hãy đợi %(seconds)s giây rồi nhập mã mới.") % {"seconds": seconds}
        if not device.verify_token(code):
            return _("Mã không đúng hoặc đã dùng rồi. Hãy đợi mã mới hiện trên điện thoại rồi nhập lại.")
    request.session.cycle_key()
    django_otp.login(request, device)
    return ""

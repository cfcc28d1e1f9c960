"""Production: everything secret or particular comes from the environment, and a gap stops the start."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import SettingFault, env


def _required(name: str, advice: str) -> str:
    value = env.str(name, "").strip()
    if not value:
        raise SettingFault(f"Thiếu {name}: {advice}")
    return value


SECRET_KEY = _required("SECRET_KEY", "hãy đặt một chuỗi ngẫu nhiên từ 50 ký tự, giữ kín và không đổi.")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
    raise SettingFault("SECRET_KEY quá yếu: hãy đặt một chuỗi ngẫu nhiên từ 50 ký tự.")
if not _required(
    "DATABASE_URL", "hãy đặt địa chỉ PostgreSQL, dạng postgres://người:mật-khẩu@máy/csdl."
).startswith(("postgres://", "postgresql://")):
    raise SettingFault("DATABASE_URL không phải PostgreSQL: khi dùng thật, cổng chạy trên PostgreSQL.")
ALLOWED_HOSTS = [
    host.strip()
    for host in _required(
        "PORTAL_ALLOWED_HOSTS", "hãy ghi tên miền của cổng, cách nhau bằng dấu phẩy."
    ).split(",")
]
if "*" in ALLOWED_HOSTS:
    raise SettingFault("PORTAL_ALLOWED_HOSTS không được là *: hãy ghi đúng tên miền của cổng.")

PORTAL_BASE_URL = env.str("PORTAL_BASE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}").rstrip("/")
if not PORTAL_BASE_URL.startswith("https://"):
    raise SettingFault("PORTAL_BASE_URL phải bắt đầu bằng https://: đó là phần đầu của liên kết trong thư.")

DEBUG = False
CSRF_TRUSTED_ORIGINS = [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS]
SECURE_SSL_REDIRECT = env.bool("PORTAL_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("PORTAL_BEHIND_PROXY", False) else None
)
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
PORTAL_DEMONSTRATION = False

# What goes wrong is written to standard error, where the service manager keeps it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}

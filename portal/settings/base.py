"""Settings common to all: development, tests and production differ only in their own small files."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.templatetags.static import static
from django.urls import reverse_lazy
from environs import Env


class SettingFault(SystemExit):
    """Stops the start with one sentence of advice and no traceback."""


env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.str("PORTAL_VAR_DIR", str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.simple_history",
    "unfold.contrib.import_export",
    "django_tasks",
    "django_tasks_db",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "portal",
    "enterprises",
    "programs",
    "cooperation",
    "simple_history",
    "import_export",
    "django_filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.PublicGZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.AdminPolicyMiddleware",
    "programs.evidence.uploads.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cooperation.accounts.sessions.SessionLimitMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "cooperation.accounts.duties.DutyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.menu.staff",
            ],
        },
    }
]

# SQLite in var/ by default; PostgreSQL by DATABASE_URL. A transaction takes SQLite's write lock at its
# start, because one that reads first and writes later fails at once under concurrent writers.
_DATABASE_URL = env.str("DATABASE_URL", "") or f"sqlite:///{VAR_DIR / 'portal.sqlite3'}"
try:
    DATABASES = {"default": dj_database_url.parse(_DATABASE_URL, conn_max_age=600, conn_health_checks=True)}
except ValueError as fault:
    raise SettingFault(
        "Không đọc được DATABASE_URL: hãy ghi dạng postgres://người:mật-khẩu@máy/csdl, hoặc bỏ trống."
    ) from fault
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32768; "
            "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "cooperation.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "cooperation.accounts.backend.StaffBackend",
]

# Wrong passwords: by account alone, whatever address or browser they come from (accounts/throttle.py).
AXES_HANDLER = "cooperation.accounts.throttle.Handler"
AXES_USERNAME_CALLABLE = "cooperation.accounts.throttle.username_of"
AXES_CLIENT_IP_CALLABLE = "cooperation.accounts.throttle.remote_address"
AXES_LOCKOUT_CALLABLE = "cooperation.accounts.throttle.lockout_response"
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=env.float("PORTAL_LOGIN_LOCK_MINUTES", 15))
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Asks to lock by address too: behind an agency's router that would lock out all who work there.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

# The second factor, and the roles that must have one where this is set (accounts/second_factor.py).
PORTAL_REQUIRE_SECOND_FACTOR = env.bool("PORTAL_REQUIRE_SECOND_FACTOR", False)
OTP_TOTP_ISSUER = "Liên Tịch"

PORTAL_SESSION_IDLE_MINUTES = env.int("PORTAL_SESSION_IDLE_MINUTES", 30)
PORTAL_SESSION_MAX_HOURS = env.int("PORTAL_SESSION_MAX_HOURS", 12)
SESSION_COOKIE_AGE = PORTAL_SESSION_MAX_HOURS * 3600

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# Public pages: nothing inline, nothing from elsewhere. The admin's skin needs more; see middleware.py.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
ADMIN_CONTENT_SECURITY_POLICY = {
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# Old versions are read, never put back over what others wrote since.
SIMPLE_HISTORY_REVERT_DISABLED = True

# Without these two codes any member of staff could import and export everything.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"

# The progress rule's thresholds, in points and percent (R6, R7), and "due soon" in days.
PORTAL_ATTENTION_GAP = Decimal("-10")
PORTAL_LATE_GAP = Decimal("-25")
PORTAL_MINIMUM_COVERAGE = Decimal("60")
PORTAL_DUE_SOON_DAYS = 30

# Reporting periods: "decree" closes data on a day of the month (the 14th by Nghị định 09/2019/NĐ-CP), 1 to
# 28; "calendar" on its last. A report is due so many working days later; each province sets its own.
PORTAL_PERIOD_CALENDAR = env.str("PORTAL_PERIOD_CALENDAR", "decree")
PORTAL_PERIOD_CUTOFF_DAY = env.int("PORTAL_PERIOD_CUTOFF_DAY", 14)
PORTAL_PERIOD_SEND_DAYS = env.int("PORTAL_PERIOD_SEND_DAYS", 2)
if PORTAL_PERIOD_CALENDAR not in ("decree", "calendar") or not 1 <= PORTAL_PERIOD_CUTOFF_DAY <= 28:
    raise SettingFault(
        "PORTAL_PERIOD_CALENDAR phải là decree hoặc calendar; PORTAL_PERIOD_CUTOFF_DAY phải từ 1 đến 28."
    )

# Reminders (`manage.py send_reminders`, once a day): days before a deadline, days between two reminders of
# what is overdue, how far back a job that did not run catches up, days before a period's reports are due,
# days before an explanation is due, days that a report may wait for its approver.
PORTAL_REMIND_DAYS_BEFORE = (30, 7)
PORTAL_REMIND_OVERDUE_EVERY = 14
PORTAL_REMIND_CATCH_UP_DAYS = 14
PORTAL_REMIND_REPORT_DAYS_BEFORE = 3
PORTAL_REMIND_EXPLANATION_DAYS_BEFORE = 2
PORTAL_REMIND_ACCEPT_AFTER_DAYS = 3
# What the links of a mail begin with.
PORTAL_BASE_URL = env.str("PORTAL_BASE_URL", "http://localhost:8000").rstrip("/")

# Mail goes to the console until a server is named.
EMAIL_HOST = env.str("PORTAL_EMAIL_HOST", "").strip()
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_HOST_USER = env.str("PORTAL_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.str("PORTAL_EMAIL_PASSWORD", "")
_EMAIL_SECURITY = env.str("PORTAL_EMAIL_SECURITY", "starttls")
if _EMAIL_SECURITY not in ("starttls", "ssl", "none"):
    raise SettingFault("PORTAL_EMAIL_SECURITY phải là starttls, ssl hoặc none.")
EMAIL_USE_TLS = _EMAIL_SECURITY == "starttls"
EMAIL_USE_SSL = _EMAIL_SECURITY == "ssl"
_EMAIL_PORT = (
    env.str("PORTAL_EMAIL_PORT", "") or {"starttls": "587", "ssl": "465", "none": "25"}[_EMAIL_SECURITY]
)
if not _EMAIL_PORT.isascii() or not _EMAIL_PORT.isdecimal():
    raise SettingFault("PORTAL_EMAIL_PORT phải là một số, ví dụ 587.")
EMAIL_PORT = int(_EMAIL_PORT)
# Shorter than the busy timeout of SQLite: a mail is sent while its marks are being written.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("PORTAL_EMAIL_FROM", "Liên Tịch <lien-tich@localhost>")

# Told of every written record: corrections of sealed figures become public errata, current ones are kept.
PORTAL_CORRECTIONS = "programs.periods.written.after_write"

# Limits of a workbook that a clerk brings in (import-contract.md, "Files").
PORTAL_IMPORT_MAX_BYTES = 20 * 1024 * 1024
PORTAL_IMPORT_MAX_UNPACKED_BYTES = 256 * 1024 * 1024
PORTAL_IMPORT_MAX_ROWS = 50_000
PORTAL_IMPORT_MAX_COLUMNS = 200
PORTAL_IMPORT_SECONDS = 15
PORTAL_IMPORT_MEMORY_BYTES = 512 * 1024 * 1024
# Files and sheets above these go to the worker, which `make run` starts.
PORTAL_IMPORT_BACKGROUND_BYTES = 512 * 1024
PORTAL_IMPORT_BACKGROUND_ROWS = 2_000
# What can be brought in: a table of columns and a builder of rows each.
PORTAL_IMPORT_KINDS = {
    "mou": "enterprises.importing.memoranda.MEMORANDA",
    "enterprise": "enterprises.importing.companies.COMPANIES",
    "activity": "programs.importing.activities.ACTIVITIES",
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Evidence files: what one may be, what a user may keep (programs/evidence). A form may bring several files.
PORTAL_EVIDENCE_MAX_BYTES = 25 * 1024 * 1024
PORTAL_EVIDENCE_QUOTA_BYTES = env.int("PORTAL_EVIDENCE_QUOTA_BYTES", 2 * 1024**3)
PORTAL_EVIDENCE_IMAGE_PIXELS = 50_000_000
PORTAL_EVIDENCE_IMAGE_SIDE = 4096
PORTAL_EVIDENCE_IMAGE_SECONDS = 10
PORTAL_EVIDENCE_IMAGE_MEMORY_BYTES = 1024 * 1024 * 1024
PORTAL_BODY_MAX_BYTES = 128 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "programs.evidence.uploads.CutOffHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# The virus scanner: "" is none, else clamd's socket ("/run/clamav/clamd.ctl") or "host:port".
PORTAL_CLAMD = env.str("PORTAL_CLAMD", "").strip()
if PORTAL_CLAMD and not PORTAL_CLAMD.startswith("/") and not PORTAL_CLAMD.rpartition(":")[2].isdecimal():
    raise SettingFault("PORTAL_CLAMD phải là đường dẫn tới socket của clamd, hoặc máy:cổng, hoặc bỏ trống.")
PORTAL_CLAMD_SECONDS = env.float("PORTAL_CLAMD_SECONDS", 15)
PORTAL_CLAMD_OPTIONAL = env.bool("PORTAL_CLAMD_OPTIONAL", False)

UNFOLD = {
    "SITE_TITLE": "Liên Tịch",
    "SITE_HEADER": "Liên Tịch",
    "SITE_SUBHEADER": "Trang làm việc của cán bộ",
    "SITE_URL": "/",
    "DASHBOARD_CALLBACK": "portal.dashboard.dashboard_callback",
    "ACCOUNT": {
        "navigation": [
            {"title": "Việc của tôi", "link": reverse_lazy("my-work")},
            {"title": "Tài khoản của tôi", "link": reverse_lazy("account")},
            {"title": "Đổi mật khẩu", "link": reverse_lazy("account-password")},
        ]
    },
    "STYLES": [lambda request: static("css/admin.css")],
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/favicon.svg")}
    ],
    "SIDEBAR": {"show_search": True, "show_all_applications": True},
    "COLORS": {
        "primary": {
            "50": "#eef7f9",
            "100": "#d5ebf0",
            "200": "#aed8e1",
            "300": "#7cbecd",
            "400": "#4aa8bd",
            "500": "#2c8ba1",
            "600": "#1f6f80",
            "700": "#185a6a",
            "800": "#12495a",
            "900": "#0f3b49",
            "950": "#082630",
        }
    },
}

# The demonstration plan and accounts are for trying the portal out; production turns them off.
PORTAL_DEMONSTRATION = True

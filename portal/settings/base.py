"""Settings common to all: development, tests and production differ only in their own small files."""

from decimal import Decimal
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.templatetags.static import static
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
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.AdminPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
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
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

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

UNFOLD = {
    "SITE_TITLE": "Liên Tịch",
    "SITE_HEADER": "Liên Tịch",
    "SITE_SUBHEADER": "Trang làm việc của cán bộ",
    "SITE_URL": "/",
    "DASHBOARD_CALLBACK": "portal.dashboard.dashboard_callback",
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

"""The test run: fast hashing, own files, whichever database tests/private_postgres.py chose."""

import atexit
import shutil
import tempfile
from pathlib import Path

from portal.catalogues import compile_catalogues
from portal.settings.base import *  # noqa: F403
from portal.settings.base import BASE_DIR, DATABASES

# Before the first model: a process reads its catalogues once.
compile_catalogues(BASE_DIR / "locale")

SECRET_KEY = "a-key-for-tests-only-that-protects-nothing-at-all"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A folder for this process alone: runs side by side never meet.
_OWN_DIR = Path(tempfile.mkdtemp(prefix="lien-tich-test-"))
atexit.register(shutil.rmtree, _OWN_DIR, ignore_errors=True)
MEDIA_ROOT = _OWN_DIR / "media"
STATIC_ROOT = _OWN_DIR / "static"
STATIC_ROOT.mkdir()

# A file, not memory: the browser tests' server reads it from other threads.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": _OWN_DIR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
# Background work is done at once, where it is asked for.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
# Connections end with their request: a test database that is still connected cannot be dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0

"""A person's own machine: `make run` and `make dev`. No setting is needed."""

import secrets

from portal.settings.base import *  # noqa: F403
from portal.settings.base import VAR_DIR, env

DEBUG = env.bool("PORTAL_DEBUG", False)
ALLOWED_HOSTS = env.list("PORTAL_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])


def _own_secret_key() -> str:
    """Return the key kept in var/, made on the first start, so that sessions outlive a restart."""
    path = VAR_DIR / "secret_key"
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")


SECRET_KEY = _own_secret_key()
# As in production, less the hashed names: those want `collectstatic` before every start.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

"""Settings of a portal whose hasher notes each password it looks at, for attack_login."""

import os

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from portal.settings.dev import *  # noqa: F403

PASSWORD_HASHERS = ["tests.benchmarks.counted_hashing.NotingHasher"]


class NotingHasher(PBKDF2PasswordHasher):
    """Django's own, with one more byte in a file each time: an append of one byte is atomic."""

    def encode(self, password, salt, iterations=None):
        with open(os.environ["HASHED_LOG"], "ab", buffering=0) as log:
            log.write(b".")
        return super().encode(password, salt, iterations)

"""The repository itself: migrations match the models."""

import io

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_migrations_match_models():
    call_command("makemigrations", "--check", "--dry-run", stdout=io.StringIO())

"""Each test counts and caches for itself: keys of one test may come again in another's database."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()

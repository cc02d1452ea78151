"""The portal's settings with one address more: a POST that commits one audit row."""

from antq_portal.settings import *  # noqa: F403 (the same settings, that is the point)

ROOT_URLCONF = "tests.bench.urls"

"""Factories: each makes a valid row with no arguments; one import line per app's file."""

from tests.factories import accounts as accounts
from tests.factories import audit as audit
from tests.factories import desk as desk
from tests.factories import indicators as indicators
from tests.factories import papers as papers
from tests.factories import programs as programs
from tests.factories import reports as reports
from tests.factories import units as units

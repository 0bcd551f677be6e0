"""What pytest has to know of the modules here that are not tests themselves."""

import pytest

pytest.register_assert_rewrite("tests.scheduled.plan", "tests.onprem.scenarios")

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The checks of style are part of the tests."""

import pytest
from kamtool import lint


@pytest.mark.parametrize("check", lint.checks())
def test_style_is_clean(check):
    """What pre-commit and ``./kam lint`` check holds for all that is committed."""
    assert lint.run_check(check) == ""

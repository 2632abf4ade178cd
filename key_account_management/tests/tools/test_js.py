# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import no_retry, tagged

from odoo.addons.web.tests.test_js import HOOTCommon, unit_test_error_checker


@tagged("post_install", "-at_install")
class TestJs(HOOTCommon):
    """The unit tests of our JavaScript, run in a browser."""

    def get_hoot_filters(self):
        """Limit Odoo's test suites to ours, which is named after the addon."""
        return f"&id={self._generate_hash('@key_account_management')}"

    @no_retry
    def test_unit(self):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop{self.hoot_filters}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )

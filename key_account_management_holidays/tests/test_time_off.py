# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date

from odoo.tests import freeze_time, tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestTimeOff(KeyAccountCommon):
    """The deputy is in charge while the manager is on approved time off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.deputy_id = cls.kam2
        employee = (
            cls.env["hr.employee"]
            .sudo()
            .create(
                {
                    "name": cls.kam.name,
                    "user_id": cls.kam.id,
                    "company_id": cls.env.company.id,
                }
            )
        )
        kind = (
            cls.env["hr.leave.type"]
            .sudo()
            .create(
                {
                    "name": "Urlaub",
                    "requires_allocation": False,
                    "leave_validation_type": "no_validation",
                    "company_id": cls.env.company.id,
                }
            )
        )
        cls.leave = (
            cls.env["hr.leave"]
            .sudo()
            .create(
                {
                    "employee_id": employee.id,
                    "holiday_status_id": kind.id,
                    "request_date_from": date(2026, 7, 6),
                    "request_date_to": date(2026, 7, 10),
                }
            )
        )
        cls.env.flush_all()

    def acting(self, day):
        with freeze_time(f"{day} 10:00:00"):
            self.env.invalidate_all()
            account = self.as_user(self.all_user, self.account)
            found = account.search([("acting_manager_id", "=", self.kam2.id)])
            self.assertEqual(bool(found & account), account.is_manager_absent)
            return account.acting_manager_id.with_env(self.env)

    def test_deputy_in_charge(self):
        """From the first to the last day off, field and search show the deputy."""
        self.assertEqual(self.leave.state, "validate")
        self.assertEqual(self.acting("2026-07-03"), self.kam)
        self.assertEqual(self.acting("2026-07-06"), self.kam2)
        self.assertEqual(self.acting("2026-07-10"), self.kam2)
        self.assertEqual(self.acting("2026-07-11"), self.kam)

    def test_training_is_work(self):
        """Approved time that counts as worked leaves the manager in charge."""
        self.leave.sudo().holiday_status_id.time_type = "other"
        self.assertEqual(self.acting("2026-07-08"), self.kam)

    def test_refused_time_off(self):
        """Refused time off doesn't count as an absence."""
        self.leave.sudo().action_refuse()
        self.assertEqual(self.acting("2026-07-08"), self.kam)

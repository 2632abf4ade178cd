# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestCycle(KeyAccountCommon):
    def phases(self):
        account = self.as_user(self.kam, self.account)
        account.invalidate_recordset()
        return {phase["label"]: phase for phase in account.get_cycle()}

    def test_phases_come_from_what_was_done(self):
        phases = self.phases()
        self.assertEqual(len(phases), 10)
        self.assertEqual(list(phases)[0], "Base")
        self.assertEqual(phases["Base"]["state"], "now")
        self.assertIn("Complete the customer data", phases["Base"]["next"])
        self.env.company.key_account_data_minimum = 0
        who = self.env["key.account.stakeholder"].create(
            {"account_id": self.account.id, "partner_id": self.anna.id}
        )
        start = fields.Datetime.now() - timedelta(days=3)
        self.env["calendar.event"].create(
            {
                "name": "Antrittsbesuch",
                "start": start,
                "stop": start + timedelta(hours=1),
                "partner_ids": self.anna.ids,
            }
        )
        self.env["key.account.need"].create(
            {"stakeholder_id": who.id, "name": "Zwei Lieferungen je Woche"}
        )
        order = self.make_order(self.nordwind)
        order.action_confirm()
        phases = self.phases()
        self.assertEqual(phases["Base"]["state"], "done")
        self.assertEqual(phases["Appointment"]["state"], "done")
        self.assertEqual(phases["Preparation"]["state"], "now")
        self.assertIn("Zwei Lieferungen", phases["Needs"]["next"])
        self.assertIn(order.name, phases["Presentation"]["done"])
        self.assertEqual(phases["Closing"]["state"], "done")
        self.assertEqual(phases["Referral"]["next"], "Ask a champion for a referral")

    def test_colleagues_learn_nothing(self):
        with self.assertRaises(AccessError):
            self.as_user(self.kam2, self.account).get_cycle()

    def test_each_phase_opens_something(self):
        account = self.as_user(self.kam, self.account)
        for phase in account.get_cycle():
            action = getattr(account, phase["action"])()
            self.assertIn("type", action, phase["label"])

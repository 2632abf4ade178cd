# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestCandidate(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segment = cls.env["key.account.segment"].create({"name": "Handel (Test)"})
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Anfrage Bergmann",
                "partner_id": cls.bergmann.id,
                "user_id": cls.kam.id,
            }
        )

    def make_candidate(self):
        action = self.as_user(self.kam, self.lead).action_make_candidate()
        return self.env["key.account"].browse(action["res_id"])

    def test_a_lead_becomes_a_candidate_once(self):
        candidate = self.make_candidate()
        self.assertEqual(
            (candidate.state, candidate.phase, candidate.candidate_source),
            ("candidate", "win", "lead"),
        )
        self.assertEqual(candidate.candidate_lead_id, self.lead)
        self.assertEqual(self.make_candidate(), candidate)

    def test_a_lead_of_a_company_that_is_new(self):
        lead = self.env["crm.lead"].create({"name": "Messe", "user_id": self.kam.id})
        with self.assertRefused("company"):
            self.as_user(self.kam, lead).action_make_candidate()
        lead.write({"partner_name": "Seefeld Bau GmbH", "contact_name": "Ina Roth"})
        action = self.as_user(self.kam, lead).action_make_candidate()
        candidate = self.env["key.account"].browse(action["res_id"])
        self.assertEqual(candidate.partner_id.name, "Seefeld Bau GmbH")

    def test_the_first_order_makes_it_an_account(self):
        candidate = self.make_candidate()
        order = self.make_order(self.bergmann)
        order.user_id = self.clerk
        self.assertEqual(candidate.state, "candidate")
        self.as_user(self.clerk, order).action_confirm()
        self.assertEqual((candidate.state, candidate.phase), ("active", "build"))
        self.assertIn(order.name, candidate.message_ids[0].body)

    def test_whom_a_candidate_is_like(self):
        country = self.env.ref("base.de")
        industry = self.env["res.partner.industry"].create({"name": "Großhandel"})
        self.nordwind.write(
            {"country_id": country.id, "zip": "88131", "industry_id": industry.id}
        )
        self.account.segment_id = self.segment
        self.make_invoice(self.nordwind, 1000)
        self.account.action_refresh_figures()
        self.assertEqual(self.account.abc_class, "a")
        candidate = self.make_candidate()
        self.assertEqual(candidate.look_alike_score, 0)
        self.bergmann.write({"country_id": country.id, "zip": "88662"})
        candidate.segment_id = self.segment
        candidate.invalidate_recordset()
        self.assertEqual(
            (candidate.look_alike_id, candidate.look_alike_score), (self.account, 55)
        )
        rival = self.env["key.account.competitor"].create({"name": "Alpenwerkzeug"})
        for account, share in ((self.account, 20), (candidate, 80)):
            self.env["key.account.share"].create(
                {"account_id": account.id, "competitor_id": rival.id, "share": share}
            )
        candidate.invalidate_recordset()
        self.assertEqual(
            (candidate.look_alike_score, candidate.incumbent_id), (75, rival)
        )

    def test_best_accounts_of_colleagues_arent_named(self):
        self.account.segment_id = self.segment
        self.make_invoice(self.nordwind, 1000)
        self.account.action_refresh_figures()
        self.account.manager_id = self.kam2
        candidate = self.make_candidate()
        candidate.segment_id = self.segment
        self.assertFalse(self.as_user(self.kam, candidate).look_alike_id)

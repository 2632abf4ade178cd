# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestShare(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.key_account_data_minimum = 0
        cls.rival, cls.other_rival = cls.env["key.account.competitor"].create(
            [{"name": "Alpenwerkzeug AG"}, {"name": "Donau Industriebedarf"}]
        )
        cls.tools = cls.env["product.category"].create({"name": "Werkzeuge"})

    def add_share(self, share, days_ago=0, rival=None, **values):
        return self.env["key.account.share"].create(
            {
                "account_id": self.account.id,
                "competitor_id": (rival or self.rival).id,
                "category_id": self.tools.id,
                "share": share,
                "date": self.today - timedelta(days=days_ago),
                **values,
            }
        )

    def make_lead(self, **values):
        return self.env["crm.lead"].create(
            {
                "name": "Jahresbedarf Bohrer",
                "type": "opportunity",
                "partner_id": self.anna.id,
                "key_account_category_id": self.tools.id,
                **values,
            }
        )

    def test_the_latest_entry_counts_and_says_who_gains(self):
        old = self.add_share(30, days_ago=100)
        new = self.add_share(45)
        between = self.add_share(35, days_ago=50)
        self.assertEqual(
            [(entry.is_current, entry.gain) for entry in (old, between, new)],
            [(False, 0), (False, 5), (True, 10)],
        )
        self.assertEqual(new.outlook, "danger")
        new.unlink()
        self.assertTrue(between.is_current)
        self.assertEqual(self.account.share_count, 1)

    def test_a_contract_that_ends_soon_is_an_opportunity(self):
        near = self.add_share(20, contract_end=self.today + timedelta(days=60))
        far = self.add_share(
            20, rival=self.other_rival, contract_end=self.today + timedelta(days=400)
        )
        self.assertEqual((near.outlook, far.outlook), ("opportunity", False))
        Share = self.env["key.account.share"]
        own = [("account_id", "=", self.account.id)]
        for value, expected in (
            ("opportunity", near),
            (False, far),
            ("danger", Share),
        ):
            found = Share.search([*own, ("outlook", "=", value)])
            self.assertEqual(found, expected, value)
        self.assertEqual(
            Share.search([*own, ("outlook", "!=", False)]), near, "the menu's domain"
        )

    def test_competitors_hold_no_more_than_all(self):
        self.add_share(70)
        with self.assertRefused("Werkzeuge", "110", exception=ValidationError):
            self.add_share(40, rival=self.other_rival)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.add_share(101)

    def test_what_is_not_known_has_no_number(self):
        self.assertFalse(self.add_share(0, is_known=False).gain)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.add_share(20, is_known=False)

    def test_a_lost_opportunity_is_kept_with_the_account(self):
        lead = self.make_lead()
        wizard = Form(self.env["crm.lead.lost"].with_context(default_lead_ids=lead.ids))
        wizard.key_account_competitor_id = self.rival
        wizard.save().action_lost_reason_apply()
        share = self.account.share_ids
        self.assertEqual(
            (share.competitor_id, share.category_id, share.source, share.is_known),
            (self.rival, self.tools, "lost", False),
        )
        self.assertEqual((self.rival.lost_count, self.rival.won_count), (1, 0))
        # Lost again by another way: one entry for each opportunity.
        lead.action_set_lost()
        self.assertEqual(self.account.share_ids, share)
        # Taken up again, it was not lost; and it can be won.
        lead.action_unarchive()
        self.assertFalse(self.account.share_ids)
        lead.action_set_won()
        self.rival.invalidate_recordset()
        self.assertEqual((self.rival.lost_count, self.rival.won_count), (0, 1))

    def test_the_competitor_of_a_lost_opportunity_is_corrected(self):
        lead = self.make_lead(key_account_competitor_id=self.rival.id)
        lead.action_set_lost()
        lead.key_account_competitor_id = self.other_rival
        self.assertEqual(self.account.share_ids.competitor_id, self.other_rival)

    def test_a_salesperson_without_accounts_loses_an_opportunity(self):
        lead = self.make_lead(
            user_id=self.clerk.id, key_account_competitor_id=self.rival.id
        )
        self.as_user(self.clerk, lead).action_set_lost()
        self.assertEqual(self.account.share_ids.lead_id, lead)
        with self.assertRaises(AccessError):
            self.as_user(self.clerk)["key.account.share"].search([])

    def test_ordinary_opportunities_cost_nothing(self):
        lead = self.make_lead(partner_id=self.bergmann.id)
        lead.action_set_lost()
        self.assertFalse(
            self.env["key.account.share"].search([("lead_id", "=", lead.id)])
        )

    def test_my_day_names_contracts_that_end(self):
        entry = self.add_share(40, contract_end=self.today + timedelta(days=30))
        day = self.as_user(self.kam)["key.account.day"]
        account = self.as_user(self.kam, self.account)

        def signals():
            found = day._day_signals(account, self.today)
            return [signal for signal in found if signal.kind == "incumbent"]

        (signal,) = signals()
        self.assertEqual(
            (signal.record.id, signal.deadline), (entry.id, entry.contract_end)
        )
        self.assertIn("Alpenwerkzeug AG", signal.reason)
        action = signal.record.action_new_opportunity()
        context = action["context"]
        self.assertEqual(context["default_key_account_competitor_id"], self.rival.id)
        lead = self.env["crm.lead"].with_context(**context).create({})
        self.assertEqual(lead.partner_id, self.nordwind)
        self.assertFalse(signals(), "an offer is being made")

    def test_colleagues_see_their_own_accounts(self):
        entry = self.add_share(40)
        Share = self.as_user(self.kam2)["key.account.share"]
        self.assertFalse(Share.search([("id", "=", entry.id)]))
        with self.assertRaises(AccessError):
            Share.browse(entry.id).write({"share": 1})
        with self.assertRaises(AccessError):
            Share.create(
                {"account_id": self.account.id, "competitor_id": self.rival.id}
            )
        own = self.make_account(self.bergmann, manager_id=self.kam2.id)
        moved = Share.create({"account_id": own.id, "competitor_id": self.rival.id})
        with self.assertRaises(AccessError):
            moved.account_id = self.account.id

    def test_what_the_server_writes_is_refused(self):
        entry = self.as_user(self.kam, self.add_share(40))
        for values in ({"is_current": False}, {"gain": 3.0}, {"previous_share": 3.0}):
            with self.assertRaises(AccessError):
                entry.write(values)

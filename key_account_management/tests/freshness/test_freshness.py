# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestFreshness(KeyAccountCommon):
    """Customer data is judged by rules, and verified by people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["key.account.data.rule"]
        cls.nordwind.child_ids.action_archive()
        cls.person = cls.env["res.partner"].create(
            {
                "name": "Frauke Petersen",
                "parent_id": cls.nordwind.id,
                "function": "Einkaufsleitung",
                "phone": "+49 40 123456",
                "email": "petersen@nordwind.example",
            }
        )
        cls.nordwind.write(
            {
                "is_company": True,
                "vat": "DE136695976",
                "street": "Hafenstraße 1",
                "zip": "20457",
                "city": "Hamburg",
                "country_id": cls.env.ref("base.de").id,
            }
        )
        cls.account.segment_id = cls.env["key.account.segment"].create(
            {"name": "Großhandel"}
        )

    def score(self):
        """Return score and gaps, the same by the night and at this moment."""
        [now] = self.account._get_data_scores().values()
        self.account._refresh_figures()
        self.assertEqual(now, (self.account.data_score, self.account.data_gaps or None))
        return self.account.data_score, self.account.data_missing

    def signals(self, user=None):
        Day = self.env["key.account.day"].with_user(user or self.kam)
        accounts = self.account.with_user(user or self.kam)
        today = self.account.company_id._get_key_account_today()
        return [
            signal
            for signal in Day._day_signals(accounts, today)
            if signal.kind == "data"
        ]

    def test_score_by_rules(self):
        """Each rule counts with its weight; what is missing is named."""
        self.assertEqual(self.score(), (100, False))
        self.assertFalse(self.signals())
        self.person.function = False
        # Two of nine.
        self.assertEqual(self.score(), (78, "Roles of the People"))
        self.person.phone = False
        self.nordwind.vat = False
        self.assertEqual(
            self.score(), (44, "Roles of the People, Telephone, VAT Number")
        )
        self.person.action_archive()
        self.nordwind.phone = "+49 40 987"
        self.assertEqual(self.score(), (44, "Roles of the People, E-Mail, VAT Number"))
        self.nordwind.street = ""
        self.account.segment_id = False
        self.assertEqual(self.score()[0], 22)

    def test_private_customer_needs_no_roles(self):
        """A person who is the customer has no people with roles."""
        self.person.action_archive()
        self.nordwind.write(
            {"is_company": False, "phone": "+49 40 1", "email": "n@nordwind.example"}
        )
        self.assertEqual(self.score(), (100, False))

    def test_rules_are_the_directors(self):
        """Directors weigh and archive rules; there is one for each kind."""
        bank = self.env.ref("key_account_management.key_account_data_rule_bank")
        bank.with_user(self.director).write({"active": True, "weight": 3})
        self.assertEqual(self.score(), (75, "Bank Account"))
        with self.assertRaises(AccessError):
            bank.with_user(self.kam).weight = 1
        self.env["res.partner.bank"].create(
            {"partner_id": self.nordwind.id, "acc_number": "DE89370400440532013000"}
        )
        self.assertEqual(self.score(), (100, False))
        self.rules.search([("id", "!=", False)]).action_archive()
        self.assertEqual(self.score(), (100, False))

    def test_matter_of_the_day(self):
        """Incomplete data is a matter until it is complete, old data until verified."""
        self.nordwind.vat = False
        self.person.phone = False
        [signal] = self.signals()
        self.assertIn("Telephone, VAT Number", signal.reason)
        self.assertEqual(signal.step.name, "action_view_customer")
        self.person.phone = "+49 40 1"
        self.assertFalse(self.signals())
        with freeze_time(fields.Datetime.now() + relativedelta(days=181)):
            self.env.invalidate_all()
            [signal] = self.signals()
            self.assertEqual(signal.step.name, "action_verify_data")
            signal.record.action_verify_data()
            self.assertEqual(self.account.data_verified_date, fields.Date.today())
            self.assertEqual(self.account.data_verified_user_id, self.kam)
            self.assertFalse(self.signals())
        self.account.company_id.key_account_data_minimum = 0
        self.nordwind.write({"street": False, "vat": False})
        self.person.write({"phone": False, "email": False})
        self.assertFalse(self.signals())

    def test_filter_of_old_data(self):
        """Filter and mark agree on what is old."""
        Account = self.env["key.account"]
        for days, old in ((179, False), (180, True), (400, True)):
            with self.subTest(days=days):
                today = self.account.company_id._get_key_account_today()
                self.account.sudo().data_verified_date = today - relativedelta(
                    days=days
                )
                found = Account.search([("is_data_old", "=", True)])
                self.assertEqual(self.account in found, old)
                self.assertEqual(self.account.is_data_old, old)
                rest = Account.search([("is_data_old", "=", False)])
                self.assertEqual(self.account in rest, not old)
        self.account.company_id.key_account_verify_days = 0
        self.assertFalse(Account.search([("is_data_old", "=", True)]))

    def test_only_who_may_edit_verifies(self):
        """A verification can't be entered, and only editors give one."""
        with self.assertRefused("can't enter", exception=AccessError):
            self.account.data_verified_date = fields.Date.today()
        with self.assertRaises(AccessError):
            self.account.with_user(self.kam2).action_verify_data()
        with self.assertRefused("can't enter", exception=AccessError):
            self.person.with_user(self.kam).key_account_verified_user_id = self.kam2
        employee = self.env.ref("base.group_user")
        self.kam2.group_ids = employee
        with self.assertRaises(AccessError):
            self.person.with_user(self.kam2).action_verify_key_account_data()
        self.person.with_user(self.kam).action_verify_key_account_data()
        self.assertEqual(self.person.key_account_verified_user_id, self.kam)

    def test_overview(self):
        """The overview names what is missing, and opens where it is completed."""
        self.person.email = False
        self.person.action_verify_key_account_data()
        overview = self.account.with_user(self.kam)._get_overview()
        [row] = [row for row in overview["open"] if row["label"].startswith("Missing")]
        self.assertEqual(row["label"], "Missing Data: E-Mail")
        opened = self.account.action_view_customer()
        self.assertEqual(opened["res_id"], self.nordwind.id)
        [person] = overview["people"]
        self.assertTrue(person["verified"])

    def test_rule_without_condition(self):
        """A rule that says nothing about completeness is refused."""
        self.assertEqual(
            set(self.rules._get_conditions()),
            {code for code, _label in self.rules._fields["code"].selection},
        )

    def test_one_statement(self):
        """The number of queries doesn't grow with the accounts."""
        accounts = self.account | self.make_account(self.bergmann)
        one = self.count_queries(lambda: self.account._get_data_scores())
        both = self.count_queries(lambda: accounts._get_data_scores())
        self.assertEqual(one, both)

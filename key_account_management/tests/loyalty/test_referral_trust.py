# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestReferralTrust(LoyaltyCommon):
    """What a referral is worth isn't for the one to say who enters it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.key_account_referral_points = 100

    def refer(self, user=None, **values):
        env = self.as_user(user or self.kam)
        return env["key.account.referral"].create(
            {
                "account_id": self.account.id,
                "program_id": self.program.id,
                "partner_id": self.bergmann.id,
                **values,
            }
        )

    def agree(self, user, account=None, **values):
        env = self.as_user(user)
        return env["key.account.agreement"].create(
            {
                "title": "Rahmenvertrag",
                "account_id": (account or self.account).id,
                "has_referral_clause": True,
                "referral_program_id": self.program.id,
                **values,
            }
        )

    def test_clauses_that_promise_nothing(self):
        """A clause promises in its own account, approved, and on its days."""
        other = self.make_account(self.rheintal)
        theirs = self.agree(self.director, other, referral_points=90000)
        theirs.action_submit_approval()
        self.assertEqual(theirs.state, "active")
        draft = self.agree(self.kam, referral_points=90000)
        for agreement in (theirs, draft):
            referral = self.refer(agreement_id=agreement.id, points=90000)
            self.assertEqual(referral.key_account_approval_state, "pending")
            referral.sudo().unlink()

    def test_clause_takes_the_role(self):
        """An agreement gives money away by its clause, and goes by the amount."""
        small = self.agree(self.kam, referral_points=400)
        small.action_submit_approval()
        self.assertEqual(small.state, "active")
        for values in (
            {"referral_points": 600},
            {"referral_reward_type": "credit", "referral_amount": 600},
        ):
            large = self.agree(self.kam, **values)
            large.action_submit_approval()
            self.assertEqual(large.state, "to_approve")

    def test_backdated(self):
        """A customer of yesterday isn't referred by a date before that."""
        self.make_invoice(self.bergmann, 50, invoice_date=self.days(-30))
        with self.assertRefused("before the referral", exception=ValidationError):
            self.refer(date=self.days(-60))

    def test_changed_after_the_approval(self):
        """Customer and day are part of what was approved."""
        referral = self.refer(self.director, points=5000)
        self.assertEqual(referral.key_account_approval_state, "approved")
        mine = self.as_user(self.kam, referral)
        mine.note = "Messe in Köln"
        self.assertEqual(referral.key_account_approval_state, "approved")
        mine.partner_id = self.make_customer("Ganz Neu GmbH")
        self.assertEqual(referral.key_account_approval_state, "pending")
        self.as_user(self.director, referral).action_approve_terms()
        mine.date = self.days(-3)
        # Another day has another clause: what the program promises is anybody's.
        self.assertEqual(referral.points, 100)
        mine.write({"date": self.days(-2), "points": 5000})
        self.assertEqual(referral.key_account_approval_state, "pending")

    def test_customer_of_the_lead(self):
        """A lead that gets its customer stays who was referred."""
        lead = self.env["crm.lead"].create({"name": "Bohrer", "partner_name": "Neu"})
        referral = self.refer(
            self.director, partner_id=False, lead_id=lead.id, points=5000
        )
        lead.partner_id = self.bergmann
        self.as_user(self.kam, referral).note = "Kennt sich aus"
        self.assertEqual(referral.partner_id, self.bergmann)
        self.assertEqual(referral.key_account_approval_state, "approved")

    def test_credit_note_at_once(self):
        """A reward for an invoice that is paid already comes with the entry."""
        self.pay(self.make_invoice(self.bergmann, 300))
        referral = self.refer(reward_type="credit", amount=75)
        self.assertEqual(referral.state, "rewarded")
        self.assertEqual(referral.reward_move_id.state, "draft")

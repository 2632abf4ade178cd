# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestKeyAccountReferral(LoyaltyCommon):
    """A key account refers a new customer and is rewarded once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.key_account_referral_points = 500
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Bergmann braucht Bohrer", "partner_name": "Bergmann"}
        )

    def refer(self, **values):
        return self.env["key.account.referral"].create(
            {
                "account_id": self.account.id,
                "program_id": self.program.id,
                **values,
            }
        )

    def test_from_lead_to_reward(self):
        referral = self.refer(lead_id=self.lead.id)
        self.assertEqual(referral.points, 500)
        self.assertEqual(referral.name, "Bergmann")
        self.lead.partner_id = self.bergmann
        self.assertEqual(referral.partner_id, self.bergmann)
        invoice = self.make_invoice(self.bergmann, 300)
        self.assertEqual(referral.state, "open")
        self.pay(invoice)
        self.assertEqual(referral.state, "rewarded")
        self.assertEqual(referral.first_invoice_id, invoice)
        self.assertSound(self.card(), 500)
        self.assertEqual(self.kinds(self.card()), [("referral", 500)])
        # The next invoice earns no further reward.
        self.pay(self.make_invoice(self.bergmann, 300))
        self.assertSound(self.card(), 500)
        with self.assertRefused("ledger names it"):
            referral.unlink()

    def test_merged_lead_keeps_its_referral(self):
        """Merging leads keeps their referral; only one of two referrals is rewarded."""
        other = self.env["crm.lead"].create(
            {"name": "Bergmann noch einmal", "partner_name": "Bergmann"}
        )
        referral = self.refer(lead_id=other.id)
        (self.lead | other).merge_opportunity()
        kept = (self.lead | other).exists()
        self.assertEqual(len(kept), 1)
        self.assertEqual(referral.lead_id, kept)
        second = self.env["crm.lead"].create({"name": "Bergmann zum dritten"})
        late = self.refer(lead_id=second.id)
        (kept | second).merge_opportunity()
        self.assertEqual(sorted((referral | late).mapped("state")), ["open", "refused"])
        kept = (kept | second).exists()
        self.assertEqual((referral | late).lead_id, kept)
        kept.partner_id = self.bergmann
        open_one = (referral | late).filtered(lambda each: each.state == "open")
        self.assertEqual(open_one.partner_id, self.bergmann)

    def test_reward_by_credit_note(self):
        referral = self.refer(
            partner_id=self.bergmann.id, reward_type="credit", amount=75
        )
        self.pay(self.make_invoice(self.bergmann, 300))
        move = referral.reward_move_id
        self.assertEqual((move.move_type, move.state), ("out_refund", "draft"))
        self.assertEqual(move.partner_id, self.nordwind)
        self.assertEqual(sum(move.invoice_line_ids.mapped("price_unit")), 75)
        self.assertTrue(referral.activity_ids)

    def test_reward_goes_with_the_invoice(self):
        """A wholly credited first invoice takes the points back; the next one earns."""
        referral = self.refer(partner_id=self.bergmann.id)
        first = self.make_invoice(self.bergmann, 300)
        self.pay(first)
        self.assertEqual(referral.state, "rewarded")
        self.credit(first, 0.5)
        self.assertEqual(referral.state, "rewarded")
        self.credit(first, 0.5)
        self.assertEqual(
            (referral.state, referral.first_invoice_id.id), ("open", False)
        )
        self.assertSound(self.card(), 0)
        self.pay(self.make_invoice(self.bergmann, 100))
        self.assertEqual((referral.state, referral.withdrawals), ("rewarded", 1))
        self.assertSound(self.card(), 500)

    def test_credit_note_as_reward_goes_with_the_invoice(self):
        """A draft is cancelled; a posted one is reversed by a draft invoice."""
        for post, state in ((False, "cancel"), (True, "posted")):
            customer = self.make_customer(f"Neukunde {post}")
            referral = self.refer(
                partner_id=customer.id, reward_type="credit", amount=75
            )
            first = self.make_invoice(customer, 300)
            self.pay(first)
            move = referral.reward_move_id
            if post:
                move.action_post()
            self.credit(first)
            self.assertEqual((referral.state, move.state), ("open", state))
            back = move.reversal_move_ids
            self.assertEqual(back.mapped("state"), ["draft"] if post else [])
            self.assertEqual(sum(back.mapped("amount_untaxed")), 75 if post else 0)

    def test_clause_of_the_agreement(self):
        agreement = self.env["key.account.agreement"].create(
            {
                "title": "Rahmenvertrag",
                "account_id": self.account.id,
                "has_referral_clause": True,
                "referral_program_id": self.program.id,
                "referral_points": 800,
            }
        )
        values = {"account_id": self.account.id, "partner_id": self.bergmann.id}
        with self.assertRefused("Choose a loyalty program", exception=ValidationError):
            self.env["key.account.referral"].create(values)
        agreement._write_approval("approved")
        self.assertEqual(agreement.state, "active")
        referral = self.env["key.account.referral"].create(values)
        self.assertEqual(referral.agreement_id, agreement)
        self.assertEqual((referral.program_id, referral.points), (self.program, 800))
        self.pay(self.make_invoice(self.bergmann, 300))
        self.assertSound(self.card(), 800)

    def test_own_group_refused(self):
        for partner in (
            self.nordwind,
            self.make_customer("X", parent_id=self.nordwind.id),
        ):
            with self.assertRefused("own companies", exception=ValidationError):
                self.refer(partner_id=partner.id)
        root = self.make_account(self.rheintal)
        south = self.make_account(self.rheintal_sued)
        with self.assertRefused("own companies", exception=ValidationError):
            self.refer(account_id=south.id, partner_id=root.partner_id.id)
        with self.assertRefused("own companies", exception=ValidationError):
            self.refer(account_id=root.id, partner_id=self.rheintal_lager.id)

    def test_duplicates_refused(self):
        self.refer(partner_id=self.bergmann.id)
        other = self.make_account(self.rheintal)
        with self.assertConstraint("key.account.referral", "already been referred"):
            self.refer(account_id=other.id, partner_id=self.bergmann.id)

    def test_existing_customer_refused(self):
        self.make_invoice(self.bergmann, 50, invoice_date=self.days(-30))
        with self.assertRefused("before the referral", exception=ValidationError):
            self.refer(partner_id=self.bergmann.id)

    def test_refused_makes_room(self):
        first = self.refer(partner_id=self.bergmann.id)
        first.action_refuse()
        other = self.make_account(self.rheintal)
        second = self.refer(account_id=other.id, partner_id=self.bergmann.id)
        self.pay(self.make_invoice(self.bergmann, 300))
        self.assertEqual((first.state, second.state), ("refused", "rewarded"))
        self.assertSound(self.card(self.rheintal), 500)

    def test_state_is_written_by_the_server_alone(self):
        referral = self.as_user(self.kam, self.refer(partner_id=self.bergmann.id))
        invoice = self.make_invoice(self.nordwind, 100)
        for values in ({"state": "rewarded"}, {"first_invoice_id": invoice.id}):
            with self.assertRaises(AccessError):
                referral.write(values)
        referral.action_refuse()
        self.assertEqual(referral.state, "refused")
        referral.action_reopen()
        self.assertEqual(referral.state, "open")
        for action in ("action_refuse", "action_reopen"):
            with self.assertRaises(AccessError):
                getattr(self.as_user(self.kam2, referral), action)()

    def test_access(self):
        referral = self.refer(partner_id=self.bergmann.id)
        self.assertEqual(self.as_user(self.kam, referral).name, referral.name)
        for user in (self.kam2, self.other_director, self.clerk):
            with self.assertRaises(AccessError):
                self.as_user(user, referral).read(["name"])

    def test_reward_when_an_accountant_books_the_payment(self):
        referral = self.refer(partner_id=self.bergmann.id)
        invoice = self.make_invoice(self.bergmann, 300)
        env = self.env(user=self.accountant)
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertEqual(referral.state, "rewarded")

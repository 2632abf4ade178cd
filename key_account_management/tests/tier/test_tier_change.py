# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..common import KeyAccountCommon

APPROVAL = "key_account_management.mail_activity_type_tier_approval"


@tagged("post_install", "-at_install")
class TestTierChange(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.key_account_decider_ids = cls.director
        cls.fresh = cls.make_account(cls.bergmann)

    def propose(self, account, tier, user=None, **values):
        return self.as_user(user or self.kam)["key.account.tier.change"].create(
            {
                "account_id": account.id,
                "to_tier_id": tier.id,
                "reason": "Umsatz über Plan",
                **values,
            }
        )

    def approval_requests(self, account):
        return account.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(APPROVAL)
        )

    def test_directors_write_is_an_approved_change(self):
        """When a director drags a card, the history gets an approved entry."""
        self.as_user(self.director, self.fresh).tier_id = self.gold
        change = self.fresh.tier_change_ids
        self.assertEqual(self.fresh.tier_id, self.gold)
        self.assertRecordValues(
            change,
            [
                {
                    "from_tier_id": False,
                    "to_tier_id": self.gold.id,
                    "state": "approved",
                    "proposed_by_id": self.director.id,
                    "decided_by_id": self.director.id,
                    "effective_date": self.today,
                }
            ],
        )
        self.assertTrue(change.decided_on)

    def test_removing_a_tier_is_in_the_history(self):
        """Removing a tier is recorded like any other change."""
        self.as_user(self.director, self.account).tier_id = False
        self.assertFalse(self.account.tier_id)
        change = self.account.tier_change_ids[0]
        self.assertEqual(change.from_tier_id, self.gold)
        self.assertFalse(change.to_tier_id)

    def test_same_tier_again_makes_no_entry(self):
        """Writing the same tier again makes no entry."""
        self.as_user(self.director, self.account).tier_id = self.gold
        self.assertEqual(len(self.account.tier_change_ids), 1)
        with self.assertRefused("already has the tier Gold"):
            self.propose(self.account, self.gold)

    def test_account_manager_can_not_set_gold(self):
        """An account manager can't set Gold, but is told to propose it."""
        account = self.as_user(self.kam, self.fresh)
        with self.assertRefused("propose the change"):
            account.write({"tier_id": self.gold.id, "phase": "grow"})
        self.assertFalse(self.fresh.tier_id)
        self.assertEqual(self.fresh.phase, "keep")
        self.assertFalse(self.fresh.tier_change_ids)

    def test_approval_limits_by_role(self):
        """Each role can move customers only between tiers that it can approve."""
        self.as_user(self.kam, self.fresh).tier_id = self.prospect
        self.assertEqual(self.fresh.tier_id, self.prospect)
        with self.assertRefused("propose the change"):
            self.as_user(self.kam, self.fresh).tier_id = self.silver
        self.as_user(self.all_user, self.fresh).tier_id = self.silver
        self.assertEqual(self.fresh.tier_id, self.silver)
        with self.assertRefused("propose the change"):
            self.as_user(self.all_user, self.fresh).tier_id = self.gold
        with self.assertRefused("propose the change"):
            # Moving down is a decision on the tier that the customer leaves.
            self.as_user(self.all_user, self.account).tier_id = self.prospect
        self.assertEqual(self.account.tier_id, self.gold)

    def test_new_account_with_gold_waits_for_a_director(self):
        """A new account with Gold by an account manager waits for a director."""
        account = self.as_user(self.kam)["key.account"].create(
            {"partner_id": self.rheintal.id, "tier_id": self.gold.id}
        )
        self.assertFalse(account.tier_id)
        change = account.tier_change_ids
        self.assertEqual(change.state, "proposed")
        self.assertEqual(change.proposed_by_id, self.kam)
        self.assertFalse(change.decided_by_id)
        self.assertEqual(account.pending_tier_change_id, change)
        request = self.approval_requests(account)
        self.assertEqual(len(request), 1)
        self.assertEqual(request.user_id, self.director)
        self.assertIn("Gold", request.summary)

    def test_approval(self):
        """Approving sets the tier, closes the request and leaves a note."""
        change = self.propose(self.fresh, self.gold)
        self.assertTrue(self.approval_requests(self.fresh))
        self.as_user(self.director, change).action_approve()
        self.assertEqual(self.fresh.tier_id, self.gold)
        self.assertEqual(change.decided_by_id, self.director)
        self.assertFalse(self.approval_requests(self.fresh))
        note = self.fresh.message_ids.filtered(
            lambda m: "→ Gold" in m.body and not m.mail_activity_type_id
        )
        self.assertEqual(len(note), 1)
        self.assertIn("Umsatz über Plan", note.body)
        self.assertEqual(note.author_id, self.director.partner_id)

    def test_rejection(self):
        """Rejecting keeps the tier, closes the request and notes the reason."""
        change = self.propose(self.fresh, self.gold)
        self.as_user(self.director, change).decision_note = "Zahlt zu spät"
        self.as_user(self.director, change).action_reject()
        self.assertFalse(self.fresh.tier_id)
        self.assertEqual(change.state, "rejected")
        self.assertEqual(change.decided_by_id, self.director)
        self.assertFalse(self.approval_requests(self.fresh))
        self.assertTrue(
            self.fresh.message_ids.filtered(lambda m: "Zahlt zu spät" in m.body)
        )
        self.assertFalse(self.fresh.pending_tier_change_id)

    def test_account_manager_can_not_decide(self):
        """Neither the proposer nor a colleague with a lower role can decide."""
        change = self.propose(self.fresh, self.gold)
        for user in (self.kam, self.all_user):
            for method in ("action_approve", "action_reject"):
                with self.assertRefused("to decide on", exception=AccessError):
                    getattr(self.as_user(user, change), method)()
        self.assertEqual(change.state, "proposed")

    def test_decided_only_once(self):
        """A change can be approved or rejected only once."""
        change = self.propose(self.fresh, self.gold)
        self.as_user(self.director, change).action_reject()
        with self.assertRefused("already been decided on"):
            self.as_user(self.director, change).action_approve()
        self.assertFalse(self.fresh.tier_id)

    def test_one_proposal_at_a_time(self):
        """A second proposal is refused while the first one is undecided."""
        first = self.propose(self.fresh, self.gold)
        with self.assertConstraint("key.account.tier.change", "waiting for approval"):
            self.propose(self.fresh, self.silver)
        self.as_user(self.director, first).action_reject()
        self.assertTrue(self.propose(self.fresh, self.silver))

    def test_history_can_not_be_edited(self):
        """No user can edit the history, not even an administrator or over RPC."""
        change = self.account.tier_change_ids
        for user in (
            self.kam,
            self.director,
            self.env.user,
            self.env.ref("base.user_root"),
        ):
            for values in (
                {"state": "rejected"},
                {"to_tier_id": self.silver.id},
                {"from_tier_id": self.silver.id},
                {"account_id": self.fresh.id},
                {"effective_date": self.today - timedelta(days=90)},
                {"reason": "Andere Begründung"},
                {"proposed_by_id": self.kam2.id},
                {"decided_by_id": self.kam2.id},
                {"decided_on": "2020-01-01 00:00:00"},
                {"revenue_12m": 1000000.0},
                {"order_count_12m": 99},
            ):
                with self.assertRefused("can't be edited"):
                    self.as_user(user, change).write(values)
        with self.assertRefused("can't be edited"):
            self.account.sudo().write(
                {"tier_change_ids": [Command.update(change.id, {"reason": "x"})]}
            )

    def test_history_can_not_be_deleted(self):
        """No user can delete an entry of the history, decided or not."""
        waiting = self.propose(self.fresh, self.gold)
        for change in (self.account.tier_change_ids, waiting):
            with self.assertRefused("can't be deleted"):
                change.sudo().unlink()
            with self.assertRaises(AccessError):
                self.as_user(self.director, change).unlink()
            with self.assertRefused("The tier history can't be"):
                change.account_id.sudo().tier_change_ids = [Command.clear()]
        self.assertEqual(self.account.tier_id, self.gold)

    def test_proposal_can_be_corrected(self):
        """An undecided proposal can be corrected, except its origin."""
        change = self.propose(self.fresh, self.gold)
        change.reason = "Umsatz über Plan, neue Filiale"
        change.to_tier_id = self.silver
        for values in ({"state": "approved"}, {"proposed_by_id": self.kam2.id}):
            with self.assertRefused("can't enter", exception=AccessError):
                change.write(values)
        with self.assertRefused("can't be edited"):
            change.account_id = self.account
        self.assertFalse(self.fresh.tier_id)
        self.as_user(self.all_user, change).action_approve()
        self.assertEqual(self.fresh.tier_id, self.silver)

    def test_created_change_is_always_a_proposal(self):
        """No user can create an approved change or one with made-up figures."""
        for forged in (
            {"state": "approved"},
            {"proposed_by_id": self.director.id},
            {"decided_by_id": self.director.id, "decided_on": "2026-01-01 00:00:00"},
            {"from_tier_id": self.silver.id},
            {"revenue_12m": 5000000.0},
            {"automatic": True},
        ):
            with self.assertRefused("can't enter", exception=AccessError):
                self.propose(self.fresh, self.gold, **forged)
            with self.assertRefused("can't enter", exception=AccessError):
                change = {"to_tier_id": self.gold.id, "reason": "Umsatz", **forged}
                self.as_user(self.kam)["key.account"].create(
                    {
                        "partner_id": self.rheintal.id,
                        "tier_change_ids": [Command.create(change)],
                    }
                )
        self.assertFalse(self.fresh.tier_change_ids)

    def test_default_in_the_context_is_no_bypass(self):
        """A new card in the Gold column becomes a proposal."""
        accounts = self.as_user(self.kam)["key.account"].with_context(
            default_tier_id=self.gold.id, default_below_tier_since="2020-01-01"
        )
        account = accounts.create({"partner_id": self.rheintal.id})
        self.assertFalse(account.tier_id)
        self.assertEqual(account.tier_change_ids.state, "proposed")
        self.assertFalse(account.below_tier_since)
        form = Form(accounts)
        form.partner_id = self.rheintal_sued
        account = form.save()
        self.assertFalse(account.tier_id)
        self.assertEqual(account.tier_change_ids.to_tier_id, self.gold)

    def test_stored_default_is_no_bypass(self):
        """A user's default for the tier can't bypass the history."""
        self.env["ir.default"].set("key.account", "tier_id", self.gold.id)
        self.env["ir.default"].set("key.account.tier.change", "state", "approved")
        account = self.as_user(self.kam)["key.account"].create(
            {"partner_id": self.rheintal.id}
        )
        self.assertFalse(account.tier_id)
        form = Form(self.as_user(self.kam)["key.account"])
        form.partner_id = self.rheintal_sued
        account = form.save()
        self.assertFalse(account.tier_id)
        self.assertNotIn("approved", account.tier_change_ids.mapped("state"))

    def test_future_date_is_refused(self):
        """A change can't have a future date."""
        for user in (self.kam, self.director):
            with self.assertRefused("in the future", exception=ValidationError):
                self.propose(
                    self.fresh,
                    self.prospect,
                    user,
                    effective_date=self.today + timedelta(days=1),
                )

    def test_only_a_director_dates_back(self):
        """Only directors can backdate a change."""
        day = self.today - timedelta(days=30)
        for user in (self.kam, self.all_user):
            with self.assertRefused("can backdate a change"):
                self.propose(self.fresh, self.prospect, user, effective_date=day)
            with self.assertRefused("can backdate a change"):
                self.propose(self.fresh, self.prospect, user).effective_date = day
        self.change_tier(self.fresh, self.prospect, day)
        self.assertEqual(self.fresh.tier_id, self.prospect)

    def test_tier_at_a_date(self):
        """Each day has the tier that applied then, even if it was entered later."""
        day = self.today - timedelta(days=60)
        self.change_tier(self.fresh, self.silver, day)
        self.change_tier(self.fresh, self.gold)
        # Entered last, but dated before the other: today's tier stays.
        self.change_tier(self.fresh, self.prospect, day + timedelta(days=30))

        def tier_at(date=None):
            return self.fresh._get_tiers_at(date)[self.fresh.id]

        self.assertFalse(tier_at(day - timedelta(days=1)))
        self.assertEqual(tier_at(day), self.silver)
        self.assertEqual(tier_at(day + timedelta(days=29)), self.silver)
        self.assertEqual(tier_at(day + timedelta(days=30)), self.prospect)
        self.assertEqual(tier_at(self.today - timedelta(days=1)), self.prospect)
        self.assertEqual(tier_at(self.today), self.gold)
        self.assertEqual(tier_at(), self.gold)
        self.assertEqual(self.fresh.tier_id, self.gold)

    def test_rejected_change_counts_on_no_day(self):
        """A rejected or undecided proposal never sets a tier."""
        day = self.today - timedelta(days=10)
        change = self.propose(self.fresh, self.gold, self.director, effective_date=day)
        self.assertFalse(self.fresh._get_tiers_at(day)[self.fresh.id])
        self.as_user(self.director, change).action_reject()
        self.assertFalse(self.fresh._get_tiers_at(day)[self.fresh.id])

    def test_figures_of_the_day(self):
        """The change stores the customer's revenue and orders of 12 months."""
        year_ago = fields.Date.subtract(self.today, months=12)
        self.make_invoice(self.bergmann, 1000.0)
        contact = self.env["res.partner"].create(
            {"name": "Einkauf Bergmann", "parent_id": self.bergmann.id}
        )
        self.make_invoice(contact, 500.0)
        self.make_invoice(self.bergmann, 200.0, move_type="out_refund")
        self.make_invoice(self.bergmann, 7777.0, post=False)
        self.make_invoice(self.bergmann, 8888.0).button_cancel()
        self.make_invoice(self.bergmann, 9999.0, invoice_date=year_ago)
        self.make_invoice(self.nordwind, 6666.0)
        self.make_invoice(
            self.bergmann, 5555.0, move_type="in_invoice", invoice_date=self.today
        )
        self.make_order(self.bergmann).action_confirm()
        self.make_order(contact).action_confirm()
        self.make_order(self.bergmann)
        self.make_order(self.nordwind).action_confirm()
        change = self.propose(self.fresh, self.gold)
        self.assertAlmostEqual(change.revenue_12m, 1300.0)
        self.assertEqual(change.order_count_12m, 2)
        self.make_invoice(self.bergmann, 4444.0)
        self.as_user(self.director, change).action_approve()
        self.assertAlmostEqual(change.revenue_12m, 1300.0, msg="Kept as of that day.")

    def test_figures_are_complete_and_without_taxes(self):
        """Revenue excludes taxes and includes what the proposer can't see."""
        invoice = self.make_invoice(self.bergmann, 100.0, post=False)
        invoice.invoice_line_ids.tax_ids = self.tax_sale_a
        invoice.invoice_user_id = self.kam2
        invoice.action_post()
        self.assertGreater(invoice.amount_total, 100.0)
        self.assertAlmostEqual(self.propose(self.fresh, self.gold).revenue_12m, 100.0)

    def test_dialog_of_the_button(self):
        """The dialog approves at once if the user's role can approve the tier."""
        action = self.as_user(self.all_user, self.fresh).action_change_tier()
        view = self.env["ir.ui.view"].browse(action["views"][0][0])
        changes = self.as_user(self.all_user)["key.account.tier.change"]
        form = Form(changes.with_context(**action["context"]), view=view)
        form.to_tier_id = self.silver
        form.reason = "Jahresgespräch"
        form.save().action_propose()
        self.assertEqual(self.fresh.tier_id, self.silver)
        form = Form(changes.with_context(**action["context"]), view=view)
        form.to_tier_id = self.gold
        form.reason = "Neue Filiale"
        form.save().action_propose()
        self.assertEqual(self.fresh.tier_id, self.silver)
        self.assertEqual(self.fresh.pending_tier_change_id.to_tier_id, self.gold)

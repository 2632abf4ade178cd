# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaint(ComplaintCommon):
    """A complaint from receipt to remedy, with its documents."""

    def test_number_owner_and_account(self):
        """A complaint about an order gets its customer, account and owner."""
        order = self.make_order(self.nordwind, 10)
        order.action_confirm()
        env = self.as_user(self.kam)
        complaint = env["key.account.complaint"].create(
            {"subject": "Zu spät", "order_id": order.id}
        )
        self.assertRegex(complaint.name, r"^CPL/\d{4}/\d{5}$")
        self.assertEqual(complaint.partner_id, self.nordwind)
        self.assertEqual(complaint.account_id, self.account)
        self.assertEqual(complaint.user_id, self.kam)
        self.assertEqual(complaint.stage_kind, "new")
        self.assertEqual(self.as_user(self.kam, order).key_account_complaint_count, 1)
        self.assertEqual(self.as_user(self.kam, self.account).complaint_count, 1)
        self.assertEqual(
            self.as_user(self.kam, self.anna).key_account_complaint_count, 1
        )
        with self.assertRefused("another customer"):
            self.complain(self.bergmann, order_id=order.id)

    def make_sold(self, quantity=10):
        order = self.make_order(self.nordwind, quantity)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        return order, invoice

    def resolve(self, complaint, user=None, quantity=None, **values):
        env = self.as_user(user or self.kam)
        wizard = env["key.account.complaint.resolve"].create(
            {"complaint_id": complaint.id, **values}
        )
        if quantity is not None:
            wizard.line_ids[0].quantity = quantity
        return wizard.action_resolve()

    def test_credit_three_of_ten(self):
        """Three of ten pieces are credited at the invoiced price, as a draft."""
        order, invoice = self.make_sold()
        complaint = self.complain(
            move_id=invoice.id, product_id=self.drill.id, quantity=3
        )
        self.resolve(complaint, close=False)
        refund = complaint.refund_move_id
        self.assertEqual(refund.state, "draft")
        self.assertEqual(refund.move_type, "out_refund")
        self.assertEqual(refund.reversed_entry_id, invoice)
        self.assertEqual(refund.amount_untaxed, 540.0)  # 3 x 200 less 10 %
        self.assertEqual(complaint.cost, 540.0)
        self.assertEqual(order.order_line.qty_invoiced, 10.0)
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertIn(refund, order.invoice_ids)
        complaint.extra_cost = 12.5
        self.assertEqual(complaint.cost, 552.5)
        refund.button_cancel()
        self.assertEqual(complaint.cost, 12.5)

    def test_never_above_what_is_left(self):
        """The wizard never credits more than is left after all credit notes."""
        _order, invoice = self.make_sold()
        complaint = self.complain(move_id=invoice.id)
        self.resolve(complaint, quantity=4, close=False)
        with self.assertRefused("only 6.00 can still be credited"):
            self.resolve(complaint, quantity=7, close=False)
        self.resolve(complaint, quantity=4, close=False)
        complaint.refund_move_id.action_post()
        # A refund made by hand in accounting, without links to lines.
        by_hand = invoice._reverse_moves()
        by_hand.invoice_line_ids.quantity = 1
        self.assertEqual(
            invoice._get_key_account_left_to_credit()[0],
            {invoice.invoice_line_ids.id: 1},
        )
        with self.assertRefused("only 1.00 can still be credited"):
            self.resolve(complaint, quantity=2, close=False)
        self.resolve(complaint, quantity=1, close=False)
        self.assertEqual(invoice._get_key_account_left_to_credit()[1], 0.0)

    def test_price_credits_count_by_amount(self):
        """A credit note without quantities reduces what is left to credit."""
        _order, invoice = self.make_sold()
        self.make_invoice(
            self.nordwind,
            1700.0,
            move_type="out_refund",
            reversed_entry_id=invoice.id,
        )
        complaint = self.complain(move_id=invoice.id)
        with self.assertRefused("is left to credit"):
            self.resolve(complaint, quantity=1, close=False)

    def test_foreign_invoice_is_refused(self):
        """The wizard refuses another customer's invoice and its lines."""
        invoice = self.make_invoice(self.bergmann, 100.0)
        complaint = self.complain()
        env = self.as_user(self.kam)
        wizard = env["key.account.complaint.resolve"].create(
            {
                "complaint_id": complaint.id,
                "move_id": invoice.id,
                "line_ids": [
                    Command.create(
                        {"line_id": invoice.invoice_line_ids.id, "quantity": 1}
                    )
                ],
            }
        )
        self.assertFalse(wizard.line_ids.name)
        self.assertEqual(wizard.amount, 0.0)
        with self.assertRefused("invoice of this customer"):
            wizard.action_resolve()

    def test_wizard_tells_nothing_of_foreign_complaints(self):
        """The wizard shows no invoice lines of complaints that the user can't read."""
        _order, invoice = self.make_sold()
        complaint = self.complain(move_id=invoice.id)
        Wizard = self.as_user(self.kam2)["key.account.complaint.resolve"]
        line = Command.create({"line_id": invoice.invoice_line_ids.id, "quantity": 1})
        for values in ({}, {"line_ids": [line]}):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                wizard = Wizard.create(
                    {
                        "complaint_id": complaint.id,
                        "move_id": invoice.id,
                        **values,
                    }
                )
                wizard.line_ids.mapped("name")

    def test_replacement_order(self):
        """A replacement order costs nothing and isn't held for its margin."""
        self.env.company.key_account_margin_floor = 20.0
        complaint = self.complain(product_id=self.drill.id, quantity=2)
        self.resolve(complaint, resolution_type="replacement")
        order = complaint.replacement_order_id
        self.assertEqual(order.key_account_complaint_id, complaint)
        self.assertEqual(order.amount_total, 0.0)
        self.assertEqual(order.order_line.product_uom_qty, 2.0)
        self.assertFalse(order.order_line.key_account_is_below_floor)
        self.assertEqual(complaint.cost, 240.0)
        self.assertEqual(complaint.stage_kind, "done")
        with self.assertRefused("Replacement for", exception=AccessError):
            self.make_order(
                self.nordwind,
                env=self.as_user(self.kam),
                key_account_complaint_id=complaint.id,
            )

    def test_rejection_needs_a_reason(self):
        """Rejecting needs a reason; closing needs a resolution."""
        complaint = self.as_user(self.kam, self.complain())
        with self.assertRefused("Enter how"):
            complaint.action_close()
        with self.assertRefused("Enter how"):
            # A card dragged to the last column.
            complaint.stage_id = self.stage("done")
        with self.assertRefused("Enter why"):
            self.resolve(complaint, resolution_type="rejected")
        self.resolve(complaint, resolution_type="rejected", reason="Kein Mangel")
        self.assertEqual(complaint.rejection_reason, "Kein Mangel")
        self.assertEqual(complaint.resolution_state, "met")
        self.assertTrue(complaint.closed_on)

    def test_effectiveness_check_reopens(self):
        """An ineffective resolution reopens the complaint with new deadlines."""
        complaint = self.complain(severity="major")
        self.resolve(complaint, resolution_type="explanation")
        self.assertEqual(complaint.effectiveness_state, "planned")
        self.assertEqual(complaint.effectiveness_date, self.today + timedelta(days=30))
        complaint.action_ineffective()
        self.assertEqual(complaint.stage_kind, "open")
        self.assertEqual(complaint.effectiveness_state, "ineffective")
        self.assertEqual(complaint.reopen_count, 1)
        self.assertEqual(complaint.resolution_state, "running")
        self.assertEqual(max(complaint.clock_ids.mapped("round")), 2)

    def test_recurrence_alert(self):
        """The owner is told once that a product has the same cause again."""
        first = self.complain(product_id=self.drill.id, root_cause_kind="supplier")
        self.assertFalse(first.recurrence_count)
        second = self.complain(self.bergmann, product_id=self.drill.id)
        self.assertFalse(second.recurrence_count)
        second.root_cause_kind = "supplier"
        self.assertEqual(second.recurrence_count, 1)
        second.root_cause_kind = "supplier"
        self.assertEqual(len(second.activity_ids), 1)
        self.assertIn("Recurrence", second.activity_ids.summary)

    def test_merge_duplicates(self):
        """Merging moves messages to the oldest; complaints must share a customer."""
        first, second = self.complain(), self.complain(subject="Nochmal")
        self.say(second, "Foto folgt")
        (first | second).action_merge()
        self.assertEqual(second.stage_kind, "cancelled")
        self.assertEqual(second.duplicate_of_id, first)
        self.assertTrue(any("Foto folgt" in m.body for m in first.message_ids))
        with self.assertRefused("one customer"):
            (first | self.complain(self.bergmann)).action_merge()

    def test_critical_complaint_holds_demotion_and_shows(self):
        """A critical complaint shows on the documents and stops the demotion."""
        # Archive the tiers of the addon: without thresholds, they'd overlap.
        self.env["key.account.tier"].search(
            [("id", "not in", (self.gold | self.silver | self.prospect).ids)]
        ).active = False
        self.gold.write({"min_revenue": 1000.0, "grace_days": 0})
        order = self.make_order(self.nordwind)
        invoice = self.make_invoice(self.nordwind, 10.0)
        ordinary = self.make_order(self.bergmann)
        self.account.action_refresh_figures()
        kinds = [move.kind for move in self.account._evaluate_tiers()]
        self.assertEqual(kinds, ["demotion"])
        complaint = self.complain(severity="critical")
        self.assertEqual(self.account.critical_complaint_count, 1)
        clerk = self.as_user(self.clerk)
        self.assertTrue(order.with_env(clerk).key_account_has_critical_complaint)
        self.assertTrue(invoice.key_account_has_critical_complaint)
        self.assertFalse(ordinary.key_account_has_critical_complaint)
        move = self.account._evaluate_tiers()[0]
        self.assertEqual(move.kind, "locked")
        self.assertIn("critical complaint", move.reason)
        complaint.action_cancel()
        self.env.invalidate_all()
        self.assertFalse(order.with_env(clerk).key_account_has_critical_complaint)
        self.assertEqual(self.account._evaluate_tiers()[0].kind, "demotion")

    def test_health_feels_complaints(self):
        """A critical complaint lowers the health score, and a bad rating more."""
        order = self.make_order(self.nordwind)
        order.action_confirm()
        order.order_line.qty_delivered = 1
        order._create_invoices().action_post()
        self.account.action_refresh_figures()
        before = self.account.health_score
        complaint = self.complain(self.anna, severity="critical", extra_cost=50)
        self.env.invalidate_all()
        self.assertEqual(self.account.complaint_points_12m, 4)
        self.assertEqual(self.account.complaint_cost_12m, 50)
        self.account.action_refresh_figures()
        after = self.account.health_score
        self.assertLess(after, before)
        self.resolve(complaint, resolution_type="explanation")
        token = complaint._rating_get_access_token()
        complaint.rating_apply(1, token=token)
        self.env.invalidate_all()
        self.assertEqual(self.account.complaint_satisfaction, 1.0)
        self.account.action_refresh_figures()
        self.assertLess(self.account.health_score, after)

    def test_waterfall_takes_the_cost(self):
        """Handling and replacement costs are a step of the account's waterfall."""
        self.make_invoice(self.nordwind, 500.0)
        complaint = self.complain(extra_cost=30, product_id=self.drill.id, quantity=1)
        self.resolve(complaint, resolution_type="replacement")
        steps = {
            step["key"]: step["amount"]
            for step in self.account._get_waterfall(self.today, self.today)["steps"]
        }
        self.assertEqual(steps["complaint"], -150.0)
        self.assertEqual(steps["pocket"], 350.0)

    def test_security(self):
        """Only owner, account team and complaint handlers read a complaint."""
        complaint = self.complain()
        self.assertTrue(self.as_user(self.kam, complaint).has_access("write"))
        self.assertTrue(self.as_user(self.handler, complaint).has_access("write"))
        for user in (self.kam2, self.other_director, self.clerk, self.outsider):
            self.assertFalse(
                self.as_user(user, complaint).has_access("read"), user.name
            )
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                self.as_user(user, complaint.clock_ids).mapped("deadline")
        complaint.user_id = self.kam2
        self.assertTrue(self.as_user(self.kam2, complaint).has_access("read"))
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.as_user(self.kam, complaint.clock_ids).write({"state": "met"})
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.as_user(self.kam, complaint).unlink()

    def test_only_the_server_writes(self):
        """Users can't enter dates, figures or links to documents."""
        _order, invoice = self.make_sold()
        complaint = self.complain(move_id=invoice.id)
        forged = {
            "closed_on": "2026-01-01",
            "responded_on": "2026-01-01",
            "resolution_deadline": "2099-01-01",
            "response_state": "met",
            "effectiveness_state": "effective",
            "cost": 0.0,
            "discount_cost": 1.0,
            "refund_move_id": invoice.id,
            "duplicate_of_id": complaint.id,
            "stage_kind": "done",
            "account_id": False,
            "commercial_partner_id": self.bergmann.id,
        }
        director = self.as_user(self.director)
        for name, value in forged.items():
            with self.assertRefused("can't enter", exception=AccessError):
                complaint.with_env(director).write({name: value})
            with self.assertRefused("can't enter", exception=AccessError):
                self.complain(env=director, **{name: value})
        sneaked = self.complain(
            env=self.env(
                user=self.director, context={"default_responded_on": "2026-01-01"}
            )
        )
        self.assertFalse(sneaked.responded_on)
        # As the administrator, who can write all these documents; Odoo creates
        # invoices from orders with sudo.
        invoice = invoice.sudo(False)
        link = {"key_account_complaint_id": complaint.id}
        for document in (invoice, self.make_order(self.nordwind)):
            with self.assertRefused("can't enter", exception=AccessError):
                document.write(link)
        line = invoice.invoice_line_ids
        with self.assertRefused("can't enter", exception=AccessError):
            line.key_account_credited_line_id = line
        with self.assertRefused("can't enter", exception=AccessError):
            complaint.refund_move_ids = invoice

    def test_handler_settles_without_accounting_rights(self):
        """A complaint handler drafts the credit note, but doesn't post it."""
        _order, invoice = self.make_sold()
        complaint = self.complain(
            move_id=invoice.id, product_id=self.drill.id, quantity=3
        )
        self.resolve(complaint, user=self.handler)
        self.assertEqual(complaint.refund_move_id.amount_untaxed, 540.0)
        self.assertEqual(complaint.refund_move_id.state, "draft")

    def test_queries_of_list_do_not_grow(self):
        """A list of a hundred complaints takes as many queries as a list of ten."""
        complaints = self.env["key.account.complaint"].create(
            [
                {
                    "subject": f"Nr. {number}",
                    "partner_id": self.nordwind.id,
                    "product_id": self.drill.id,
                    "root_cause_kind": "carrier",
                }
                for number in range(60)
            ]
        )
        names = {
            name: {}
            for name in ("name", "is_late", "next_deadline", "recurrence_count", "cost")
        }
        few, many = (
            self.count_queries(lambda some=some: some.web_read(names))
            for some in (complaints[:5], complaints)
        )
        self.assertEqual(few, many)

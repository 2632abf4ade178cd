# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.key_account_management.models import clock_rules, credit_rules

from .common import KeyAccountCommon

UTC = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")


class ComplaintCommon(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Mo-Fr 8-12, 13-17",
                "tz": "Europe/Berlin",
                "company_id": cls.env.company.id,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": f"{day} {start}",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": start + 4,
                            "day_period": "morning" if start == 8 else "afternoon",
                        }
                    )
                    for day in range(5)
                    for start in (8, 13)
                ],
            }
        )
        cls.env.company.resource_calendar_id = cls.calendar
        cls.gold.write({"response_hours": 4, "resolution_hours": 24})
        cls.nordwind.email = "einkauf@nordwind.example"
        cls.handler = cls._make_handler()

    @classmethod
    def _make_handler(cls):
        user = cls.clerk.copy({"name": "Heike Paulsen", "login": "heike.paulsen"})
        user.group_ids += cls.env.ref(
            "key_account_management.group_key_account_complaint"
        )
        return user

    @classmethod
    def complain(cls, partner=None, env=None, **values):
        return (env or cls.env)["key.account.complaint"].create(
            {
                "subject": "Drei Schrauber defekt",
                "partner_id": (partner or cls.nordwind).id,
                **values,
            }
        )

    @classmethod
    def stage(cls, kind):
        return cls.env["key.account.complaint.stage"]._first(kind)


def plain_deadline(start, hours, holidays=()):
    """Walk minute by minute through the working week: slow and plain."""
    moment, left = start, round(hours * 60)
    while left > 0:
        local = moment.replace(tzinfo=UTC).astimezone(BERLIN)
        if (
            local.weekday() < 5
            and (8 <= local.hour < 12 or 13 <= local.hour < 17)
            and local.date() not in holidays
        ):
            left -= 1
        moment += timedelta(minutes=1)
    return moment


@tagged("post_install", "-at_install")
class TestComplaintClock(ComplaintCommon):
    """Deadlines count in working hours, and stand still while we wait."""

    def test_rules(self):
        """Intervals, outcomes and levels, without a database."""
        day = datetime(2026, 3, 2)

        def at(hour):
            return day + timedelta(hours=hour)

        left = clock_rules.subtract(
            [(at(8), at(12)), (at(13), at(17))], [(at(11), at(14))]
        )
        self.assertEqual(left, [(at(8), at(11)), (at(14), at(17))])
        self.assertEqual(clock_rules.hours_of(left), 6.0)
        self.assertEqual(clock_rules.outcome(at(9), at(9)), "met")
        self.assertEqual(clock_rules.outcome(at(9), at(10)), "missed")
        self.assertEqual(clock_rules.outcome(None, at(10)), "met")
        self.assertEqual(clock_rules.escalation_levels(at(9), None, None), [])
        self.assertEqual(clock_rules.escalation_levels(at(9), at(9), at(10)), [1])
        self.assertEqual(clock_rules.escalation_levels(at(10), at(9), at(10)), [1, 2])
        self.assertEqual(clock_rules.target_hours(4, "critical"), 2.0)
        self.assertEqual(clock_rules.remaining_hours(4, 5), 0.0)

    def test_deadlines_against_plain_reference(self):
        """Week-end, holiday and both changes of the clock, at many moments."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ostermontag",
                "calendar_id": self.calendar.id,
                "company_id": self.env.company.id,
                "date_from": "2026-04-05 22:00:00",
                "date_to": "2026-04-06 21:59:59",
            }
        )
        holidays = (fields.Date.to_date("2026-04-06"),)
        rng = Random(6)
        starts = [
            datetime(2026, month, day, rng.randrange(24), rng.randrange(60))
            # Around 29 March, Easter and 25 October 2026.
            for month, day in ((3, 27), (3, 28), (3, 29), (4, 3), (10, 23), (10, 25))
        ]
        for start in starts:
            with self.subTest(start=start), freeze_time(start):
                complaint = self.complain()
                self.assertEqual(
                    complaint.response_deadline, plain_deadline(start, 4, holidays)
                )
                self.assertEqual(
                    complaint.resolution_deadline, plain_deadline(start, 24, holidays)
                )

    def test_pauses_stop_the_clock(self):
        """Hours used before and after waiting add up to the target."""
        with freeze_time("2026-03-02 08:00:00"):  # Monday, 9:00 in Berlin
            complaint = self.complain()
        with freeze_time("2026-03-02 09:00:00"):
            complaint.action_wait()
            self.assertFalse(complaint.response_deadline)
            self.assertEqual(complaint.response_state, "paused")
            self.assertFalse(complaint.is_late)
        with freeze_time("2026-03-06 15:00:00"):  # Friday, 16:00
            complaint.action_go_on()
        # One hour used, three left: one on Friday, two on Monday from 8:00.
        self.assertEqual(complaint.response_deadline, datetime(2026, 3, 9, 9, 0))
        self.assertEqual(complaint.clock_ids.mapped("pause_count"), [1, 1])
        with freeze_time("2026-03-09 08:30:00"):
            complaint.action_respond()
        self.assertEqual(complaint.response_state, "met")
        self.assertAlmostEqual(complaint.response_hours, 3.5, places=4)
        self.assertEqual(complaint.stage_kind, "open")

    def test_random_pauses_against_plain_reference(self):
        """Pause and go on many times: the deadline is what a slow count says."""
        rng = Random(8)
        with freeze_time("2026-10-19 07:13:00") as clock:
            complaint = self.complain()
            used = 0
            moment = datetime(2026, 10, 19, 7, 13)
            for turn in range(6):
                nxt = moment + timedelta(minutes=rng.randrange(30, 700))
                if turn % 2 == 0:
                    minutes = 0
                    while plain_deadline(moment, (minutes + 1) / 60) <= nxt:
                        minutes += 1
                    used += minutes
                clock.move_to(nxt)
                if turn % 2 == 0:
                    complaint.action_wait()
                else:
                    complaint.action_go_on()
                moment = nxt
            self.assertLess(used, 24 * 60)
            self.assertEqual(
                complaint.resolution_deadline,
                plain_deadline(moment, 24 - used / 60),
            )

    def test_waiting_does_not_heal_what_is_late(self):
        """A missed deadline stays missed."""
        with freeze_time("2026-03-02 08:00:00"):
            complaint = self.complain()
        with freeze_time("2026-03-04 08:00:00"):
            self.assertTrue(complaint.is_late)
            self.assertIn(complaint, complaint.search([("is_late", "=", True)]))
            complaint.action_wait()
            complaint.action_respond()
        self.assertEqual(complaint.response_state, "missed")
        self.assertEqual(complaint.resolution_state, "paused")

    def test_severity_and_tier(self):
        """Critical: half the time; without a tier the company's hours."""
        with freeze_time("2026-03-02 07:00:00"):  # 8:00
            complaint = self.complain()
            self.assertEqual(complaint.response_deadline, datetime(2026, 3, 2, 11, 0))
            complaint.severity = "critical"
            self.assertEqual(complaint.response_deadline, datetime(2026, 3, 2, 9, 0))
            other = self.complain(self.bergmann)
        self.assertEqual(other.response_deadline, datetime(2026, 3, 2, 16, 0))
        self.assertFalse(other.account_id)

    def test_escalation_once_per_level(self):
        """The team lead at the deadline, the director half a target later."""
        with freeze_time("2026-03-02 07:00:00"):
            complaint = self.complain()
        clock = complaint.clock_ids.filtered(lambda clock: clock.kind == "response")
        for moment, levels in (
            ("2026-03-02 10:59:00", []),
            ("2026-03-02 11:00:00", [1]),
            ("2026-03-02 11:30:00", [1]),
            ("2026-03-02 14:00:00", [1, 2]),
            ("2026-03-02 15:00:00", [1, 2]),
        ):
            with freeze_time(moment):
                clock._escalate(fields.Datetime.now())
            self.assertEqual(
                sorted(clock.escalation_ids.mapped("level")), levels, moment
            )
        told = clock.escalation_ids.sorted("level").user_id
        self.assertEqual(told[0], self.kam)
        self.assertTrue(
            told[1].has_group("key_account_management.group_key_account_director")
        )
        self.assertEqual(len(complaint.activity_ids), 2)
        with self.assertConstraint(
            "key.account.complaint.escalation", "once per level"
        ):
            clock.escalation_ids[0].sudo().copy()
        with freeze_time("2026-03-02 16:00:00"), self.enter_registry_test_mode():
            self.env.ref(
                "key_account_management.ir_cron_escalate_complaints"
            ).method_direct_trigger()
        self.assertEqual(len(clock.escalation_ids), 2)


@tagged("post_install", "-at_install")
class TestComplaint(ComplaintCommon):
    """From receipt to the remedy, and what it books."""

    def test_number_owner_and_account(self):
        """A complaint of an order: customer, account and owner are filled in."""
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
        self.assertEqual(self.as_user(self.kam, order).complaint_count, 1)
        self.assertEqual(self.as_user(self.kam, self.account).complaint_count, 1)
        self.assertEqual(self.as_user(self.kam, self.anna).complaint_count, 1)
        with self.assertRefused("not one of"):
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
        """Three of ten are credited at the invoiced price, as a draft."""
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
        self.assertEqual(order.order_line.qty_invoiced, 7.0)
        complaint.extra_cost = 12.5
        self.assertEqual(complaint.cost, 552.5)
        refund.button_cancel()
        self.assertEqual(complaint.cost, 12.5)

    def test_never_above_what_is_left(self):
        """Draft and posted credit notes count, ours and Odoo's own."""
        _order, invoice = self.make_sold()
        complaint = self.complain(move_id=invoice.id)
        self.resolve(complaint, quantity=4, close=False)
        with self.assertRefused("6.00 are left"):
            self.resolve(complaint, quantity=7, close=False)
        self.resolve(complaint, quantity=4, close=False)
        complaint.refund_move_id.action_post()
        # A refund made by hand in accounting, without a word about lines.
        by_hand = invoice._reverse_moves()
        by_hand.invoice_line_ids.quantity = 1
        self.assertEqual(invoice._left_to_credit()[0], {invoice.invoice_line_ids.id: 1})
        with self.assertRefused("1.00 are left"):
            self.resolve(complaint, quantity=2, close=False)
        self.resolve(complaint, quantity=1, close=False)
        self.assertEqual(invoice._left_to_credit()[1], 0.0)

    def test_price_credits_count_by_amount(self):
        """A credit of money without quantities lowers what is left as well."""
        _order, invoice = self.make_sold()
        self.make_invoice(
            self.nordwind,
            1700.0,
            move_type="out_refund",
            reversed_entry_id=invoice.id,
        )
        complaint = self.complain(move_id=invoice.id)
        with self.assertRefused("are left to credit"):
            self.resolve(complaint, quantity=1, close=False)

    def test_credit_rules(self):
        """Credit lines without a link are spread over lines of their kind."""
        left = credit_rules.left_to_credit(
            [(1, "a", 10), (2, "a", 5), (3, "b", 2)],
            [(1, "a", 4), (None, "a", 8), (None, "b", 9)],
        )
        self.assertEqual(left, {1: 0.0, 2: 3.0, 3: 0.0})

    def test_foreign_invoice_is_refused(self):
        """Neither the wizard nor its lines take somebody else's invoice."""
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
        """Who may not read the complaint learns no invoice line through the dialog."""
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
        """At a price of zero, linked back, not held for its margin."""
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
        with self.assertRefused("made from the complaint"):
            self.make_order(
                self.nordwind,
                env=self.as_user(self.kam),
                key_account_complaint_id=complaint.id,
            )

    def test_rejection_needs_a_reason(self):
        """Whoever rejects says why; closing needs a resolution."""
        complaint = self.as_user(self.kam, self.complain())
        with self.assertRefused("Say how"):
            complaint.action_close()
        with self.assertRefused("Say how"):
            # A card dragged to the last column.
            complaint.stage_id = self.stage("done")
        with self.assertRefused("Say why"):
            self.resolve(complaint, resolution_type="rejected")
        self.resolve(complaint, resolution_type="rejected", reason="Kein Mangel")
        self.assertEqual(complaint.rejection_reason, "Kein Mangel")
        self.assertEqual(complaint.resolution_state, "met")
        self.assertTrue(complaint.closed_on)

    def test_effectiveness_check_reopens(self):
        """Not effective: open again, with another round of the clock."""
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
        """The same product with the same cause: the owner is told once."""
        first = self.complain(product_id=self.drill.id, root_cause_kind="supplier")
        self.assertFalse(first.recurrence_count)
        second = self.complain(self.bergmann, product_id=self.drill.id)
        self.assertFalse(second.recurrence_count)
        second.root_cause_kind = "supplier"
        self.assertEqual(second.recurrence_count, 1)
        second.root_cause_kind = "supplier"
        self.assertEqual(len(second.activity_ids), 1)
        self.assertIn("Same again", second.activity_ids.summary)

    def test_merge_duplicates(self):
        """Messages go to the oldest; of several customers: refused."""
        first, second = self.complain(), self.complain(subject="Nochmal")
        second.message_post(body="Foto folgt", subtype_xmlid="mail.mt_comment")
        (first | second).action_merge()
        self.assertEqual(second.stage_kind, "cancelled")
        self.assertEqual(second.duplicate_of_id, first)
        self.assertTrue(any("Foto folgt" in m.body for m in first.message_ids))
        with self.assertRefused("one customer"):
            (first | self.complain(self.bergmann)).action_merge()

    def test_critical_complaint_holds_demotion_and_shows(self):
        """Shown on account, order and invoice; the demotion waits."""
        # The tiers that come with the addon have no thresholds; they'd overlap.
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
        self.assertTrue(order.with_env(clerk).has_critical_complaint)
        self.assertTrue(invoice.has_critical_complaint)
        self.assertFalse(ordinary.has_critical_complaint)
        move = self.account._evaluate_tiers()[0]
        self.assertEqual(move.kind, "locked")
        self.assertIn("critical complaint", move.reason)
        complaint.action_cancel()
        self.env.invalidate_all()
        self.assertFalse(order.with_env(clerk).has_critical_complaint)
        self.assertEqual(self.account._evaluate_tiers()[0].kind, "demotion")

    def test_health_feels_complaints(self):
        """A critical complaint lowers the health, a bad rating more."""
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
        """Handling and replacements are a step of the account's waterfall."""
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
        """Own accounts, own complaints, own company; portal nothing at all."""
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

    def test_handler_settles_without_accounting_rights(self):
        """The clerk drafts the credit note; posting stays with accounting."""
        _order, invoice = self.make_sold()
        complaint = self.complain(
            move_id=invoice.id, product_id=self.drill.id, quantity=3
        )
        self.resolve(complaint, user=self.handler)
        self.assertEqual(complaint.refund_move_id.amount_untaxed, 540.0)
        self.assertEqual(complaint.refund_move_id.state, "draft")

    def test_queries_of_list_do_not_grow(self):
        """A hundred complaints take as many queries as ten."""
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

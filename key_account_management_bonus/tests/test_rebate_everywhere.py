# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import io
from datetime import date

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..controllers.statement import statement_labels
from ..models.rebate_xlsx import statement_workbook
from .common import RebateCommon


@tagged("post_install", "-at_install")
class TestRebateEverywhere(RebateCommon):
    """Where bonuses are seen: quotation, waterfall, report, statement, what-if."""

    def make_running(self, *steps, **values):
        first = self.today.replace(month=1, day=1)
        return self.make_rebate(*steps, date_start=first, **values)

    def test_nudge_on_the_quotation(self):
        rebate = self.make_running((1000, 2), (5000, 4))
        self.sell(4000, day=str(self.today))
        rebate._refresh()
        self.assertTrue(rebate.is_step_near)
        order = self.make_order(self.nordwind, 1)
        order.order_line.price_unit = 400
        nudge = order.key_account_nudge.replace("\xa0", " ")
        # 4,400 at 2 % are 88, 5,000 at 4 % are 200.
        self.assertIn("$ 600.00 more by", nudge)
        self.assertIn("reach 4 % in “Annual Bonus”", nudge)
        self.assertIn("the customer gains $ 112.00", nudge)
        # 600 at the order's margin of 70 %, less the bonus.
        self.assertIn("our margin changes by $ 308.00", nudge)

    def test_no_nudge_for_others(self):
        self.make_running((1000, 2), (5000, 4))._refresh()
        order = self.make_order(self.bergmann, 1)
        self.assertNotIn("Annual Bonus", order.key_account_nudge or "")

    def test_waterfall(self):
        rebate = self.make_running((0, 5))
        self.sell(1000, day=str(self.today))
        rebate._refresh()
        steps = {
            step["key"]: step["amount"]
            for step in self.account._get_waterfall(rebate.date_start, self.today)[
                "steps"
            ]
        }
        self.assertEqual(steps["rebate"], -50.0)
        # Settled, it is still there once: not as a credit note besides.
        self.settle(rebate)
        steps = {
            step["key"]: step["amount"]
            for step in self.account._get_waterfall(rebate.date_start, self.today)[
                "steps"
            ]
        }
        self.assertEqual(steps["rebate"], -50.0)
        self.assertNotIn("credit_note", steps)
        order = self.make_order(self.nordwind, 1)
        order.order_line.price_unit = 200
        amounts = {
            step["key"]: step["amount"]
            for step in order.order_line.key_account_waterfall["steps"]
        }
        self.assertEqual(amounts["rebate"], -10.0)

    def test_section_of_the_monthly_report(self):
        rebate = self.make_running((0, 5))
        self.sell(1000, day=str(self.today))
        rebate._refresh()
        sections = self.account._report_sections(
            (self.today.replace(day=1), self.today)
        )
        section = next(item for item in sections if item["key"] == "rebates")
        self.assertEqual(section["rows"][0][0], "Annual Bonus")
        self.assertEqual(section["rows"][0][4:], (50.0, 0.0))
        self.assertEqual(section["figures"][0][2], 50.0)

    def test_note_on_the_invoice(self):
        self.make_running((0, 5))
        invoice = self.sell(1000, day=str(self.today))
        other = self.sell(1000, day=str(self.today), partner=self.bergmann)
        self.assertTrue(invoice._has_rebate_note())
        self.assertFalse(other._has_rebate_note())
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", invoice.ids
        )
        self.assertIn("A bonus agreement exists", str(html))
        self.env.company.key_account_rebate_note = False
        self.assertFalse(invoice._has_rebate_note())

    def test_statement_and_workbook(self):
        rebate = self.make_rebate((0, 5), (1000, 10), mode="incremental")
        self.sell(800, day="2025-02-01")
        self.sell(700, day="2025-03-01")
        self.settle(rebate)
        statement = rebate._get_statement(
            rebate._get_period(date(2025, 6, 1)), self.today
        )
        self.assertEqual(
            [(row["revenue"], row["rate"]) for row in statement["rows"]],
            [(800.0, 5.0), (200.0, 5.0), (500.0, 10.0)],
        )
        self.assertEqual((statement["earned"], statement["settled"]), (100.0, 100.0))
        content = statement_workbook(statement, statement_labels(self.env))
        sheet = load_workbook(io.BytesIO(content)).active
        formulas = [str(sheet.cell(row, 9).value) for row in (10, 11, 12)]
        self.assertEqual(formulas, [f"=F{row}*H{row}/100" for row in (10, 11, 12)])
        self.assertEqual(sheet["F4"].value, "=MAX(ROUND(SUM(I10:I12),2),0)")
        values = load_workbook(io.BytesIO(content), data_only=True).active
        self.assertEqual((values["F3"].value, values["F4"].value), (1500, 100))

    def test_what_if(self):
        today = self.make_running((0, 2))
        self.sell(10000, day=str(self.today.replace(day=1)))
        draft = self.make_running((5000, 4), approve=False)
        wizard = self.env["key.account.rebate.simulation"].create(
            {
                "rebate_id": draft.id,
                "date_from": today.date_start,
                "date_to": self.today,
            }
        )
        self.assertEqual((wizard.drafted, wizard.present), (400.0, 200.0))
        self.assertEqual(wizard.difference, 200.0)
        self.assertEqual(wizard.margin_before - wizard.margin_after, 200.0)
        self.assertIn("<svg", wizard.curve)
        wizard.growth = 10
        self.assertEqual(wizard.drafted, 440.0)

    def test_liability_at_a_date(self):
        rebate = self.make_rebate((0, 2))
        self.sell(10000, day="2025-02-01")
        self.sell(5000, day="2025-03-01")
        wizard = self.env["key.account.rebate.liability"].create({"day": "2025-02-28"})
        wizard.action_show()
        self.assertEqual(wizard.line_ids.mapped("amount"), [200.0])
        self.settle(rebate)
        wizard.day = self.today
        wizard.action_show()
        self.assertFalse(wizard.line_ids)

    def test_accrued_by_hand(self):
        self.make_rebate((0, 2))
        self.sell(10000, day="2025-02-01")
        wizard = self.env["key.account.rebate.liability"].create({"day": "2025-02-27"})
        with self.assertRefused("last day of a month"):
            wizard.action_accrue()
        wizard.day = "2025-02-28"
        as_kam = self.as_user(self.kam)["key.account.rebate.liability"].create(
            {"day": "2025-02-28"}
        )
        with self.assertRefused(exception=AccessError):
            as_kam.action_accrue()
        action = wizard.action_accrue()
        move = self.env["account.move"].browse(action["res_id"])
        self.assertEqual((move.state, move.amount_total), ("posted", 200.0))
        with self.assertRefused("nothing to book"):
            wizard.action_accrue()

    def test_manager_is_told_of_what_is_due_once(self):
        rebate = self.make_rebate((0, 2))
        self.sell(10000)
        rebate._refresh()
        self.assertEqual(rebate.due_amount, 200.0)
        rebate._remind_of_due()
        rebate._remind_of_due()
        self.assertEqual(len(rebate.activity_ids), 1)
        self.assertEqual(rebate.activity_ids.user_id, self.kam)

    def test_objection(self):
        rebate = self.make_rebate((0, 2))
        invoice = self.sell(10000)
        note = self.give_back(invoice, 1000)
        line = note.invoice_line_ids
        dispute = self.env["key.account.rebate.dispute"]._object(
            rebate, rebate._get_period(line.date), line, "That was freight."
        )
        self.assertEqual(dispute.activity_ids.user_id, self.kam)
        as_kam = self.as_user(self.kam, dispute)
        with self.assertRefused("Write the answer"):
            as_kam.action_leave_out()
        as_kam.answer = "You are right: freight doesn't count."
        as_kam.action_leave_out()
        self.assertEqual(dispute.state, "corrected")
        self.assertEqual(self.worth(rebate), 200.0)
        with self.assertRefused("kept"):
            dispute.unlink()


@tagged("post_install", "-at_install")
class TestRebateApproval(RebateCommon):
    """Who decides on a bonus, and what stays as it was agreed."""

    def test_the_rate_decides_who_approves(self):
        small = self.make_rebate((0, 3), approve=False)
        self.as_user(self.kam, small).action_submit_approval()
        self.assertEqual(small.state, "active")
        large = self.make_rebate((0, 3), (10000, 20), approve=False)
        self.as_user(self.kam, large).action_submit_approval()
        self.assertEqual(large.state, "to_approve")
        with self.assertRefused(exception=Exception):
            self.as_user(self.kam, large).action_approve_terms()
        self.as_user(self.director, large).action_approve_terms()
        self.assertEqual(large.state, "active")

    def test_what_is_agreed_stays(self):
        rebate = self.make_rebate((0, 3), date_start=self.today)
        as_kam = self.as_user(self.kam, rebate)
        for values in (
            {"maximum_amount": 1000000},
            {"mode": "incremental"},
            {"date_start": "2020-01-01"},
            {"step_ids": [Command.update(rebate.step_ids.id, {"value": 9})]},
            {"step_ids": [Command.create({"bound": 10, "value": 9})]},
        ):
            with self.assertRefused("Amend it instead"):
                as_kam.write(values)
        with self.assertRefused("Amend it instead"):
            self.as_user(self.kam, rebate.step_ids).value = 9
        with self.assertRefused("Amend it instead"):
            self.as_user(self.kam, rebate.step_ids).unlink()
        as_kam.note = "A harmless note"

    def test_amendment(self):
        rebate = self.make_rebate(
            (0, 3), period="month", date_start=self.today.replace(day=1)
        )
        action = self.as_user(self.kam, rebate).action_amend()
        new = rebate.browse(action["res_id"])
        self.assertEqual((new.version, new.state), (2, "draft"))
        self.assertEqual(new.date_start.day, 1)
        self.assertEqual(new.step_ids.value, 3)
        new.step_ids.value = 4
        new.action_submit_approval()
        self.assertEqual(new.state, "active")
        self.assertLess(rebate.effective_end, new.date_start)

    def test_part_of_an_agreement(self):
        agreement = self.env["key.account.agreement"].create(
            {"title": "2027", "account_id": self.account.id, "date_start": self.today}
        )
        rebate = self.make_rebate(
            (0, 20), approve=False, agreement_id=agreement.id, date_start=self.today
        )
        with self.assertRefused("is approved with it"):
            rebate.action_submit_approval()
        self.as_user(self.kam, agreement).action_submit_approval()
        # 20 % are more than an account manager decides on.
        self.assertEqual((agreement.state, rebate.state), ("to_approve", "to_approve"))
        self.as_user(self.director, agreement).action_approve_terms()
        self.assertEqual((agreement.state, rebate.state), ("active", "active"))
        with self.assertRefused("Amend it instead"):
            as_kam = self.as_user(self.kam)
            as_kam["key.account.rebate"].create(
                {
                    "name": "One more",
                    "account_id": self.account.id,
                    "agreement_id": agreement.id,
                    "step_ids": [Command.create({"bound": 0, "value": 1})],
                }
            )
        action = agreement.action_amend()
        amendment = agreement.browse(action["res_id"])
        self.assertEqual(amendment.rebate_ids.previous_id, rebate)
        self.assertEqual(amendment.rebate_ids.step_ids.value, 20)
        amendment.action_submit_approval()
        self.assertEqual(amendment.rebate_ids.state, "active")
        self.assertLess(rebate.effective_end, amendment.date_start)

    def test_fields_of_the_server(self):
        rebate = self.make_rebate((0, 3))
        as_director = self.as_user(self.director, rebate)
        for values in (
            {"state": "active"},
            {"earned_amount": 1},
            {"key_account_approval_state": "approved"},
        ):
            with self.assertRefused("the system sets this", exception=Exception):
                as_director.write(values)
        invoice = self.sell(1000)
        settlement = self.settle(rebate)
        with self.assertRefused("the system sets this", exception=Exception):
            self.as_user(self.director, settlement).amount = 1
        with self.assertRefused("the system sets this", exception=Exception):
            self.as_user(self.accountant, invoice.invoice_line_ids).write(
                {"key_account_rebate_settlement_id": settlement.id}
            )

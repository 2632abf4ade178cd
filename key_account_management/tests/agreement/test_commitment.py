# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import AgreementCommon


@tagged("post_install", "-at_install")
class TestCommitment(AgreementCommon):
    """What the customer committed to, compared with what was invoiced."""

    def commit(self, **values):
        agreement = self.in_force(
            date_start=self.today - timedelta(days=99),
            date_end=self.today + timedelta(days=100),
            commitment_ids=[Command.create({"target": 1000.0, **values})],
        )
        return agreement.commitment_ids

    def test_revenue_minus_credit_notes(self):
        """Consumption is invoices minus credit notes; the forecast warns once."""
        self.make_invoice(self.nordwind, 300.0)
        self.make_invoice(self.nordwind, 50.0, move_type="out_refund")
        self.make_invoice(self.bergmann, 999.0)
        commitment = self.commit()
        self.assertAlmostEqual(commitment.consumed, 250.0)
        self.assertAlmostEqual(commitment.rate, 25.0)
        self.assertAlmostEqual(commitment.forecast, 500.0)
        self.assertAlmostEqual(commitment.shortfall, 500.0)
        for _night in range(2):
            self.run_cron()
        warnings = commitment.agreement_id.activity_ids.filtered(
            lambda activity: "missed" in activity.summary
        )
        self.assertEqual(len(warnings), 1)
        self.assertEqual(warnings.user_id, self.kam)

    def test_first_days_say_nothing(self):
        """On its first day a commitment isn't missed yet; after a month it may be."""
        agreement = self.in_force(
            date_start=self.today,
            date_end=self.today + timedelta(days=364),
            commitment_ids=[Command.create({"target": 1000.0})],
        )
        commitment = agreement.commitment_ids
        self.assertFalse(commitment.shortfall)
        with freeze_time(self.today + timedelta(days=40)):
            commitment._refresh()
            self.assertAlmostEqual(commitment.shortfall, 1000.0)

    def test_quantity_of_a_product_in_its_unit(self):
        """A dozen counts as twelve pieces; other products don't count."""
        dozen = self.env.ref("uom.product_uom_dozen")
        invoice = self.make_invoice(self.nordwind, 5.0, post=False)
        invoice.invoice_line_ids.write({"quantity": 2, "product_uom_id": dozen.id})
        invoice.action_post()
        other = self.make_invoice(self.nordwind, 5.0, post=False)
        other.invoice_line_ids.product_id = self.drill
        other.action_post()
        commitment = self.commit(
            kind="quantity", product_id=self.gloves.id, target=48.0
        )
        self.assertAlmostEqual(commitment.consumed, 24.0)
        self.assertEqual(commitment.uom_id, self.gloves.uom_id)

    def test_what_was_promised_stays(self):
        """A target of an agreement in force is neither lowered nor removed."""
        commitment = self.commit()
        mine = self.as_user(self.kam, commitment)
        with self.assertRefused("Amend it instead"):
            mine.target = 900.0
        with self.assertRefused("Amend it instead"):
            mine.unlink()
        self.assertEqual(commitment.target, 1000.0)

    def test_figures_of_a_commitment_are_the_servers(self):
        """Consumption can't be entered, and the target must be above zero."""
        commitment = self.commit()
        with self.assertRefused("can't enter", exception=AccessError):
            commitment.consumed = 5.0
        with self.assertConstraint("key.account.commitment", "must be above zero"):
            commitment.sudo().target = 0.0

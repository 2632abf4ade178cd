# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestHealth(KeyAccountCommon):
    """The health score can be explained by its components."""

    def talk(self):
        visit = "Besuch"
        self.account.message_post(
            body=visit, message_type="comment", subtype_xmlid="mail.mt_comment"
        )

    def trade(self):
        order = self.make_order(self.nordwind)
        order.action_confirm()
        order.order_line.qty_delivered = 1
        order._create_invoices().action_post()

    def test_score_is_the_weighted_mean_of_what_is_shown(self):
        """The score is the weighted mean of the rows on the account."""
        self.talk()
        self.trade()
        self.account.action_refresh_figures()
        rows = self.account.health_ids
        # There was no year before, no payment and no rated complaint: those have no
        # score and don't count.
        kinds = {"margin", "overdue", "repeat", "contact", "complaints"}
        self.assertEqual(set(rows.component_id.mapped("kind")), kinds)
        expected = sum(r.score * r.weight for r in rows) / sum(rows.mapped("weight"))
        self.assertAlmostEqual(self.account.health_score, expected, places=2)
        self.account.action_refresh_figures()
        self.assertEqual(len(self.account.health_ids), len(rows))

    def test_moved_is_the_difference_to_last_month(self):
        """The change shown is the difference between the two months' rows."""
        contact = self.env.ref(
            "key_account_management.key_account_health_component_contact"
        )
        day = datetime(2026, 3, 10, 12)
        with freeze_time(day):
            self.talk()
            self.account.action_refresh_figures()
        before = self.account.health_score
        with freeze_time(datetime(2026, 4, 10, 12)):
            self.talk()
            contact.best = 0.0
            self.account.action_refresh_figures()
            rows = self.account.health_ids
        self.assertEqual(set(rows.mapped("month")), {date(2026, 4, 1)})
        self.assertAlmostEqual(
            self.account.health_moved, self.account.health_score - before, places=4
        )
        old = self.env["key.account.health"].search(
            [("account_id", "=", self.account.id), ("month", "=", date(2026, 3, 1))]
        )
        self.assertEqual(old.component_id, rows.component_id)

    def test_last_contact_is_on_the_day_of_the_company(self):
        """A contact at 23:30 UTC counts for the next day in Berlin."""
        self.env.company.resource_calendar_id.tz = "Europe/Berlin"
        self.env["mail.message"].create(
            {
                "model": "res.partner",
                "res_id": self.anna.id,
                "message_type": "comment",
                "body": "Angebot besprochen",
                "date": datetime(2026, 2, 3, 23, 30),
            }
        )
        with freeze_time("2026-02-10 23:30:00"):
            self.account.action_refresh_figures()
            self.assertEqual(self.account.last_contact_date, date(2026, 2, 4))
            self.assertEqual(self.account.days_since_contact, 7)
        self.assertEqual(self.account.health_date, date(2026, 2, 11))

    def test_zero_weights_are_refused(self):
        """The weights can't add up to zero."""
        with self.assertRefused("add up to zero"):
            self.env["key.account.health.component"].search([]).weight = 0

    def test_low_score_sets_at_risk_with_the_reason(self):
        """A low score sets the account at risk with a reason, until it recovers."""
        self.trade()
        self.env.company.key_account_risk_score = 101
        self.account.action_refresh_figures()
        self.assertEqual(self.account.state, "at_risk")
        self.assertIn("score", self.account.risk_reason)
        self.env.company.key_account_risk_score = 1
        self.account.action_refresh_figures()
        self.assertEqual(self.account.state, "active")
        self.assertFalse(self.account.risk_reason)

    def test_activating_by_hand_clears_the_risk(self):
        """Activating the account clears the risk and its reason."""
        self.trade()
        self.env.company.key_account_risk_score = 101
        self.account.action_refresh_figures()
        self.as_user(self.kam, self.account).action_activate()
        self.assertEqual(self.account.state, "active")
        self.assertFalse(self.account.risk_reason or self.account.risk_automatic)

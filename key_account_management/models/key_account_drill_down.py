# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from .key_account_figures_sql import last_day_of_month
from .key_account_kpi import REVENUE_TYPES


class KeyAccount(models.Model):
    """Every figure opens the documents that make it up; their sum is the figure."""

    _inherit = "key.account"

    def _open_invoice_lines(self, first_day, last_day):
        """Open the posted invoice lines of a period, with their sum."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Revenue of %s", self.display_name),
            "res_model": "account.move.line",
            "view_mode": "list,pivot",
            "views": [
                (
                    self.env.ref(
                        "key_account_management.account_move_line_view_list_revenue"
                    ).id,
                    "list",
                ),
                (False, "pivot"),
            ],
            "domain": [
                ("move_id.commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("move_type", "in", REVENUE_TYPES),
                ("display_type", "in", ("product", "rounding")),
                ("tax_repartition_line_id", "=", False),
                ("move_id.invoice_date", ">=", first_day),
                ("move_id.invoice_date", "<=", last_day),
            ],
            "context": {"create": False, "edit": False},
        }

    def action_view_revenue_12m(self):
        """Open the invoice lines of the twelve months."""
        return self._open_invoice_lines(
            self.figures_from, last_day_of_month(self.figures_to)
        )

    def action_view_overdue(self):
        """Open what is past its due date and not paid."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Overdue of %s", self.display_name),
            "res_model": "account.move.line",
            "view_mode": "list",
            "views": [
                (
                    self.env.ref(
                        "key_account_management.account_move_line_view_list_overdue"
                    ).id,
                    "list",
                )
            ],
            "domain": [
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
                ("date_maturity", "<", self.figures_to),
            ],
            "context": {"create": False, "edit": False},
        }

    def action_view_open_quotations(self):
        """Open the quotations that wait for the customer's answer."""
        return self._open_documents(
            "sale.action_quotations",
            [
                ("state", "in", ("draft", "sent")),
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
            ],
            {},
        )

    def action_view_kpis(self):
        """Open the figures month by month."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.key_account_kpi_action"
        )
        action["domain"] = [("account_id", "in", self.ids)]
        action["context"] = {}
        return action

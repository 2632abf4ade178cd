# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from odoo.addons.key_account_management.models.tools.records import download


class KeyAccountRebateStatementWizard(models.TransientModel):
    """Choose the period of a statement, look at it, print it or take it along."""

    _name = "key.account.rebate.statement.wizard"
    _description = "Bonus Statement"

    rebate_id = fields.Many2one(
        "key.account.rebate", string="Bonus", required=True, readonly=True
    )
    company_id = fields.Many2one(related="rebate_id.company_id")
    period_day = fields.Date(
        string="Period of", required=True, help="Any day of the period."
    )
    day = fields.Date(string="As of", required=True, help="Invoices up to this day.")
    content = fields.Html(compute="_compute_content", sanitize=False)

    @api.depends("rebate_id", "period_day", "day")
    def _compute_content(self):
        for wizard in self:
            wizard.content = (
                wizard.rebate_id
                and wizard.period_day
                and wizard.day
                and self.env["ir.qweb"]._render(
                    "key_account_management_bonus.rebate_statement",
                    {"statement": wizard._get_statement(), "limit": 200},
                )
            )

    def _get_statement(self):
        """Return the statement that was chosen, in the language of the environment."""
        self.ensure_one()
        rebate = self.rebate_id
        rebate.check_access("read")
        # sudo: the same basis for every user who reads the bonus.
        rebate = rebate.sudo()
        return rebate._get_statement(rebate._find_period(self.period_day), self.day)

    def action_print(self):
        """Print the statement."""
        self.ensure_one()
        return self.env.ref(
            "key_account_management_bonus.rebate_statement_report_action"
        ).report_action(self)

    def action_xlsx(self):
        """Download the statement as a workbook."""
        self.ensure_one()
        return download(
            f"/key_account/bonus/{self.rebate_id.id}.xlsx"
            f"?period_day={self.period_day}&day={self.day}"
        )

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import base64

from odoo import Command, fields, models
from odoo.exceptions import UserError

from ...models.tools.records import check_export
from ...models.tools.xlsx_records import records_workbook

KINDS = [
    ("promotion", "Promotion"),
    ("demotion", "Demotion"),
    ("below", "Grace Period"),
    ("recovered", "Recovered"),
    ("locked", "Locked"),
]
#: The columns of the workbook.
COLUMNS = (
    "account_id",
    "kind",
    "from_tier_id",
    "to_tier_id",
    "old_pricelist_id",
    "new_pricelist_id",
    "old_payment_term_id",
    "new_payment_term_id",
    "old_credit_limit",
    "new_credit_limit",
    "reason",
)


class KeyAccountTierDryRun(models.TransientModel):
    """List the accounts that would change tier, with their terms before and after."""

    _name = "key.account.tier.dry.run"
    _description = "Dry Run of the Tiers"

    refresh_figures = fields.Boolean(
        default=True, help="Update the figures before they are compared."
    )
    line_ids = fields.One2many("key.account.tier.dry.run.line", "dry_run_id")
    is_done = fields.Boolean()
    xlsx_file = fields.Binary(attachment=False)
    xlsx_filename = fields.Char()

    def action_judge(self):
        """List the accounts that would move; change nothing."""
        self.ensure_one()
        accounts = self.env["key.account"].search(
            [("state", "in", ("active", "at_risk"))]
        )
        if self.refresh_figures:
            accounts.action_refresh_figures()
        moves = accounts._evaluate_tiers()
        self.write(
            {
                "is_done": True,
                "line_ids": [
                    Command.clear(),
                    *(Command.create(self._prepare_line(move)) for move in moves),
                ],
            }
        )
        return self._get_records_action(
            name=self.env._("Dry Run of the Tiers"), target="new", context={}
        )

    def _prepare_line(self, move):
        """Put the present terms beside those of the new tier."""
        account = move.account
        values = {
            "account_id": account.id,
            "kind": move.kind,
            "from_tier_id": account.tier_id.id,
            "to_tier_id": move.tier.id,
            "reason": move.reason,
        }
        for name in ("pricelist_id", "payment_term_id", "credit_limit"):
            old_value = account[f"effective_{name}"]
            new_value = account._get_benefit_in_tier(name, move.tier).value
            is_record = isinstance(new_value, models.BaseModel)
            values[f"old_{name}"] = old_value.id if is_record else old_value
            values[f"new_{name}"] = new_value.id if is_record else new_value
        return values

    def action_propose(self):
        """Propose the changes that are listed.

        :raise UserError: where no account would move
        """
        self.ensure_one()
        if not self.line_ids:
            raise UserError(
                self.env._("No account would move, so there is nothing to propose.")
            )
        self.line_ids.account_id._propose_tiers()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.key_account_tier_change_action"
        )

    def action_export(self):
        """Download the list as xlsx."""
        check_export(self.env)
        self.ensure_one()
        today = self.env.company._get_key_account_today()
        content = records_workbook(self.env._("Tiers"), self.line_ids, COLUMNS)
        self.write(
            {
                "xlsx_file": base64.b64encode(content),
                "xlsx_filename": f"tiers_{today}.xlsx",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/xlsx_file"
            f"/{self.xlsx_filename}?download=true",
            "target": "self",
        }


class KeyAccountTierDryRunLine(models.TransientModel):
    _name = "key.account.tier.dry.run.line"
    _description = "Line of a Dry Run of the Tiers"

    dry_run_id = fields.Many2one(
        "key.account.tier.dry.run", required=True, ondelete="cascade"
    )
    account_id = fields.Many2one("key.account", required=True)
    currency_id = fields.Many2one(related="account_id.currency_id")
    kind = fields.Selection(KINDS, required=True)
    from_tier_id = fields.Many2one("key.account.tier", string="Old Tier")
    to_tier_id = fields.Many2one("key.account.tier", string="New Tier")
    reason = fields.Text()
    old_pricelist_id = fields.Many2one("product.pricelist", string="Current Price List")
    new_pricelist_id = fields.Many2one("product.pricelist", string="New Price List")
    old_payment_term_id = fields.Many2one(
        "account.payment.term", string="Current Payment Terms"
    )
    new_payment_term_id = fields.Many2one(
        "account.payment.term", string="New Payment Terms"
    )
    old_credit_limit = fields.Monetary(string="Current Credit Limit")
    new_credit_limit = fields.Monetary()

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    key_account_rebate_partner_id = fields.Many2one(
        "res.partner",
        string="Customer of the Bonus",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Whose bonus is settled, where another company is billed.",
    )
    key_account_rebate_quantity = fields.Selection(
        [("return", "Counts"), ("price", "Price Correction")],
        string="Quantity for Bonuses",
        copy=False,
        help="A price correction leaves the quantities of bonuses as they are. Empty: "
        "of a credit note the prices decide when it is posted, all else counts.",
    )

    def _post(self, soft=True):
        for move in self.filtered(
            lambda move: move.move_type == "out_refund"
            and move.reversed_entry_id
            and not move.key_account_rebate_quantity
        ):
            cheaper = move._is_below_prices_of(move.reversed_entry_id)
            move.key_account_rebate_quantity = "price" if cheaper else "return"
        return super()._post(soft)

    def _is_below_prices_of(self, source):
        """Tell whether all goods are credited at less than they were invoiced at."""
        self.ensure_one()
        prices = {}
        for line in source.invoice_line_ids.filtered("product_id"):
            prices.setdefault(line.product_id, []).append(_net_price(line))
        lines = self.invoice_line_ids.filtered(lambda line: line.product_id in prices)
        return bool(lines) and all(
            self.currency_id.compare_amounts(
                _net_price(line), min(prices[line.product_id])
            )
            < 0
            for line in lines
        )

    def _get_key_account_customers(self):
        # sudo: for whom it counts is the same for every user who writes the invoice.
        return (
            self.sudo().key_account_rebate_partner_id
            | super()._get_key_account_customers()
        )

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Let the reversal of a bonus credit note take the bonus back."""
        reversals = super()._reverse_moves(default_values_list, cancel)
        for move in reversals:
            # sudo: no user writes this; copies have the lines in the same order.
            source = move.reversed_entry_id.sudo()._get_goods_lines()
            if source.key_account_rebate_settlement_id:
                for old, new in zip(
                    source, move.sudo()._get_goods_lines(), strict=True
                ):
                    new.key_account_rebate_settlement_id = (
                        old.key_account_rebate_settlement_id
                    )
                move.sudo().key_account_rebate_partner_id = (
                    source.move_id.key_account_rebate_partner_id
                )
        return reversals

    def button_draft(self):
        """Say it on bonuses that were settled with these invoices."""
        # sudo: the account of the invoice, for every user who resets it.
        counted = self.filtered(
            lambda move: move.state == "posted" and move.sudo().key_account_id
        )
        result = super().button_draft()
        for move in counted:
            move._tell_settled_rebates()
        return result

    def _tell_settled_rebates(self):
        """Leave a note on the bonuses that were settled for the day of the invoice."""
        self.ensure_one()
        if self._settles_rebate():
            return
        # sudo: the note is the system's.
        move = self.sudo()
        settlements = move.env["key.account.rebate.settlement"].search(
            [
                ("account_id", "parent_of", move.key_account_id.id),
                ("state", "=", "settled"),
                ("date_from", "<=", move.invoice_date),
                ("date_to", ">=", move.invoice_date),
            ]
        )
        settlements.rebate_id._message_log_batch(
            bodies={
                rebate.id: self.env._(
                    "%s was put back to draft after the bonus was settled. The "
                    "next settlement takes the difference.",
                    move.name,
                )
                for rebate in settlements.rebate_id
            }
        )

    def _settles_rebate(self):
        """Tell whether the document pays a bonus."""
        self.ensure_one()
        # sudo: whether it does, whatever the user can read.
        return bool(self.sudo().invoice_line_ids.key_account_rebate_settlement_id)

    def _pays_out(self):
        """A bonus gives money and credits no goods."""
        return super()._pays_out() or self._settles_rebate()

    def _is_means_of_payment(self):
        """A bonus that settles an invoice takes no points of that invoice back."""
        return super()._is_means_of_payment() or self._settles_rebate()

    def _has_rebate_note(self):
        """Tell whether the invoice says that a bonus is agreed: § 14 (4) no. 7 UStG."""
        self.ensure_one()
        # sudo: the print is the same for every reader.
        move = self.sudo()
        return bool(
            move.move_type == "out_invoice"
            and move.company_id.key_account_rebate_note
            and move.key_account_id
            and move.key_account_id._get_running_rebates(move._key_account_date())
        )

    def _get_goods_lines(self):
        return self.line_ids.filtered(
            lambda line: line.display_type == "product"
        ).sorted("id")


def _net_price(line):
    return line.price_unit * (1 - (line.discount or 0.0) / 100)

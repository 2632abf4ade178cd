# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KeyAccountRebateExclusion(models.Model):
    """An invoice line that doesn't count for a bonus, and why; never deleted."""

    _name = "key.account.rebate.exclusion"
    _description = "Line Left out of a Bonus"
    _inherit = ["key.account.server.written"]
    _order = "id desc"
    _scope_fields = ("rebate_id",)

    rebate_id = fields.Many2one(
        "key.account.rebate", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rebate_id.company_id", store=True)
    line_id = fields.Many2one(
        "account.move.line",
        string="Invoice Line",
        required=True,
        index=True,
        ondelete="cascade",
    )
    reason = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Left out by",
        default=lambda self: self.env.user,
        readonly=True,
    )

    _line_uniq = models.Constraint(
        "unique (rebate_id, line_id)", "This line is left out of the bonus already."
    )

    @api.constrains("reason")
    def _check_reason(self):
        for exclusion in self:
            if not exclusion.reason.strip():
                raise ValidationError(self.env._("Say why the line doesn't count."))

    @api.model_create_multi
    def create(self, vals_list):
        exclusions = super().create(vals_list)
        exclusions._check_line()
        for exclusion in exclusions:
            # sudo: the line may be in an invoice that the user can't open.
            line = exclusion.sudo().line_id
            exclusion.rebate_id.message_post(
                body=self.env._(
                    "Left out of the bonus: %(line)s of %(move)s. %(reason)s",
                    line=line.name or line.product_id.display_name or "",
                    move=line.move_id.name,
                    reason=exclusion.reason,
                )
            )
        return exclusions

    def _check_line(self):
        """Refuse lines that the bonus is not about: they aren't the user's to read."""
        for exclusion in self:
            # sudo: whose the line is, also where the user can't open the invoice.
            rebate, move = exclusion.sudo().rebate_id, exclusion.sudo().line_id.move_id
            customer = move.key_account_partner_id or move.commercial_partner_id
            if (
                customer not in rebate._get_members().partner_id
                or move.company_id.root_id != rebate.company_id.root_id
                or not move.is_sale_document(include_receipts=True)
            ):
                raise ValidationError(
                    self.env._(
                        "The line doesn't count for “%s” in any case.", rebate.name
                    )
                )

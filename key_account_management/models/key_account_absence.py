# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class KeyAccount(models.Model):
    """Who answers for the customer today: the manager, or the deputy in an absence."""

    _inherit = "key.account"

    absence_start = fields.Date(
        string="Absent From", help="First day on which the deputy takes over."
    )
    absence_end = fields.Date(
        string="Absent Until", help="Last day on which the deputy stands in."
    )
    is_manager_absent = fields.Boolean(compute="_compute_acting_manager_id")
    acting_manager_id = fields.Many2one(
        "res.users",
        string="In Charge Today",
        compute="_compute_acting_manager_id",
        search="_search_acting_manager_id",
        help="The deputy while the account manager is absent, else the account "
        "manager.",
    )

    _absence_order = models.Constraint(
        "CHECK (absence_end IS NULL OR absence_start IS NOT NULL "
        "AND absence_end >= absence_start)",
        "An absence needs a first day, and can't end before it begins.",
    )

    @api.constrains("absence_start", "deputy_id")
    def _check_absence_has_deputy(self):
        for account in self:
            if account.absence_start and not account.deputy_id:
                raise ValidationError(
                    self.env._(
                        "%s: name a deputy who takes over during the absence.",
                        account.display_name,
                    )
                )

    @api.depends("manager_id", "deputy_id", "absence_start", "absence_end")
    def _compute_acting_manager_id(self):
        # The day changes at the user's midnight, not at that of UTC.
        today = fields.Date.context_today(self)
        for account in self:
            account.is_manager_absent = bool(
                account.deputy_id
                and account.absence_start
                and account.absence_start <= today
                and (not account.absence_end or today <= account.absence_end)
            )
            account.acting_manager_id = (
                account.deputy_id if account.is_manager_absent else account.manager_id
            )

    @api.model
    def _search_acting_manager_id(self, operator, value):
        if operator not in ("in", "any", "ilike", "="):
            return NotImplemented
        today = fields.Date.context_today(self)
        absent = Domain(
            [
                ("deputy_id", "!=", False),
                ("absence_start", "<=", today),
                "|",
                ("absence_end", "=", False),
                ("absence_end", ">=", today),
            ]
        )
        return (absent & Domain("deputy_id", operator, value)) | (
            ~absent & Domain("manager_id", operator, value)
        )

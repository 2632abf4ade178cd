# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from . import tier_rules

#: Figure on the account -> fields of the tier with the entry and the keep threshold.
CRITERIA = {
    "revenue_12m": ("min_revenue", "keep_revenue"),
    "margin_rate": ("min_margin", "keep_margin"),
    "order_count_12m": ("min_orders", "keep_orders"),
    "days_to_pay": ("max_payment_days", "keep_payment_days"),
}


class KeyAccountTier(models.Model):
    """What it takes to come into a tier, and what to stay."""

    _inherit = "key.account.tier"

    keep_revenue = fields.Monetary(
        string="Revenue to Stay", help="0: as much as to come in."
    )
    keep_margin = fields.Float(
        string="Margin to Stay (%)", help="0: as much as to come in."
    )
    keep_orders = fields.Integer(
        string="Orders to Stay", help="0: as many as to come in."
    )
    keep_payment_days = fields.Float(
        string="Days to Pay to Stay", help="0: as many as to come in."
    )

    def _get_criteria(self):
        """Return the criteria as :mod:`tier_rules` wants them."""
        self.ensure_one()
        return {
            figure: (self[entry], self[keep])
            for figure, (entry, keep) in CRITERIA.items()
        }

    def _figure_label(self, figure):
        """Return the label of the field that holds a criterion, in the user's words."""
        return self.fields_get([CRITERIA[figure][0]], ["string"])[CRITERIA[figure][0]][
            "string"
        ]

    @api.constrains(
        *(entry for entry, _keep in CRITERIA.values()), "sequence", "active"
    )
    def _check_no_overlap(self):
        """A lower tier must not stand in the shadow of a higher one."""
        for company in self.company_id or [self.env["res.company"]]:
            tiers = self.search([("company_id", "in", [False, company.id])])
            for position, higher in enumerate(tiers):
                for lower in tiers[position + 1 :]:
                    self._check_pair(higher, lower)

    def _check_pair(self, higher, lower):
        if tier_rules.shadows(higher._get_criteria(), lower._get_criteria()):
            raise ValidationError(
                self.env._(
                    "The thresholds overlap: whoever reaches %(lower)s reaches "
                    "%(higher)s as well, which stands above it, so nobody would ever "
                    "be in %(lower)s. Raise a threshold of %(higher)s or change the "
                    "order of the tiers.",
                    higher=higher.name,
                    lower=lower.name,
                )
            )

    @api.constrains(*(name for pair in CRITERIA.values() for name in pair))
    def _check_keep_is_easier(self):
        for tier in self:
            for figure, (entry, keep) in CRITERIA.items():
                if not tier[keep]:
                    continue
                low_is_good = figure in tier_rules.LOW_IS_GOOD
                harder = (
                    tier[keep] < tier[entry]
                    if low_is_good
                    else tier[keep] > tier[entry]
                )
                if harder or not tier[entry]:
                    raise ValidationError(
                        self.env._(
                            "%(tier)s: to stay can't take more than to come in "
                            "(“%(criterion)s”).",
                            tier=tier.name,
                            criterion=tier._figure_label(figure),
                        )
                    )

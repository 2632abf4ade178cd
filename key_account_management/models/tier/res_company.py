# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.tools.date_utils import get_fiscal_year, get_quarter

from .tier_window import periods


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_tier_window = fields.Selection(
        [
            ("rolling", "The Last Twelve Months"),
            ("calendar_year", "Calendar Year"),
            ("fiscal_year", "Fiscal Year"),
            ("quarter", "Quarter"),
        ],
        string="Period for Tiers",
        default="rolling",
        required=True,
        help="Revenue, margin and orders of this period are compared with the criteria "
        "of the tiers. Of a year or quarter the one that runs counts, and the one "
        "before: a tier that was earned is kept until the next one ends. Days to pay "
        "are always those of twelve months.",
    )

    def _get_key_account_tier_periods(self, today):
        """Return the periods in which tiers are earned, the one that runs first.

        :param today: the company's day
        :return: list of (first day, last day); none where the last twelve months count
        """
        period_of = self._get_key_account_tier_period_of()
        return periods(period_of, today) if period_of else []

    def _get_key_account_tier_period_of(self):
        """Return the function from a day to the first and last day of its period.

        :return: function, None where the last twelve months count
        """
        self.ensure_one()

        def fiscal_year_of(day):
            found = self.compute_fiscalyear_dates(day)
            return found["date_from"], found["date_to"]

        return {
            "calendar_year": get_fiscal_year,
            "fiscal_year": fiscal_year_of,
            "quarter": get_quarter,
        }.get(self.key_account_tier_window)

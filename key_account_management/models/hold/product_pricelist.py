# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..tools.groups import ALL_ACCOUNTS, DIRECTOR


class ProductPricelist(models.Model):
    """A floor below the company's is for those who could release such orders."""

    _inherit = "product.pricelist"

    def _decision_groups(self):
        groups = super()._decision_groups()
        floor = self.key_account_margin_floor
        for company in self._get_key_account_companies():
            gap = company.key_account_margin_floor - floor
            if not floor or gap <= 0:
                continue
            allowed = {DIRECTOR}
            if gap <= company.key_account_floor_tolerance:
                allowed.add(ALL_ACCOUNTS)
            groups = [group for group in groups if group in allowed]
        return groups

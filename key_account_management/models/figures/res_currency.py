# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import UserError


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def _check_key_account_rate(self, company):
        """Refuse currencies without any rate: amounts would count one to one.

        :param company: the ``res.company`` whose currency the figures are in
        :raise UserError: names the currencies
        """
        foreign = self - company.currency_id
        if not foreign:
            return
        rates = self.env["res.currency.rate"]._read_group(
            [
                ("currency_id", "in", foreign.ids),
                ("company_id", "in", [False, company.root_id.id]),
            ],
            ["currency_id"],
        )
        missing = foreign - self.browse().union(*(row[0] for row in rates))
        if missing:
            raise UserError(
                self.env._(
                    "There is no exchange rate for %(currencies)s, so amounts would "
                    "count one to one as %(own)s in the figures of the key account. "
                    "Enter a rate under Accounting > Configuration > Currencies first.",
                    currencies=", ".join(missing.mapped("name")),
                    own=company.currency_id.name,
                )
            )

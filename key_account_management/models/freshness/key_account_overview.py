# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.tools import format_date


class KeyAccountOverview(models.AbstractModel):
    """Data that is missing or old, and when each person was verified."""

    _inherit = "key.account.overview"

    def _overview_people(self):
        """Add to each of the people when its data was last verified."""
        people = super()._overview_people()
        partners = self.env["res.partner"].browse([row["id"] for row in people])
        for row, partner in zip(people, partners, strict=True):
            day = partner.key_account_verified_date
            row["verified"] = format_date(self.env, day) if day else ""
        return people

    def _overview_open(self):
        rows = super()._overview_open()
        score, gaps = self._get_data_scores().get(self.id, (100, None))
        if gaps:
            labels = self.env["key.account.data.rule"]._get_labels()
            rows.append(
                self._open_row(
                    self.env._("Missing Data: %s", self._name_gaps(gaps, labels)),
                    self.env._("%s %%", score),
                    "action_view_customer",
                    bad=score < self.company_id.key_account_data_minimum,
                )
            )
        if self.is_data_old:
            rows.append(
                self._open_row(
                    self.env._("Customer data verified today?"),
                    format_date(self.env, self.data_verified_date)
                    or self.env._("never"),
                    "action_verify_data",
                    bad=True,
                )
            )
        return rows

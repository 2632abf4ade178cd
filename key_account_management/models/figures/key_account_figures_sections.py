# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.fields import Domain


class KeyAccountFiguresSections(models.AbstractModel):
    """What figures add to a monthly report: targets, and health with its causes."""

    _name = "key.account.figures.sections"
    _description = "Figures in the Monthly Report"

    def _report_targets(self, period):
        """Return the targets that run in the month, those of managers for several."""
        own = Domain("account_id", "in", self.ids)
        if len(self) > 1:
            own |= Domain("scope", "=", "manager") & Domain(
                "user_id", "in", self.manager_id.ids
            )
        targets = self.env["key.account.target"].search(
            own
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("date_from", "<=", period[1])
            & Domain("date_to", ">=", period[0])
        )
        rows = self._get_target_rows(targets)
        if not rows:
            return []
        return [
            {
                "key": "targets",
                "sequence": 5,
                "title": self.env._("Targets"),
                "internal": True,
                "head": True,
                "columns": [
                    (self.env._("Target"), "text"),
                    (self.env._("Figure"), "text"),
                    (self.env._("To Be Reached"), "money"),
                    (self.env._("Achieved"), "money"),
                    (self.env._("Achieved (%)"), "decimal"),
                    (self.env._("Forecast"), "money"),
                ],
                "rows": rows,
            }
        ]

    @api.model
    def _get_target_rows(self, targets):
        """Return a row for revenue and margin of each target, where it names one."""
        labels = {"revenue": self.env._("Revenue"), "margin": self.env._("Margin")}
        return [
            (
                target.name,
                label,
                target[f"target_{kind}"],
                target[kind],
                target[f"{kind}_rate"],
                target[f"{kind}_forecast"],
            )
            for target in targets
            for kind, label in labels.items()
            if target[f"target_{kind}"]
        ]

    def _report_health(self, period):
        """Return the components of the month's health, the one that moved most first.

        Of several accounts the one of each that moved it most.
        """
        found = self.env["key.account.health"].search(
            [("account_id", "in", self.ids), ("month", "=", period[0])]
        )
        ranked = found.sorted(lambda row: -abs(row.moved * row.weight))
        if len(self) > 1:
            first = [rows[0] for rows in ranked.grouped("account_id").values()]
            ranked = found.browse([row.id for row in first if row.moved])
        if not ranked:
            return []
        return [
            {
                "key": "health",
                "sequence": 45,
                "title": self.env._("Health and What Moved It"),
                "internal": True,
                "head": True,
                "columns": [
                    self._report_account_column(),
                    (self.env._("Component"), "text"),
                    (self.env._("Figure"), "decimal"),
                    (self.env._("Score"), "number"),
                    (self.env._("Moved"), "decimal"),
                ],
                "rows": [
                    (
                        row.account_id.partner_name,
                        row.component_id.name,
                        row.raw,
                        round(row.score),
                        row.moved,
                    )
                    for row in ranked
                ],
            }
        ]

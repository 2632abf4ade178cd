# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...models.tools.company_day import start_of_day


class KeyAccountComplaintPareto(models.TransientModel):
    """The few causes that most complaints come from."""

    _name = "key.account.complaint.pareto"
    _description = "Pareto of Complaints"

    dimension = fields.Selection(
        [
            ("root_cause_kind", "Kind of Cause"),
            ("category_id", "Category"),
            ("product_id", "Product"),
            ("department_id", "Department"),
            ("account_id", "Key Account"),
            ("severity", "Severity"),
        ],
        string="By",
        default="category_id",
        required=True,
    )
    measure = fields.Selection(
        [("count", "Number"), ("cost", "Cost")], default="count", required=True
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self)
        - relativedelta(years=1, days=-1),
    )
    date_to = fields.Date(
        string="Until", required=True, default=fields.Date.context_today
    )
    pareto = fields.Json(compute="_compute_pareto")

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A period can't end before it begins."
    )

    @api.depends("dimension", "measure", "date_from", "date_to")
    def _compute_pareto(self):
        for wizard in self:
            wizard.pareto = (
                wizard.date_from
                and wizard.date_to
                and wizard.dimension
                and {
                    "currency_id": self.env.company.currency_id.id,
                    "measure": wizard.measure,
                    "rows": wizard._get_rows(),
                }
            )

    def _get_domain(self):
        """Return which complaints count: received in the period, in this company."""
        self.ensure_one()
        tz = self.env.company._get_key_account_tz()
        after = self.date_to + relativedelta(days=1)
        return Domain(
            [
                ("company_id", "=", self.env.company.id),
                ("stage_kind", "!=", "cancelled"),
                ("create_date", ">=", start_of_day(self.date_from, tz)),
                ("create_date", "<", start_of_day(after, tz)),
            ]
        )

    def _get_rows(self):
        """Return the causes, the weightiest first, with what they add up to.

        :return: list of dict: label, count, cost (company currency), share and
            cumulative share of the measure in percent
        """
        self.ensure_one()
        Complaint = self.env["key.account.complaint"]
        groups = Complaint._read_group(
            self._get_domain(), [self.dimension], ["__count", "cost:sum"]
        )
        field = Complaint._fields[self.dimension]
        labels = (
            dict(field._description_selection(self.env))
            if field.type == "selection"
            else {}
        )
        rows = [
            {
                "label": (labels.get(value) if labels else value.display_name)
                or self.env._("Not said"),
                "count": count,
                "cost": cost,
            }
            for value, count, cost in groups
        ]
        rows.sort(key=lambda row: (-row[self.measure], row["label"]))
        total, running = sum(row[self.measure] for row in rows), 0
        for row in rows:
            running += row[self.measure]
            row["share"] = 100.0 * row[self.measure] / total if total else 0.0
            row["cumulative"] = 100.0 * running / total if total else 0.0
        return rows

    def action_export(self):
        """Download complaints, Pareto and months as a workbook."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/key_account/complaints/{self.id}.xlsx",
            "target": "download",
        }

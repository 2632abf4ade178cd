# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from ...models.figures.key_account_figures import CLASSES

#: So many customers have a bar of their own; the rest shares one.
BARS = 20
#: Fields of ``key.account.customer`` that go with a measure.
FIELDS = {
    "revenue": ("revenue_class", "revenue_share", "revenue_cumulative"),
    "margin": ("margin_class", "margin_share", "margin_cumulative"),
}


class KeyAccountConcentration(models.TransientModel):
    """On how few customers the company depends, by revenue and by margin."""

    _name = "key.account.concentration"
    _description = "Concentration of Revenue and Margin"

    measure = fields.Selection(
        [("revenue", "Revenue"), ("margin", "Margin")],
        default="revenue",
        required=True,
    )
    concentration = fields.Json(compute="_compute_concentration")

    @api.depends("measure")
    @api.depends_context("uid", "lang", "company")
    def _compute_concentration(self):
        labels = dict(self._fields["measure"]._description_selection(self.env))
        for wizard in self:
            measure = wizard.measure or "revenue"
            rows = self._get_rows(measure)
            wizard.concentration = {
                "company_id": self.env.company.id,
                "currency_id": self.env.company.currency_id.id,
                "measure": "amount",
                "label": labels[measure],
                "sentence": self._get_sentence(measure, labels[measure]),
                "rows": rows,
                "matrix": self._get_matrix(measure),
                "classes": [label for _key, label in CLASSES],
                "revenue_label": labels["revenue"],
                "margin_label": labels["margin"],
            }

    def _get_sentence(self, measure, label):
        """Say how few customers bring most of it."""
        class_name = FIELDS[measure][0]
        groups = self.env["key.account.customer"]._read_group(
            [*self._get_domain(), (class_name, "!=", False)],
            [class_name],
            ["__count"],
        )
        counts = dict(groups)
        return self.env._(
            "%(few)s of %(all)s customers bring the first 80 %% of %(measure)s.",
            few=counts.get("a", 0),
            all=sum(counts.values()),
            measure=label,
        )

    def _get_domain(self):
        return [("company_id", "=", self.env.company.id)]

    def _get_rows(self, measure):
        """Return the largest customers and the rest, each with its share.

        :param str measure: ``revenue`` or ``margin``
        :return: list of dict: id, label, class, account (whether there is one), amount
            (company currency), share and cumulative share in percent
        """
        class_name, share, cumulative = FIELDS[measure]
        Customer = self.env["key.account.customer"]
        domain = [*self._get_domain(), (class_name, "!=", False)]
        customers = Customer.search(domain, order=f"{measure} desc, id", limit=BARS)
        rows = [
            {
                "id": customer.id,
                "label": customer.partner_id.display_name,
                "class": (customer[class_name] or "").upper(),
                "account": bool(customer.account_id),
                "amount": customer[measure],
                "share": customer[share],
                "cumulative": customer[cumulative],
            }
            for customer in customers
        ]
        [(count, total, shares)] = Customer._read_group(
            domain, [], ["__count", f"{measure}:sum", f"{share}:sum"]
        )
        if count > len(rows):
            rows.append(
                {
                    "id": 0,
                    "label": self.env._("%s others", count - len(rows)),
                    "class": "",
                    "account": True,
                    "amount": total - sum(row["amount"] for row in rows),
                    "share": shares - sum(row["share"] for row in rows),
                    "cumulative": 100.0,
                }
            )
        return rows

    def _get_matrix(self, measure):
        """Return the three by three: classes by revenue in rows, by margin in columns.

        :return: list of rows, each a list of dict: revenue and margin (the classes),
            count and amount
        """
        groups = self.env["key.account.customer"]._read_group(
            self._get_domain(),
            ["revenue_class", "margin_class"],
            ["__count", f"{measure}:sum"],
        )
        found = {(row, column): rest for row, column, *rest in groups}
        keys = [key for key, _label in CLASSES]
        return [
            [
                {
                    "revenue": row,
                    "margin": column,
                    "count": found.get((row, column), (0, 0.0))[0],
                    "amount": found.get((row, column), (0, 0.0))[1],
                }
                for column in keys
            ]
            for row in keys
        ]

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import fields, models

from .key_account_health_component import RAW_COUNTS, RAW_FIELDS

#: What a complaint counts in the health of its account.
SEVERITY_POINTS = {"minor": 1, "major": 2, "critical": 4}

RAW_FIELDS.update(
    {"complaints": "complaint_points_12m", "satisfaction": "complaint_satisfaction"}
)
RAW_COUNTS["satisfaction"] = "complaint_rating_count"


class KeyAccountHealthComponent(models.Model):
    _inherit = "key.account.health.component"

    kind = fields.Selection(
        selection_add=[
            ("complaints", "Complaints of 12 Months, by Severity"),
            ("satisfaction", "Satisfaction with the Handling (1 to 5)"),
        ],
        ondelete={"complaints": "cascade", "satisfaction": "cascade"},
    )


class KeyAccount(models.Model):
    """What complaints say about the health of an account."""

    _inherit = "key.account"

    complaint_points_12m = fields.Integer(
        compute="_compute_complaint_health",
        help="Complaints of twelve months: a minor one counts 1, a major one 2, a "
        "critical one 4.",
    )
    complaint_satisfaction = fields.Float(
        compute="_compute_complaint_health",
        help="Mean of the ratings of twelve months after complaints were closed.",
    )
    complaint_rating_count = fields.Integer(
        string="Ratings of Complaints", compute="_compute_complaint_health"
    )
    complaint_cost_12m = fields.Monetary(
        string="Cost of Complaints",
        compute="_compute_complaint_health",
        help="Of the complaints of twelve months, in company currency.",
    )

    def _compute_complaint_health(self):
        since = fields.Datetime.now() - relativedelta(months=12)
        points, costs = {}, {}
        # sudo: figures of the account, counted over all its complaints.
        groups = (
            self.env["key.account.complaint"]
            .sudo()
            ._read_group(
                [
                    ("account_id", "in", self.ids),
                    ("create_date", ">=", since),
                    ("stage_kind", "!=", "cancelled"),
                ],
                ["account_id", "severity"],
                ["__count", "cost:sum", "id:array_agg"],
            )
        )
        account_of = {}
        for account, severity, count, cost, ids in groups:
            points[account.id] = (
                points.get(account.id, 0) + SEVERITY_POINTS[severity] * count
            )
            costs[account.id] = costs.get(account.id, 0.0) + cost
            account_of.update(dict.fromkeys(ids, account.id))
        ratings = self._complaint_ratings(account_of)
        for account in self:
            account.complaint_points_12m = points.get(account.id, 0)
            account.complaint_cost_12m = costs.get(account.id, 0.0)
            given = ratings.get(account.id, [])
            account.complaint_rating_count = len(given)
            account.complaint_satisfaction = sum(given) / len(given) if given else 0.0

    def _complaint_ratings(self, account_of):
        """Return the ratings that customers gave, by account.

        :param dict account_of: complaint id -> account id
        """
        ratings = {}
        if account_of:
            # sudo: as above.
            groups = (
                self.env["rating.rating"]
                .sudo()
                ._read_group(
                    [
                        ("res_model", "=", "key.account.complaint"),
                        ("res_id", "in", list(account_of)),
                        ("consumed", "=", True),
                        ("rating", ">=", 1),
                    ],
                    ["res_id"],
                    ["rating:avg"],
                )
            )
            for complaint_id, rating in groups:
                ratings.setdefault(account_of[complaint_id], []).append(rating)
        return ratings

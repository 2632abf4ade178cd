# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..account.key_account_overview import RECENT
from ..tools.company_day import company_tz_sql, day_sql, start_of_day
from ..tools.records import count_related, open_records
from .key_account_complaint_stage import OPEN

#: Points of a complaint in the health of its account.
SEVERITY_POINTS = {"minor": 1, "major": 2, "critical": 4}


class KeyAccount(models.Model):
    """The complaints of an account, and what a critical one holds up."""

    _inherit = "key.account"

    complaint_ids = fields.One2many("key.account.complaint", "account_id")
    complaint_count = fields.Integer(
        compute="_compute_complaint_count", string="Open Complaints"
    )
    critical_complaint_count = fields.Integer(
        compute="_compute_critical_complaint_count",
        string="Open Critical Complaints",
    )
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

    @api.depends("complaint_ids.stage_kind")
    def _compute_complaint_count(self):
        counts = count_related(self, "key.account.complaint", "account_id", OPEN)
        for account in self:
            account.complaint_count = counts.get(account._origin.id, 0)

    @api.depends("complaint_ids.stage_kind", "complaint_ids.severity")
    def _compute_critical_complaint_count(self):
        counts = self._count_critical_complaints()
        for account in self:
            account.critical_complaint_count = counts.get(account.id, 0)

    def _count_critical_complaints(self):
        """Count the open critical complaints in one query.

        :return: dict of account id -> number, 0 where there is none
        """
        # sudo: only that there is one, not what it is.
        complaints = self.env["key.account.complaint"].sudo()
        critical = OPEN & Domain("severity", "=", "critical")
        return count_related(self, complaints, "account_id", critical)

    def action_view_complaints(self):
        """Open the complaints of the account."""
        self.ensure_one()
        return open_records(
            self.env,
            "key_account_management.key_account_complaint_action",
            [("account_id", "=", self.id)],
            context={
                "default_partner_id": self.partner_id.id,
                # The button counts the open ones.
                "search_default_open": bool(self.complaint_count),
            },
        )

    def _compute_complaint_health(self):
        since = fields.Datetime.now() - relativedelta(months=12)
        points, costs = {}, {}
        # sudo: figures of the account, counted over all its complaints.
        Complaint = self.env["key.account.complaint"].sudo()
        groups = Complaint._read_group(
            [
                ("account_id", "in", self.ids),
                ("create_date", ">=", since),
                ("stage_kind", "!=", "cancelled"),
            ],
            ["account_id", "severity"],
            ["__count", "cost:sum", "id:array_agg"],
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

    def _health_facts(self):
        facts = super()._health_facts()
        for account in self:
            # No complaint about nothing is no good mark.
            if account.order_count_12m or account.complaint_points_12m:
                facts[account.id]["complaints"] = account.complaint_points_12m
            if account.complaint_rating_count:
                facts[account.id]["satisfaction"] = account.complaint_satisfaction
        return facts

    def _complaint_ratings(self, account_of):
        """Return the customers' ratings by account.

        :param dict account_of: complaint id -> account id
        """
        ratings = {}
        if account_of:
            # sudo: as above.
            Rating = self.env["rating.rating"].sudo()
            groups = Rating._read_group(
                [
                    ("res_model", "=", "key.account.complaint"),
                    ("res_id", "in", list(account_of)),
                    ("consumed", "=", True),
                    ("rating", ">=", 1),
                ],
                ["res_id"],
                ["rating:avg"],
            )
            for complaint_id, rating in groups:
                ratings.setdefault(account_of[complaint_id], []).append(rating)
        return ratings

    @api.model
    def _waterfall_steps(self):
        return {**super()._waterfall_steps(), "complaint": self.env._("Complaint Cost")}

    @api.model
    def _waterfall_scope_sql(self):
        """Leave replacements at no price out: they are the cost of a complaint."""
        return SQL(
            "%s AND NOT (sale.key_account_complaint_id IS NOT NULL "
            "AND COALESCE(sold.price_subtotal, 0) = 0)",
            super()._waterfall_scope_sql(),
        )

    def _waterfall_amounts(self, date_from, date_to):
        """Deduct what complaints cost besides their credit notes.

        Credit notes are a step of their own once they are posted. Replacements count
        until their invoice is posted; from then on they are in the cost of goods.
        """
        amounts = super()._waterfall_amounts(date_from, date_to)
        cost = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(COALESCE(complaint.extra_cost, 0)
                       + CASE WHEN EXISTS (
                           SELECT 1 FROM sale_order replacement
                            WHERE replacement.key_account_complaint_id = complaint.id
                              AND replacement.invoice_status = 'invoiced')
                       THEN 0 ELSE COALESCE(complaint.replacement_cost, 0) END), 0)
                  FROM key_account_complaint complaint
                 WHERE complaint.account_id = ANY(%(ids)s)
                   AND complaint.stage_kind != 'cancelled'
                   AND %(day)s BETWEEN %(date_from)s AND %(date_to)s
                """,
                day=day_sql(
                    SQL("complaint.create_date"),
                    company_tz_sql(SQL("complaint.company_id")),
                ),
                ids=self.ids,
                date_from=date_from,
                date_to=date_to,
            )
        )[0][0]
        amounts["complaint"] = amounts.get("complaint", 0.0) - float(cost)
        return amounts

    def _get_demotion_obstacles(self):
        """A customer whom we let down isn't demoted for buying less."""
        obstacles = super()._get_demotion_obstacles()
        for account_id, count in self._count_critical_complaints().items():
            if count:
                obstacles[account_id].append(
                    self.env._("Demotion is on hold: a critical complaint is open.")
                )
        return obstacles

    def _report_sections(self, period):
        """Add the complaints that are open or came in during the month."""
        sections = super()._report_sections(period)
        company = self.company_id
        tz = company._get_key_account_tz()
        first, last = period
        came_in = Domain("create_date", ">=", start_of_day(first, tz)) & Domain(
            "create_date", "<", start_of_day(last + relativedelta(days=1), tz)
        )
        complaints = self.env["key.account.complaint"].search(
            Domain("account_id", "in", self.ids)
            & Domain("stage_kind", "!=", "cancelled")
            & (Domain("stage_kind", "!=", "done") | came_in),
            order="id desc",
        )
        sections.append(
            {
                "key": "complaints",
                "sequence": 40,
                "title": self.env._("Complaints"),
                "columns": [
                    (self.env._("Number"), "text"),
                    (self.env._("Subject"), "text"),
                    (self.env._("Received"), "day"),
                    (self.env._("Stage"), "text"),
                ],
                "rows": [
                    (
                        complaint.name,
                        complaint.subject,
                        company._to_key_account_day(complaint.create_date),
                        complaint.stage_id.name,
                    )
                    for complaint in complaints
                ],
            }
        )
        return [*sections, *self._report_clocks(complaints)]

    def _report_clocks(self, complaints):
        """Count how the clocks of complaints stand: first answer and solution.

        :param complaints: those that are open or came in during the month
        """
        if not complaints:
            return []
        states = dict(
            complaints._fields["response_state"]._description_selection(self.env)
        )
        clocks = {
            "response_state": self.env._("First Answer"),
            "resolution_state": self.env._("Solution"),
        }
        rows = []
        for fname, label in clocks.items():
            groups = complaints.grouped(fname)
            rows += [
                (label, name, len(groups[state]))
                for state, name in states.items()
                if state in groups
            ]
        if not rows:
            return []
        return [
            {
                "key": "complaint_clocks",
                "sequence": 41,
                "title": self.env._("Complaints by Clock"),
                "internal": True,
                "head": True,
                "columns": [
                    (self.env._("Clock"), "text"),
                    (self.env._("Status"), "text"),
                    (self.env._("Number"), "number"),
                ],
                "rows": rows,
            }
        ]

    def _overview_open(self):
        rows = super()._overview_open()
        if self.complaint_count:
            rows.append(
                self._open_row(
                    self.env._("Open Complaints"),
                    str(self.complaint_count),
                    "action_view_complaints",
                    bad=True,
                )
            )
        return rows

    def _overview_recent(self):
        rows = super()._overview_recent()
        complaints = self.env["key.account.complaint"].search(
            [("account_id", "=", self.id)], order="id desc", limit=RECENT
        )
        for complaint in complaints:
            day = complaint.company_id._to_key_account_day(complaint.create_date)
            label = self.env._("Complaint %s", complaint.display_name)
            rows.append(
                (day, self._recent(complaint, "fa-exclamation-triangle", label))
            )
        return rows

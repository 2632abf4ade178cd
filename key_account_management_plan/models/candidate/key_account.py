# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL

#: What a candidate has in common with one of our best accounts, in points of 100.
SEGMENT, INDUSTRY, COUNTRY, REGION, COMPETITOR = 40, 25, 10, 5, 20


class KeyAccount(models.Model):
    """Where a candidate comes from, and which of our best accounts it is like."""

    _inherit = "key.account"

    candidate_source = fields.Selection(
        [
            ("lead", "Lead"),
            ("referral", "Referral"),
            ("fair", "Trade Fair"),
            ("research", "Own Research"),
            ("other", "Other"),
        ],
        string="Found By",
        tracking=True,
    )
    candidate_lead_id = fields.Many2one(
        "crm.lead", string="From Lead", readonly=True, copy=False, ondelete="set null"
    )
    look_alike_id = fields.Many2one(
        "key.account",
        compute="_compute_look_alike",
        string="Like",
        help="The account of the best class with which it has most in common.",
    )
    look_alike_score = fields.Integer(
        compute="_compute_look_alike",
        string="Likeness (%)",
        help="Segment 40, industry 25, same competitor 20, country 10, region 5.",
    )
    incumbent_id = fields.Many2one(
        "key.account.competitor",
        compute="_compute_incumbent",
        string="Incumbent",
        help="The competitor with the largest share of the customer's demand.",
    )
    incumbent_end = fields.Date(
        compute="_compute_incumbent", string="Incumbent's Contract Ends"
    )

    @api.depends_context("uid")
    @api.depends("segment_id", "partner_id.industry_id", "share_ids.is_current")
    def _compute_look_alike(self):
        found = self._find_look_alikes()
        for account in self:
            like, score = found.get(account._origin.id, (False, 0))
            account.look_alike_id = like
            account.look_alike_score = score

    def _find_look_alikes(self):
        """Return the most similar of the best accounts that the user may read.

        :return: dict of account id -> (id of the other one, points of 100)
        """
        if not self.ids:
            return {}
        self.env.flush_all()
        best = self.search([("state", "=", "active"), ("abc_class", "=", "a")])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (candidate.id) candidate.id, best.id, likeness.points
                  FROM key_account candidate
                  JOIN res_partner theirs ON theirs.id = candidate.partner_id
                  JOIN key_account best ON best.id = ANY(%(best)s)
                   AND best.id != candidate.id
                   AND best.company_id = candidate.company_id
                  JOIN res_partner ours ON ours.id = best.partner_id
            CROSS JOIN LATERAL (SELECT
                       %(segment)s * (best.segment_id = candidate.segment_id)::int
                           AS segment) same
            CROSS JOIN LATERAL (SELECT COALESCE(same.segment, 0)
                     + %(industry)s
                       * COALESCE((ours.industry_id = theirs.industry_id)::int, 0)
                     + %(country)s
                       * COALESCE((ours.country_id = theirs.country_id)::int, 0)
                     + %(region)s * COALESCE((ours.country_id = theirs.country_id AND
                           left(ours.zip, 2) = left(theirs.zip, 2))::int, 0)
                     + %(competitor)s * EXISTS (
                           SELECT FROM key_account_share a JOIN key_account_share b
                               ON b.competitor_id = a.competitor_id AND b.is_current
                            WHERE a.account_id = candidate.id AND a.is_current
                              AND b.account_id = best.id)::int AS points) likeness
                 WHERE candidate.id = ANY(%(ids)s) AND likeness.points > 0
              ORDER BY candidate.id, likeness.points DESC, best.revenue_12m DESC,
                       best.id
                """,
                best=best.ids,
                ids=self.ids,
                segment=SEGMENT,
                industry=INDUSTRY,
                country=COUNTRY,
                region=REGION,
                competitor=COMPETITOR,
            )
        )
        return {row[0]: row[1:] for row in rows}

    @api.depends("share_ids.is_current", "share_ids.share")
    def _compute_incumbent(self):
        shares = self.env["key.account.share"]._search_held(self)
        first = {}
        for entry in shares:
            first.setdefault(entry.account_id.id, entry)
        for account in self:
            entry = first.get(account._origin.id, shares.browse())
            account.incumbent_id = entry.competitor_id
            account.incumbent_end = entry.contract_end

    def _become_account(self, order):
        """Make candidates accounts by their first order."""
        for account in self:
            account.write(
                {
                    "state": "active",
                    "phase": "build" if account.phase == "win" else account.phase,
                }
            )
            account._message_log(
                body=self.env._(
                    "The first order, %s, made the candidate an account.", order.name
                )
            )

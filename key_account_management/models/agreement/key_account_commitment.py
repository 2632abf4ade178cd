# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, formatLang

from ..figures.key_account_kpi import REVENUE_TYPES

#: Taken from the invoices by one statement.
FIGURES = {"consumed", "rate", "forecast", "shortfall", "taken_on"}


#: After this many days, or a quarter of the period, the trend is taken for the whole.
TREND_DAYS = 30
#: What the customer promised.
PROMISE = {
    "agreement_id",
    "kind",
    "product_id",
    "categ_id",
    "uom_id",
    "date_from",
    "date_to",
    "target",
}


class KeyAccountCommitment(models.Model):
    """Quantity or revenue that the customer promised in an agreement."""

    _name = "key.account.commitment"
    _description = "Commitment of an Agreement"
    _inherit = ["key.account.server.written"]
    _order = "agreement_id, date_from, id"
    _check_company_auto = True
    _server_written = (*FIGURES, "warned_on")
    _scope_fields = ("agreement_id",)

    agreement_id = fields.Many2one(
        "key.account.agreement", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="agreement_id.account_id", store=True)
    company_id = fields.Many2one(related="agreement_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("revenue", "Revenue"), ("quantity", "Quantity")],
        default="revenue",
        required=True,
    )
    product_id = fields.Many2one("product.product", check_company=True)
    categ_id = fields.Many2one("product.category", string="Category")
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        precompute=True,
        readonly=False,
    )
    date_from = fields.Date(
        compute="_compute_dates",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    date_to = fields.Date(
        compute="_compute_dates",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    target = fields.Float(required=True, help="In company currency, or in units.")
    consumed = fields.Float(
        readonly=True, copy=False, help="From posted invoices, minus credit notes."
    )
    rate = fields.Float(string="Consumed (%)", readonly=True, copy=False)
    forecast = fields.Float(
        readonly=True,
        copy=False,
        help="Consumption by the end of the period if it continues at this rate.",
    )
    shortfall = fields.Float(string="Expected Shortfall", readonly=True, copy=False)
    taken_on = fields.Date(string="Figures of", readonly=True, copy=False)
    warned_on = fields.Date(readonly=True, copy=False)

    _target_positive = models.Constraint(
        "CHECK (target > 0)", "The target of a commitment must be above zero."
    )

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A period can't end before it begins."
    )

    @api.depends("kind", "product_id", "categ_id", "target")
    def _compute_display_name(self):
        for commitment in self:
            scope = (
                commitment.product_id.display_name
                or commitment.categ_id.display_name
                or self.env._("all products")
            )
            unit = (
                commitment.currency_id.name
                if commitment.kind == "revenue"
                else commitment.uom_id.name
            )
            target = formatLang(self.env, commitment.target, digits=0)
            commitment.display_name = f"{target} {unit or ''}, {scope}"

    @api.depends("product_id", "kind")
    def _compute_uom_id(self):
        for commitment in self:
            if commitment.kind == "revenue":
                commitment.uom_id = False
            elif commitment.product_id:
                commitment.uom_id = commitment.product_id.uom_id

    @api.depends("agreement_id.date_start", "agreement_id.date_end")
    def _compute_dates(self):
        for commitment in self:
            agreement = commitment.agreement_id
            if not commitment.date_from:
                commitment.date_from = agreement.date_start
            if not commitment.date_to:
                commitment.date_to = agreement.date_end or (
                    agreement.date_start
                    and fields.Date.add(agreement.date_start, years=1, days=-1)
                )

    @api.constrains("kind", "uom_id", "product_id")
    def _check_unit(self):
        for commitment in self:
            if commitment.kind == "quantity" and not commitment.uom_id:
                raise ValidationError(
                    self.env._("A commitment by quantity needs a unit of measure.")
                )

    def _check_agreement_is_open(self):
        """Refuse to change what was promised in an agreement; see there."""
        if not self.env.su:
            self.agreement_id._check_agreed_unchanged({"commitment_ids": [True]})

    @api.model_create_multi
    def create(self, vals_list):
        commitments = super().create(vals_list)
        commitments._check_agreement_is_open()
        commitments.agreement_id._recheck_approval()
        commitments._refresh()
        return commitments

    def write(self, vals):
        if not PROMISE.isdisjoint(vals):
            self._check_agreement_is_open()
        result = super().write(vals)
        if "agreement_id" in vals:
            # That of another agreement, from now on.
            self._check_agreement_is_open()
        if set(vals) != {"warned_on"}:
            self.agreement_id._recheck_approval()
            self._refresh()
        return result

    def unlink(self):
        agreements = self.agreement_id
        self._check_agreement_is_open()
        result = super().unlink()
        agreements.exists()._recheck_approval()
        return result

    def action_refresh(self):
        """Update the figures from the invoices."""
        self.check_access("write")
        self._refresh()

    def _refresh(self):
        """Update consumption and forecast of these commitments in one statement."""
        if not self:
            return
        self.env.flush_all()
        for company, commitments in self.grouped("company_id").items():
            today = company._get_key_account_today()
            self.env.cr.execute(commitments._refresh_sql(today))
        self.invalidate_recordset(FIGURES)

    def _refresh_sql(self, today):
        """Write what was consumed, and what that comes to by the end of the period."""
        return SQL(
            """
            UPDATE key_account_commitment commitment
               SET consumed = done.consumed, taken_on = %(today)s,
                   rate = 100 * done.consumed / commitment.target,
                   forecast = done.consumed / NULLIF(done.share, 0),
                   -- The first days say nothing about the whole.
                   shortfall = CASE WHEN done.share >= LEAST(0.25, %(trend)s::float
                           / (commitment.date_to - commitment.date_from + 1))
                       THEN GREATEST(commitment.target
                           - done.consumed / NULLIF(done.share, 0), 0)
                       ELSE 0 END
              FROM (%(done)s) done
             WHERE done.id = commitment.id
            """,
            today=today,
            trend=TREND_DAYS,
            done=self._consumption_sql(today),
        )

    def _consumption_sql(self, today):
        """Add up what was invoiced, and the share of the period that has gone by."""
        return SQL(
            """
               SELECT goal.id,
                      GREATEST(LEAST((%(today)s::date - goal.date_from + 1)::float
                          / (goal.date_to - goal.date_from + 1), 1), 0) AS share,
                      COALESCE(SUM(CASE WHEN goal.kind = 'revenue' THEN -line.balance
                          ELSE CASE WHEN move.move_type = 'out_refund'
                                    THEN -1 ELSE 1 END * line.quantity
                               * COALESCE(uom.factor, 1) / COALESCE(unit.factor, 1)
                          END), 0)::float AS consumed
                 FROM key_account_commitment goal
                 JOIN key_account own ON own.id = goal.account_id
                 JOIN key_account account  -- those of the companies below, too
                   ON starts_with(account.parent_path, own.parent_path)
            LEFT JOIN uom_uom unit ON unit.id = goal.uom_id
            LEFT JOIN product_category scope ON scope.id = goal.categ_id
            LEFT JOIN (account_move move
                 JOIN account_move_line line ON line.move_id = move.id
                  AND line.display_type = 'product'
            LEFT JOIN uom_uom uom ON uom.id = line.product_uom_id
            LEFT JOIN product_product product ON product.id = line.product_id
            LEFT JOIN product_template template ON template.id = product.product_tmpl_id
            LEFT JOIN product_category category ON category.id = template.categ_id)
                   ON COALESCE(move.key_account_partner_id,
                               move.commercial_partner_id) = account.partner_id
                  AND %(own)s
                  AND move.state = 'posted' AND move.move_type IN %(types)s
                  AND move.invoice_date BETWEEN goal.date_from AND goal.date_to
                  AND %(counts)s
                WHERE goal.id = ANY(%(ids)s)
             GROUP BY goal.id
            """,
            counts=self._counts_sql(),
            own=self.env["key.account"]._own_documents_sql("move"),
            today=today,
            types=REVENUE_TYPES,
            ids=self.ids,
        )

    @api.model
    def _counts_sql(self):
        """Return the condition on an invoice line for what a commitment is about."""
        return SQL(
            """
            (goal.product_id IS NULL OR goal.product_id = line.product_id)
            AND (goal.categ_id IS NULL
                 OR starts_with(category.parent_path, scope.parent_path))
            -- Pieces and kilograms don't add up.
            AND (goal.kind = 'revenue' OR unit.id IS NULL
                 OR split_part(uom.parent_path, '/', 1)
                    = split_part(unit.parent_path, '/', 1))
            """
        )

    @api.model
    def _find_missed(self, accounts, today):
        """Return the running commitments that will be missed at the present rate.

        :param accounts: ``key.account`` records
        :param today: the company's day
        """
        return self.search(
            [
                ("account_id", "in", accounts.ids),
                ("agreement_id.state", "=", "active"),
                ("shortfall", ">", 0),
                ("date_to", ">=", today),
            ]
        )

    def _warn(self):
        """Warn the manager of commitments that will be missed, once a quarter."""
        for commitment in self.filtered(lambda c: c.shortfall > 0):
            today = commitment.company_id._get_key_account_today()
            warned_on = commitment.warned_on
            if (
                commitment.date_to < today
                or (today - commitment.date_from).days < TREND_DAYS
                or (warned_on and (today - warned_on).days < 90)
            ):
                continue
            commitment.agreement_id._tell_manager(
                self.env._("Commitment will be missed"),
                self.env._(
                    "%(what)s: %(rate).0f %% consumed. At this rate %(shortfall).0f "
                    "will be missing at the end.",
                    what=commitment.display_name,
                    rate=commitment.rate,
                    shortfall=commitment.shortfall,
                ),
                today,
            )
            commitment.warned_on = today

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .rebate_periods import period_of
from .rebate_rules import make_terms

#: What a bonus is about: from the approval on it changes by an amendment only.
AGREED = {
    "account_id",
    "agreement_id",
    "basis",
    "calendar",
    "categ_ids",
    "date_end",
    "date_start",
    "excluded_categ_ids",
    "excluded_product_ids",
    "excluded_tag_ids",
    "grace_days",
    "growth_zero",
    "is_growth",
    "maximum_amount",
    "minimum_amount",
    "mode",
    "name",
    "notice_months",
    "payment",
    "payout",
    "period",
    "points_rate",
    "product_ids",
    "program_id",
    "renewal",
    "renewal_months",
    "reward",
    "sequence",
    "settle_days",
    "stacking",
    "step_ids",
    "tag_ids",
    "uom_id",
    "volume",
}


class KeyAccountRebate(models.Model):
    """A retroactive reward on the turnover of a period, settled by credit note."""

    _name = "key.account.rebate"
    _description = "Bonus Agreement"
    _inherit = [
        "key.account.rebate.worth",
        "key.account.rebate.lifecycle",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "sequence, id"
    _check_company_auto = True
    _scope_fields = ("account_id",)

    name = fields.Char(required=True, tracking=True)
    # The mixins' words once more: translations go with the addon that says them.
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_approve", "To Approve"),
            ("active", "Active"),
            ("expired", "Expired"),
            ("terminated", "Terminated"),
        ]
    )
    key_account_approval_state = fields.Selection(
        [
            ("none", "Not Needed"),
            ("draft", "To Submit"),
            ("pending", "To Approve"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
        ]
    )
    sequence = fields.Integer(
        string="Priority",
        default=10,
        help="Where several bonuses match a line, the lowest number comes first.",
    )
    account_id = fields.Many2one(
        "key.account",
        string="Key Account",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    agreement_id = fields.Many2one(
        "key.account.agreement",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('account_id', '=', account_id)]",
        help="The bonus is approved, amended and ended with this agreement.",
    )
    partner_id = fields.Many2one(
        related="account_id.partner_id", store=True, string="Customer"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    manager_id = fields.Many2one(related="account_id.manager_id", store=True)
    period = fields.Selection(
        [
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("half", "Half-year"),
            ("year", "Year"),
            ("free", "Whole Term"),
        ],
        default="year",
        required=True,
        tracking=True,
    )
    calendar = fields.Selection(
        [("calendar", "Calendar Year"), ("fiscal", "Fiscal Year")],
        string="Counted by",
        default="calendar",
        required=True,
    )
    basis = fields.Selection(
        [("revenue", "Net Revenue"), ("quantity", "Quantity")],
        default="revenue",
        required=True,
        tracking=True,
        help="Posted invoices minus credit notes, without taxes, in company currency "
        "at the rate of each invoice.",
    )
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        ondelete="restrict",
        help="Quantities are converted to this unit. What can't be converted doesn't "
        "count, and the statement names it.",
    )
    volume = fields.Selection(
        [("own", "This Account"), ("group", "Whole Group")],
        default="own",
        required=True,
        tracking=True,
        help="Of the whole group: the steps are reached together, and each member is "
        "paid by its share.",
    )
    product_ids = fields.Many2many(
        "product.product",
        "key_account_rebate_product_rel",
        "rebate_id",
        "product_id",
        string="Products",
    )
    categ_ids = fields.Many2many(
        "product.category",
        "key_account_rebate_categ_rel",
        "rebate_id",
        "categ_id",
        string="Product Categories",
    )
    tag_ids = fields.Many2many(
        "product.tag",
        "key_account_rebate_tag_rel",
        "rebate_id",
        "tag_id",
        string="Product Tags",
    )
    excluded_product_ids = fields.Many2many(
        "product.product",
        "key_account_rebate_excluded_product_rel",
        "rebate_id",
        "product_id",
        string="Products Left Out",
    )
    excluded_categ_ids = fields.Many2many(
        "product.category",
        "key_account_rebate_excluded_categ_rel",
        "rebate_id",
        "categ_id",
        string="Categories Left Out",
    )
    excluded_tag_ids = fields.Many2many(
        "product.tag",
        "key_account_rebate_excluded_tag_rel",
        "rebate_id",
        "tag_id",
        string="Tags Left Out",
    )
    step_ids = fields.One2many(
        "key.account.rebate.step", "rebate_id", string="Steps", copy=True
    )
    mode = fields.Selection(
        [("retroactive", "Retroactive"), ("incremental", "Incremental")],
        string="Calculation",
        default="retroactive",
        required=True,
        tracking=True,
        help="Retroactive: the reached rate is paid on everything. Incremental: each "
        "slice is paid at its own rate.",
    )
    reward = fields.Selection(
        [
            ("percent", "Percent of Revenue"),
            ("unit", "Amount per Unit"),
            ("fixed", "Fixed Amount"),
        ],
        default="percent",
        required=True,
        tracking=True,
    )
    is_growth = fields.Boolean(
        string="By Growth",
        help="The steps are percent of growth against the same period a year before.",
    )
    growth_zero = fields.Selection(
        [
            ("none", "No Step Is Reached"),
            ("first", "The First Step Is Reached"),
            ("all", "All Steps Are Reached"),
        ],
        string="Nothing in the Year Before",
        default="none",
        required=True,
    )
    minimum_amount = fields.Monetary(help="A smaller bonus isn't paid.")
    maximum_amount = fields.Monetary(string="Cap", help="Of a period; 0 for no cap.")
    payment = fields.Selection(
        [
            ("any", "All Invoices"),
            ("paid", "Paid Invoices"),
            ("on_time", "Invoices Paid on Time"),
        ],
        string="Counts",
        default="any",
        required=True,
    )
    grace_days = fields.Integer(
        string="Days of Grace", help="Days after the due date that are still on time."
    )
    settle_days = fields.Integer(
        string="Settled after (Days)",
        default=14,
        help="Days after the end of a period: late credit notes are in by then.",
    )
    stacking = fields.Selection(
        [
            ("add", "Each One Pays"),
            ("best", "The Best One Pays"),
            ("priority", "The First One Pays"),
            ("deduct", "Earlier Ones Are Deducted"),
        ],
        string="With Other Bonuses",
        default="add",
        required=True,
        help="What applies where several bonuses match the same invoice line. All "
        "bonuses that meet have to name the same rule.",
    )
    is_accrued = fields.Boolean(
        string="Accrue", default=True, help="Book what is earned at each month's end."
    )
    forecast_kind = fields.Selection(
        [
            ("actual", "What Was Reached"),
            ("trend", "Trend of the Period"),
            ("manual", "Expected Total"),
        ],
        string="Accrued at the Rate of",
        default="actual",
        required=True,
    )
    forecast = fields.Float(
        string="Expected Total",
        digits=(16, 2),
        help="Revenue or quantity of the whole period, as the bonus counts.",
    )
    note = fields.Html(string="Internal Note")

    _amounts = models.Constraint(
        "CHECK (minimum_amount >= 0 AND maximum_amount >= 0 AND forecast >= 0)",
        "Minimum, cap and expected total can't be negative.",
    )
    _days = models.Constraint(
        "CHECK (grace_days >= 0 AND settle_days >= 0)", "Days can't be negative."
    )

    @api.model
    def _agreed_fields(self):
        return AGREED

    @api.constrains("basis", "reward", "uom_id")
    def _check_unit(self):
        for rebate in self:
            if rebate._needs_quantity() and not rebate.uom_id:
                raise ValidationError(
                    self.env._("Choose the unit in which “%s” counts.", rebate.name)
                )

    @api.constrains("agreement_id", "account_id")
    def _check_agreement(self):
        for rebate in self:
            if rebate.agreement_id.account_id not in (
                rebate.account_id,
                rebate.account_id.browse(),
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” belongs to an agreement of another key account.",
                        rebate.name,
                    )
                )

    @api.constrains("period", "date_end")
    def _check_whole_term(self):
        for rebate in self:
            if (
                rebate.period == "free"
                and not rebate.date_end
                and not rebate.agreement_id.date_end
            ):
                raise ValidationError(
                    self.env._("“%s” is for its whole term: enter an end.", rebate.name)
                )

    @api.onchange("agreement_id")
    def _onchange_agreement_id(self):
        if self.agreement_id and not self._origin:
            self.account_id = self.agreement_id.account_id
            self.date_start = self.agreement_id.date_start

    def _get_members(self):
        """Return the accounts whose invoices count: this one, or its whole group."""
        self.ensure_one()
        account = self.account_id
        if self.volume == "own":
            return account
        return account.search([("id", "child_of", account.id)])

    def _is_limited(self):
        """Tell whether only some products count."""
        self.ensure_one()
        return bool(self.product_ids or self.categ_ids or self.tag_ids)

    def _has_exclusions(self):
        """Tell whether some products don't count."""
        self.ensure_one()
        return bool(
            self.excluded_product_ids
            or self.excluded_categ_ids
            or self.excluded_tag_ids
        )

    def _needs_quantity(self):
        """Tell whether quantities count for steps or payment."""
        self.ensure_one()
        return self.basis == "quantity" or self.reward == "unit"

    def _get_unconvertible(self, first, last):
        """Return how many lines of these days have another kind of unit."""
        self.ensure_one()
        if not self._needs_quantity():
            return 0
        return self.env["key.account.rebate.basis"]._count_unconvertible(
            self, first, last
        )

    def _get_rules(self):
        """Return the terms for the arithmetic, see ``rebate_rules``."""
        self.ensure_one()
        # sudo: steps are the same for every user who sees what comes of them.
        steps = self.sudo().step_ids
        return make_terms(
            [(step.bound, step.value) for step in steps],
            by=self.basis,
            reward=self.reward,
            mode=self.mode,
            growth=self.is_growth,
            growth_zero=self.growth_zero,
            minimum=self.minimum_amount,
            maximum=self.maximum_amount or None,
        )

    def _get_period(self, day):
        """Return the first and the last day of the period that a day is in, or None."""
        self.ensure_one()
        year_start = None
        if self.calendar == "fiscal":
            # sudo: the fiscal year is no secret.
            year = self.company_id.sudo().compute_fiscalyear_dates(day)
            year_start = year["date_from"]
        return period_of(
            day, self.period, self.date_start, self.effective_end or None, year_start
        )

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.groups import ALL_ACCOUNTS, DIRECTOR, USER
from ..tools.records import count_related, open_records
from . import tier_rules

APPROVAL_GROUPS = {"user": USER, "all": ALL_ACCOUNTS, "director": DIRECTOR}

#: A shared tier can take any company's list: it applies to that company's accounts.
OWN_COMPANY = "company_id and [('company_id', 'in', [False, company_id])] or []"

#: Figure on the account -> fields of the tier with the entry and the keep threshold.
CRITERIA = {
    "revenue_12m": ("min_revenue", "keep_revenue"),
    "margin_rate": ("min_margin", "keep_margin"),
    "order_count_12m": ("min_orders", "keep_orders"),
    "days_to_pay": ("max_payment_days", "keep_payment_days"),
}


class KeyAccountTier(models.Model):
    _name = "key.account.tier"
    _description = "Key Account Tier"
    _inherit = ["key.account.pricelist.binding"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="The first tier in the list is the highest."
    )
    active = fields.Boolean(default=True)
    color = fields.Integer()
    description = fields.Text(
        translate=True, help="What the customer and the team can expect from it."
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Leave empty to share the tier between all companies.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    # Criteria: a value of zero means that the criterion is not used.
    min_revenue = fields.Monetary(
        string="Minimum Revenue",
        help="Net revenue of the period for tiers, which the settings name, in company "
        "currency. 0: not used.",
    )
    min_margin = fields.Float(
        string="Minimum Margin (%)",
        help="Margin on the revenue of the period for tiers. 0: not used.",
    )
    min_orders = fields.Integer(
        string="Minimum Orders",
        help="Confirmed orders in the period for tiers. 0: not used.",
    )
    max_payment_days = fields.Float(
        string="Maximum Days to Pay",
        help="Average days from invoice to payment. 0: not used.",
    )
    grace_days = fields.Integer(
        default=90,
        help="Number of days for which a customer below the criteria keeps the tier.",
    )
    approval_level = fields.Selection(
        [
            ("user", "Account Manager"),
            ("all", "All Accounts"),
            ("director", "Director"),
        ],
        required=True,
        default="director",
        help="The role that can move a customer into or out of this tier. "
        "Other users propose the change.",
    )
    # Benefits
    pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Price List",
        domain=OWN_COMPANY,
        index="btree_not_null",
        ondelete="restrict",
        help="Prices for every key account in this tier without a price list of its "
        "own. If companies share the tier, a list of one company applies only there.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term", domain=OWN_COMPANY, ondelete="restrict"
    )
    credit_limit = fields.Monetary(
        help="Warns on quotations and invoices when the customer would owe more. "
        "0: the tier sets no limit.",
    )
    point_multiplier = fields.Float(
        default=1.0, help="Loyalty points are multiplied by this factor."
    )
    response_hours = fields.Float(
        string="Complaint Response (h)",
        help="Working hours within which a complaint is answered.",
    )
    resolution_hours = fields.Float(
        string="Complaint Resolution (h)",
        help="Working hours within which a complaint is resolved.",
    )
    review_interval_days = fields.Integer(
        string="Review Every (days)", help="How often we meet to review the account."
    )
    contact_interval_days = fields.Integer(
        string="Contact Every (days)",
        help="The customer hears from us at least this often.",
    )
    account_ids = fields.One2many("key.account", "tier_id")
    account_count = fields.Integer(compute="_compute_account_count")
    credit_limit_inactive = fields.Boolean(compute="_compute_credit_limit_inactive")

    _point_multiplier_positive = models.Constraint(
        "CHECK (point_multiplier > 0)", "The point multiplier must be above zero."
    )

    _amounts_not_negative = models.Constraint(
        "CHECK (COALESCE(min_revenue, 0) >= 0 AND COALESCE(min_orders, 0) >= 0 "
        "AND COALESCE(max_payment_days, 0) >= 0 AND COALESCE(credit_limit, 0) >= 0 "
        "AND COALESCE(grace_days, 0) >= 0 AND COALESCE(response_hours, 0) >= 0 "
        "AND COALESCE(resolution_hours, 0) >= 0 "
        "AND COALESCE(review_interval_days, 0) >= 0 "
        "AND COALESCE(contact_interval_days, 0) >= 0)",
        "Criteria, limits and intervals of a tier can't be negative.",
    )

    _name_company_uniq = models.UniqueIndex(
        "(name, COALESCE(company_id, 0))",
        "The company already has a tier with this name.",
    )
    keep_revenue = fields.Monetary(
        string="Revenue to Stay", help="0: same as the minimum for entering the tier."
    )
    keep_margin = fields.Float(
        string="Margin to Stay (%)",
        help="0: same as the minimum for entering the tier.",
    )
    keep_orders = fields.Integer(
        string="Orders to Stay", help="0: same as the minimum for entering the tier."
    )
    keep_payment_days = fields.Float(
        string="Days to Pay to Stay",
        help="0: same as the maximum for entering the tier.",
    )

    @api.constrains("company_id", "pricelist_id", "payment_term_id")
    def _check_benefit_company(self):
        for tier in self.filtered("company_id"):
            for benefit in (tier.pricelist_id, tier.payment_term_id):
                if benefit.company_id and benefit.company_id != tier.company_id:
                    raise ValidationError(
                        self.env._(
                            "“%(benefit)s” belongs to %(other)s, but the tier %(tier)s "
                            "belongs to %(company)s.",
                            benefit=benefit.display_name,
                            other=benefit.company_id.name,
                            tier=tier.name,
                            company=tier.company_id.name,
                        )
                    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for tier in self:
            tier.currency_id = (tier.company_id or self.env.company).currency_id

    @api.depends_context("company")
    def _compute_account_count(self):
        counts = count_related(self, "key.account", "tier_id")
        for tier in self:
            tier.account_count = counts.get(tier._origin.id, 0)

    @api.depends("credit_limit", "company_id")
    @api.depends_context("company")
    def _compute_credit_limit_inactive(self):
        for tier in self:
            company = tier.company_id or self.env.company
            tier.credit_limit_inactive = bool(
                tier.credit_limit and not company.account_use_credit_limit
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for tier, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", tier.name)
        return vals_list

    def _user_may_approve(self):
        """Tell whether the user's role can move customers into or out of the tiers."""
        return all(
            self.env.user.has_group(APPROVAL_GROUPS[tier.approval_level])
            for tier in self
        )

    def action_view_accounts(self):
        """Open the key accounts of this tier."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management.key_account_action",
            [("tier_id", "=", self.id)],
        )

    def action_activate_credit_limits(self):
        """Switch on the credit limit check of Odoo for the tier's company."""
        self.check_access("write")
        for tier in self:
            company = tier.company_id or self.env.company
            # sudo: directors can't edit companies, but a user who can set the limit of
            # a tier can also switch on the check without which it has no effect.
            company.sudo().account_use_credit_limit = True

    def _get_criteria(self):
        """Return the criteria in the form that :mod:`tier_rules` takes."""
        self.ensure_one()
        return {
            figure: (self[entry], self[keep])
            for figure, (entry, keep) in CRITERIA.items()
        }

    def _figure_label(self, figure):
        """Return the label of the field with a criterion, in the user's language."""
        fname = CRITERIA[figure][0]
        return self.fields_get([fname], ["string"])[fname]["string"]

    @api.constrains(
        *(entry for entry, _keep in CRITERIA.values()), "sequence", "active"
    )
    def _check_no_overlap(self):
        """Refuse thresholds with which a customer could never be in a lower tier."""
        for company in self.company_id or [self.env["res.company"]]:
            tiers = self.search([("company_id", "in", [False, company.id])])
            for position, higher in enumerate(tiers):
                for lower in tiers[position + 1 :]:
                    self._check_pair(higher, lower)

    def _check_pair(self, higher, lower):
        if tier_rules.shadows(higher._get_criteria(), lower._get_criteria()):
            raise ValidationError(
                self.env._(
                    "The thresholds overlap: every customer who reaches %(lower)s also "
                    "reaches %(higher)s, the higher tier, so %(lower)s would always "
                    "be empty. Raise a threshold of %(higher)s or change the order of "
                    "the tiers.",
                    higher=higher.name,
                    lower=lower.name,
                )
            )

    @api.constrains(*(name for pair in CRITERIA.values() for name in pair))
    def _check_keep_is_easier(self):
        for tier in self:
            for figure, (entry, keep) in CRITERIA.items():
                if not tier[keep]:
                    continue
                low_is_good = figure in tier_rules.LOW_IS_GOOD
                harder = (
                    tier[keep] < tier[entry]
                    if low_is_good
                    else tier[keep] > tier[entry]
                )
                if harder or not tier[entry]:
                    raise ValidationError(
                        self.env._(
                            "The threshold to stay in %(tier)s can't be stricter than "
                            "the one to enter it (“%(criterion)s”).",
                            tier=tier.name,
                            criterion=tier._figure_label(figure),
                        )
                    )

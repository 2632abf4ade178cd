# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import namedtuple

from odoo import api, fields, models

BENEFIT_HELP = (
    "Whose terms count where several have some: the first that exists in this order, "
    "or the best of all for the customer."
)


#: What an account gets and the record (account, group parent or tier) it comes from.
class Benefit(namedtuple("Benefit", "value origin")):
    """What an account gets, and the record that gives it."""

    def is_own(self, account):
        """Tell whether it is the account's own, by itself or by its agreement."""
        if self.origin._name == "key.account.agreement":
            return self.origin.account_id == account
        return self.origin == account


class KeyAccount(models.Model):
    """The terms an order asks for: own, the group parent's, or the tier's."""

    _inherit = "key.account"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Special Price List",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Goes before the lists of the group parent and of the tier.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Special Payment Terms",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Go before the terms of the group parent and of the tier.",
    )
    credit_limit = fields.Monetary(
        string="Special Credit Limit",
        tracking=True,
        help="Goes before the limits of the group parent and of the tier. 0: none.",
    )
    pricelist_mode = fields.Selection(
        "_selection_benefit_mode",
        help=BENEFIT_HELP,
        string="Prices by",
        default="override",
        required=True,
        tracking=True,
    )
    payment_term_mode = fields.Selection(
        "_selection_benefit_mode",
        help=BENEFIT_HELP,
        string="Payment Terms by",
        default="override",
        required=True,
        tracking=True,
    )
    credit_limit_mode = fields.Selection(
        "_selection_benefit_mode",
        help=BENEFIT_HELP,
        string="Credit Limit by",
        default="override",
        required=True,
        tracking=True,
    )
    effective_pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Price List That Applies",
        compute="_compute_effective_terms",
    )
    effective_pricelist_origin = fields.Char(compute="_compute_effective_terms")
    effective_payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms That Apply",
        compute="_compute_effective_terms",
    )
    effective_payment_term_origin = fields.Char(compute="_compute_effective_terms")
    effective_credit_limit = fields.Monetary(
        string="Credit Limit That Applies", compute="_compute_effective_terms"
    )
    effective_credit_limit_origin = fields.Char(compute="_compute_effective_terms")

    @api.depends_context("lang")
    @api.depends(
        "pricelist_id",
        "payment_term_id",
        "credit_limit",
        "parent_id",
        "tier_id.pricelist_id",
        "tier_id.payment_term_id",
        "tier_id.credit_limit",
        "pricelist_mode",
        "payment_term_mode",
        "credit_limit_mode",
    )
    def _compute_effective_terms(self):
        for fname in ("pricelist_id", "payment_term_id", "credit_limit"):
            benefits = self._resolve_benefit(fname)
            name = fname.removesuffix("_id")
            for account in self:
                benefit = benefits[account.id]
                account[f"effective_{fname}"] = benefit.value
                account[f"effective_{name}_origin"] = account._origin_label(benefit)

    @api.model
    def _get_by_partner(self, partners, company):
        """Return the key accounts that these customers are, in one query.

        :param partners: ``res.partner`` records, contacts or companies
        :param company: the ``res.company`` that manages the accounts
        :return: dict of commercial partner id -> ``key.account`` (sudo), ended and
            archived ones left out
        """
        known = self._get_customer_ids()
        commercial_partners = partners.commercial_partner_id._origin.filtered(
            lambda partner: partner.id in known
        )
        if not commercial_partners:
            return {}
        # sudo: a clerk who may not see key accounts writes the order at the same
        # terms as the account manager would. Only terms and names are taken from it.
        accounts = self.sudo().search(
            [
                ("partner_id", "in", commercial_partners.ids),
                ("company_id", "=", company.id),
                ("state", "!=", "ended"),
                # Said here, as callers may look at archived records (active_test).
                ("active", "=", True),
            ],
            order="id",
        )
        return {account.partner_id.id: account for account in accounts}

    def _get_tiers_at(self, date=None):
        """Return the tier that each account had on a day.

        :param date: the day, today without it
        :return: dict of account id -> ``key.account.tier``, empty for none
        """
        if not date or date >= fields.Date.context_today(self):
            return {account.id: account.tier_id for account in self}
        tiers = dict.fromkeys(self.ids, self.env["key.account.tier"])
        changes = self.env["key.account.tier.change"].search(
            [
                ("account_id", "in", self.ids),
                ("state", "=", "approved"),
                ("effective_date", "<=", date),
            ],
            order="effective_date, id",
        )
        for change in changes:
            tiers[change.account_id.id] = change.to_tier_id
        return tiers

    def _get_group_line(self):
        """Return this account and its group parents, nearest first, ended ones out."""
        self.ensure_one()
        line = self
        while (parent := line[-1:].parent_id) and parent not in line:
            line += parent
        return line.filtered(
            lambda account: account == self
            or (account.active and account.state != "ended")
        )

    def _resolve_benefit(self, fname, date=None, tiers=None):
        """Find what applies: own value, else the group parents', else the tier's.

        :param str fname: ``pricelist_id``, ``payment_term_id`` or ``credit_limit``
        :param date: the day of the document, today without it
        :param tiers: dict of account id -> tier to assume instead of the real one
        :return: dict of account id -> :class:`Benefit`; its value is empty (or 0.0,
            an amount in the company's currency) where core shall decide
        """
        # sudo: the group parent may be in a colleague's hands, yet its terms hold for
        # the subsidiary; both belong to one company.
        accounts = self.sudo()
        tiers = tiers or accounts._get_tiers_at(date)
        agreements = accounts._get_agreements(fname, date)
        benefits = {}
        for account in accounts:
            tier = tiers.get(account.id, account.tier_id)
            benefits[account.id] = Benefit(account.browse()[fname], account.browse())
            if account.state == "ended":
                continue
            candidates = account._benefit_candidates(fname, tier, date, agreements)
            if candidates:
                benefits[account.id] = account._choose_benefit(fname, candidates)
        return benefits

    @api.model
    def _selection_benefit_mode(self):
        return [
            ("override", self.env._("Own, Group, Tier")),
            ("inherit", self.env._("Group, Tier, Own")),
            ("best", self.env._("Best of All")),
        ]

    def _get_agreements(self, fname, date=None):
        """Return what of the agreements in force gives a benefit, in one query.

        :param str fname: name of the benefit
        :param date: the day, today without it
        :return: dict of account id -> ``key.account.agreement``, of these accounts and
            of all in their groups
        """
        Agreement = self.env["key.account.agreement"]
        if fname not in Agreement._fields or not self:
            return {}
        day = date or fields.Date.context_today(self)
        line_ids = {
            int(key)
            for account in self
            for key in (account.parent_path or str(account._origin.id)).split("/")
            # An account that is being written down isn't in the database yet.
            if key.isdigit()
        }
        found = Agreement.search(
            Agreement._in_force_domain(day)
            & fields.Domain("account_id", "in", list(line_ids))
            & fields.Domain(fname, "!=", False),
            order="date_start, id",
        )
        return {agreement.account_id.id: agreement for agreement in found}

    def _benefit_candidates(self, fname, tier, date=None, agreements=None):
        """Return all that could apply on a day, as :class:`Benefit`, nearest first.

        Of each account in the group the agreement goes before its own terms.
        """
        if agreements is None:
            agreements = self._get_agreements(fname, date)
        self.ensure_one()
        return [
            Benefit(origin[fname], origin)
            for source in (*self._get_group_line(), tier)
            for origin in (agreements.get(source.id), source)
            if origin
            and (origin is source or source._name == "key.account")
            and origin[fname]
            and self._is_usable(origin[fname], date)
        ]

    def _choose_benefit(self, fname, candidates):
        """Choose among candidates as the account's mode says."""
        self.ensure_one()
        mode = self[f"{fname.removesuffix('_id')}_mode"]
        if mode == "inherit":
            others = [b for b in candidates if not b.is_own(self)]
            return (others or candidates)[0]
        if mode == "best" and fname == "credit_limit":
            return max(candidates, key=lambda benefit: benefit.value)
        if mode == "best" and fname == "payment_term_id":
            return max(
                candidates,
                key=lambda benefit: max(
                    benefit.value.line_ids.mapped("nb_days") or [0]
                ),
            )
        # Which of several price lists is the best is seen line by line on the order.
        return candidates[0]

    def _is_usable(self, value, date=None):
        """Tell whether a list, a term or a limit counts for this account.

        What is archived is out of use wherever it is bound, and what belongs to
        another company is none of this account's. A special price list counts when it
        is approved and valid.

        :param date: the day of the document, today without it
        """
        self.ensure_one()
        if isinstance(value, float):
            return True
        if value._name == "product.pricelist" and not value._is_key_account_valid(date):
            return False
        return value.active and value.company_id in (
            self.company_id,
            self.env["res.company"],
        )

    def _origin_label(self, benefit):
        """Say in the user's language where a benefit comes from."""
        self.ensure_one()
        origin = benefit.origin
        if not origin:
            return False
        if origin._name == "key.account.tier":
            return self.env._("tier %s", origin.display_name)
        if origin._name == "key.account.agreement":
            return self.env._("agreement %s", origin.display_name)
        if origin.id == self.id:
            return self.env._("this key account")
        return self.env._("group parent %s", origin.display_name)

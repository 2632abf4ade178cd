# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import namedtuple

from odoo import api, fields, models

from .key_account_own_terms import OWN_TERMS

BENEFIT_HELP = (
    "Which terms apply where several exist: the first ones found in this order, or the "
    "best of all for the customer."
)
BENEFITS = ("pricelist_id", "payment_term_id", "credit_limit")

#: A record that could give a benefit, and the account of the group for which it does:
#: empty for a record that isn't part of the group, like a tier.
Source = namedtuple("Source", "record account")
#: What an account gets, the record that gives it, and the account of its source.
Benefit = namedtuple("Benefit", "value origin account")


class KeyAccount(models.Model):
    """The terms an order asks for: own, the group parent's, or the tier's."""

    _name = "key.account"
    _inherit = [
        "key.account",
        "key.account.pricelist.binding",
        "key.account.own.terms",
    ]

    pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Special Price List",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Takes precedence over the lists of the group parent and of the tier.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Special Payment Terms",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Take precedence over the terms of the group parent and of the tier.",
    )
    credit_limit = fields.Monetary(
        string="Special Credit Limit",
        tracking=True,
        help="Takes precedence over the limits of the group parent and of the tier. "
        "0: no special limit.",
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
    effective_pricelist_origin = fields.Char(
        string="Origin of the Price List", compute="_compute_effective_terms"
    )
    effective_payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms That Apply",
        compute="_compute_effective_terms",
    )
    effective_payment_term_origin = fields.Char(
        string="Origin of the Payment Terms", compute="_compute_effective_terms"
    )
    effective_credit_limit = fields.Monetary(
        string="Credit Limit That Applies", compute="_compute_effective_terms"
    )
    effective_credit_limit_origin = fields.Char(
        string="Origin of the Credit Limit", compute="_compute_effective_terms"
    )

    @api.depends_context("lang")
    @api.depends(
        "pricelist_id",
        "payment_term_id",
        "credit_limit",
        "parent_id",
        "pricelist_mode",
        "payment_term_mode",
        "credit_limit_mode",
        "key_account_approval_state",
    )
    def _compute_effective_terms(self):
        # sudo: see _resolve_benefit().
        sources = self.sudo()._benefit_sources()
        for account in self:
            for fname in BENEFITS:
                benefit = account.sudo()._choose_benefit(fname, sources[account.id])
                name = fname.removesuffix("_id")
                account[f"effective_{fname}"] = benefit.value
                account[f"effective_{name}_origin"] = account._origin_label(benefit)

    @api.model
    def _fields_in_charge(self):
        return super()._fields_in_charge() | set(OWN_TERMS)

    def _check_parents(self):
        result = super()._check_parents()
        self._check_lent_terms()
        return result

    def _resolve_benefit(self, fname, date=None):
        """Find the benefit that applies to each account, by its mode.

        :param str fname: ``pricelist_id``, ``payment_term_id`` or ``credit_limit``
        :param date: the day of the document, today without it
        :return: dict of account id -> :class:`Benefit`; its value is empty (or 0.0,
            an amount in the company's currency) where core decides
        """
        # sudo: a colleague may manage the group parent, but its terms apply to the
        # subsidiary; both belong to one company.
        accounts = self.sudo()
        sources = accounts._benefit_sources(date)
        return {
            account.id: account._choose_benefit(fname, sources[account.id], date)
            for account in accounts
        }

    def _get_special_pricelists(self, date=None):
        """Return the price lists that these accounts get by their terms.

        Several only where the best of all counts: which one that is, is seen product
        by product.

        :param date: the day of the document, today without it
        :return: dict of account id -> list of :class:`Benefit`, the leading one first
        """
        # sudo: as in _resolve_benefit().
        accounts = self.sudo()
        sources = accounts._benefit_sources(date)
        result = {}
        for account in accounts:
            ranked = account._rank_benefits("pricelist_id", sources[account.id], date)
            is_best = account._get_approved_term("pricelist_mode") == "best"
            result[account.id] = ranked if is_best else ranked[:1]
        return result

    def _filter_list_ends(self, today, ahead):
        """Return those of these accounts whose own price list ends within some days.

        :param today: first of the days
        :param ahead: last of the days
        """

        def ends(account):
            end = account.pricelist_id.key_account_date_end
            return end and today <= end <= ahead

        return self.filtered(ends)

    def _benefit_sources(self, date=None):
        """Return what could give benefits, nearest first: a hook for rooms above.

        Here these are the accounts of the group themselves; agreements come in before
        their account, the tier behind all of them. An order asks several times:
        overrides take what they need from fields of the account, which the ORM reads
        once and keeps up to date.

        :param date: the day of the document, today without it
        :return: dict of account id -> list of :class:`Source`
        """
        return {
            account.id: [Source(member, member) for member in account._get_group_line()]
            for account in self
        }

    @api.model
    def _selection_benefit_mode(self):
        return [
            ("override", self.env._("Own, Group, Tier")),
            ("inherit", self.env._("Group, Tier, Own")),
            ("best", self.env._("Best of All")),
        ]

    def _rank_benefits(self, fname, sources, date=None):
        """Return all that could apply on a day, the first choice first.

        :param sources: list of :class:`Source`, see ``_benefit_sources``
        :return: list of :class:`Benefit`
        """
        self.ensure_one()
        if self.state == "ended":
            return []
        benefits = [
            Benefit(value, record, account)
            for record, account in sources
            if fname in record._fields
            # What waits for approval doesn't count yet.
            and (
                value := record._get_approved_term(fname)
                if record._name == self._name
                else record[fname]
            )
            and self._is_usable(value, date)
        ]
        mode = self._get_approved_term(f"{fname.removesuffix('_id')}_mode")
        if mode == "inherit":
            benefits.sort(key=lambda benefit: benefit.account == self)
        elif mode == "best" and fname == "credit_limit":
            benefits.sort(key=lambda benefit: -benefit.value)
        elif mode == "best" and fname == "payment_term_id":
            benefits.sort(
                key=lambda benefit: -max(
                    benefit.value.line_ids.mapped("nb_days") or [0]
                )
            )
        return benefits

    def _choose_benefit(self, fname, sources, date=None):
        """Choose among sources as the account's mode says.

        :param sources: list of :class:`Source`, see ``_benefit_sources``
        :return: :class:`Benefit`, without a value where core decides
        """
        for benefit in self._rank_benefits(fname, sources, date):
            return benefit
        return Benefit(self.browse()[fname], self.browse(), self.browse())

    def _is_usable(self, value, date=None):
        """Tell whether a list, a term or a limit counts for this account.

        Archived records don't count, nor do those of another company. A special price
        list counts while it is approved and valid.

        :param date: the day of the document, today without it
        """
        self.ensure_one()
        if isinstance(value, float):
            return True
        if value._name == "product.pricelist" and not value._is_key_account_valid(
            date or self.company_id._get_key_account_today()
        ):
            return False
        return value.active and value.company_id in (
            self.company_id,
            self.env["res.company"],
        )

    def _origin_label(self, benefit):
        """Say in the user's language where a benefit comes from.

        :return: a label that stands alone, False for what every customer gets
        """
        self.ensure_one()
        origin = benefit.origin
        if not origin:
            return False
        if origin._name == "res.partner":
            return self.env._("Set by hand on the customer")
        if origin._name == "sale.order":
            return self.env._("Chosen by hand on this order")
        if origin.id == self.id:
            return self.env._("This key account")
        return self.env._("Group parent %s", origin.display_name)

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.groups import ALL_ACCOUNTS, DIRECTOR, USER
from ..tools.records import check_export, download
from .recheck_once import recheck_once, wait_for_recheck


class ProductPricelist(models.Model):
    _name = "product.pricelist"
    _inherit = [
        "product.pricelist",
        "key.account.approval.mixin",
        "key.account.price.effect",
    ]

    key_account_ids = fields.One2many(
        "key.account",
        "pricelist_id",
        string="Key Accounts",
        groups="key_account_management.group_key_account_user",
    )
    key_account_only = fields.Boolean(
        string="Key Accounts Only",
        copy=False,
        help="Other customers never get this list by default. Without this option, "
        "Odoo gives the first list that it finds to customers who have none.",
    )
    is_own_key_account_list = fields.Boolean(
        string="Your Company's Price List",
        compute="_compute_is_own_key_account_list",
        search="_search_is_own_key_account_list",
        compute_sudo=True,
        help="The current user's company is a key account that gets this list. Decides "
        "which special price lists visitors of a web shop can read.",
    )
    key_account_margin_floor = fields.Float(
        string="Margin Floor (%)",
        help="Order lines of key accounts with a lower margin at this list need a "
        "release. 0: the floor of the company applies.",
    )
    key_account_date_start = fields.Date(
        string="Valid from", help="First day as a special price list."
    )
    key_account_date_end = fields.Date(
        string="Valid until", help="Last day as a special price list."
    )
    key_account_max_discount = fields.Float(
        string="Highest Discount (%)",
        compute="_compute_key_account_max_discount",
        help="Largest discount off the list price by any rule. It decides which role "
        "can approve the list.",
    )

    _key_account_dates = models.Constraint(
        "CHECK (key_account_date_end >= key_account_date_start)",
        "A price list can't end before it begins.",
    )

    _key_account_floor = models.Constraint(
        "CHECK (key_account_margin_floor BETWEEN 0 AND 100)",
        "A margin floor is between 0 and 100 %.",
    )

    @api.depends(
        "currency_id",
        "item_ids.compute_price",
        "item_ids.base",
        "item_ids.base_pricelist_id",
        "item_ids.percent_price",
        "item_ids.fixed_price",
        "item_ids.price_discount",
        "item_ids.price_surcharge",
        "item_ids.price_round",
        "item_ids.price_min_margin",
        "item_ids.price_max_margin",
        "item_ids.min_quantity",
        "item_ids.product_tmpl_id",
        "item_ids.product_id",
        "item_ids.categ_id",
    )
    def _compute_key_account_max_discount(self):
        for pricelist in self:
            named = [item._key_account_discount() for item in pricelist.item_ids]
            found = pricelist._origin._get_highest_discount() if self.ids else 0.0
            # Six digits: five per cent are five, not a trifle more.
            highest = max([*named, found, 0.0])
            pricelist.key_account_max_discount = round(highest, 6)

    @api.depends_context("uid")
    def _compute_is_own_key_account_list(self):
        own = self._get_own_key_account_lists()
        for pricelist in self:
            pricelist.is_own_key_account_list = pricelist in own

    @api.model
    def _search_is_own_key_account_list(self, operator, value):
        if operator != "in":
            return NotImplemented
        own = self._get_own_key_account_lists().ids
        return [("id", "in" if True in value else "not in", own)]

    @api.model
    def _get_own_key_account_lists(self):
        """Return the lists that the current user's own company is given."""
        Price = self.env["key.account.price"]
        own = self.browse()
        for account in self.env["key.account"]._get_portal_accounts():
            own = own.union(*(found.value for found in Price._get_lists(account)))
        return own

    def _bind_to_key_accounts(self):
        """Make lists that were just bound to a tier or an account take effect.

        Binding the first one switches Odoo's price lists on. A list that is made for
        key accounts is kept from ordinary customers, whose default in core is the first
        list found; a list that they have already stays theirs.
        """
        if not self:
            return
        # sudo: users who set the benefits of a tier are no administrators, and without
        # the feature the price list would silently have no effect.
        lists = self.sudo()
        group = self.env.ref("product.group_product_pricelist")
        was_enabled = self.env["res.groups"]._is_feature_enabled(
            "product.group_product_pricelist"
        )
        in_use = lists._used_by_ordinary_customers() if was_enabled else lists.browse()
        (lists - in_use).key_account_only = True
        if not was_enabled:
            self.env.ref("base.group_user").sudo()._apply_group(group)

    def _used_by_ordinary_customers(self):
        """Return those lists that core gives, or gave, to customers by default."""
        used = self.filtered("country_group_ids")
        on_orders = [("pricelist_id", "in", self.ids)]
        for (pricelist,) in self.env["sale.order"]._read_group(
            on_orders, ["pricelist_id"]
        ):
            used |= pricelist
        for pricelist in self - used:
            company = pricelist.company_id or self.env.company
            fallback = pricelist.with_company(company)._get_country_pricelist_multi([])
            used |= pricelist & fallback[False]
        return used

    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        return [
            *super()._get_partner_pricelist_multi_search_domain_hook(company_id),
            ("key_account_only", "=", False),
        ]

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """Put the terms of key accounts before core's default for a customer.

        A list set by hand on the customer stays. The terms are those of the day in the
        context key ``key_account_price_date``, of today without it.
        """
        result = super()._get_partner_pricelist_multi(partner_ids)
        if not self.env["res.groups"]._is_feature_enabled(
            "product.group_product_pricelist"
        ):
            return result
        partners = self.env["res.partner"].browse(partner_ids)
        accounts = self.env["key.account"]._get_by_partner(partners, self.env.company)
        if not accounts:
            return result
        day = fields.Date.to_date(self.env.context.get("key_account_price_date"))
        every_account = self.env["key.account"].union(*accounts.values())
        lists = every_account._get_special_pricelists(day)
        for partner in partners:
            account = accounts.get(partner.commercial_partner_id._origin.id)
            manual = partner.specific_property_product_pricelist
            is_manual = manual and result.get(partner.id) == manual
            if not account or (is_manual and not manual._is_unapproved()):
                continue
            for benefit in lists[account.id][:1]:
                pricelist = benefit.value.sudo(self.env.su)
                if pricelist.company_id - self.env.company:
                    # In a branch: core keeps lists of its company for that alone.
                    continue
                if pricelist._get_partner_pricelist_multi_filter_hook():
                    result[partner.id] = pricelist
        return result

    def _is_unapproved(self):
        """Tell whether the list waits for approval, so that it gives no prices."""
        return bool(self) and self.sudo().key_account_approval_state in (
            "draft",
            "pending",
            "rejected",
        )

    def _get_key_account_holders(self):
        """Return the records that give these lists to key accounts.

        Rooms above add theirs.

        :return: list of recordsets, all of them as superuser
        """
        # sudo: accounts of colleagues and of other companies count as well.
        Account = self.env["key.account"].sudo().with_context(active_test=False)
        return [Account.search([("pricelist_id", "in", self.ids)])]

    def _check_key_account_editable(self):
        """Refuse account managers to edit lists that others depend on.

        Theirs are the lists of their own accounts alone, and special lists that no one
        has yet. Lists of other companies' accounts stay theirs.

        :raise AccessError: names the list
        """
        if self.env.su or not self:
            return
        user = self.env.user
        is_free = user.has_group(ALL_ACCOUNTS) or user.has_group(
            "sales_team.group_sale_manager"
        )
        for pricelist in self:
            holders = pricelist._get_key_account_holders()
            companies = (
                self.env["res.company"]
                .sudo()
                .union(*(records.company_id for records in holders))
            )
            mine = is_free or all(
                records.with_env(self.env).has_access("write")
                for records in holders
                if records
            )
            if not mine or companies - user.company_ids:
                raise AccessError(
                    self.env._(
                        "“%s” is a price list that others depend on. Ask a user with "
                        "access to all accounts of the companies that use it.",
                        pricelist.display_name,
                    )
                )

    def _get_dependent_lists(self):
        """Return these lists and those that are based on them (sudo)."""
        # sudo: a list of colleagues changes with the list that it is based on.
        Item = self.env["product.pricelist.item"].sudo()
        found = todo = self.sudo()
        while todo:
            based = Item.search([("base_pricelist_id", "in", todo.ids)]).pricelist_id
            todo = based - found
            found |= todo
        return found

    def _recheck_approval(self):
        if wait_for_recheck(self):
            return None
        return super()._recheck_approval()

    def _recheck_changed_lists(self):
        """Check these lists, whose rules have changed, and those based on them."""
        if not wait_for_recheck(self):
            self._get_dependent_lists()._recheck_approval()

    @api.model_create_multi
    def create(self, vals_list):
        pricelists = super().create(vals_list)
        pricelists._start_approval()
        return pricelists

    def unlink(self):
        self._check_key_account_editable()
        return super().unlink()

    def write(self, vals):
        self._check_key_account_editable()
        if (
            "key_account_only" in vals
            and not vals["key_account_only"]
            and any(self.mapped("key_account_only"))
            and not self.env.su
            and not self.env.user.has_group("sales_team.group_sale_manager")
        ):
            # Without the flag core would give the list to every customer.
            raise AccessError(
                self.env._(
                    "Only a sales manager can make a special price list available to "
                    "all customers."
                )
            )
        with recheck_once(self):
            result = super().write(vals)
        self.env["res.partner"]._forget_pricelists()
        if vals.get("key_account_only"):
            self._start_approval()
        return result

    def _start_approval(self):
        """Start the approval of new special lists; approve if the role allows it."""
        for pricelist in self:
            if (
                pricelist.key_account_only
                and pricelist.key_account_approval_state == "none"
            ):
                pricelist._write_approval("draft")
                if pricelist._user_may_decide():
                    pricelist.action_approve_terms()

    def _is_key_account_valid(self, day):
        """Tell whether the list counts for key accounts on a day."""
        self.ensure_one()
        start, end = self.key_account_date_start, self.key_account_date_end
        return (
            self.key_account_approval_state in ("none", "approved")
            and (not start or start <= day)
            and (not end or day <= end)
        )

    def action_export_key_account(self):
        """Download the list as a workbook for the customer, to be imported again."""
        self.ensure_one()
        self.check_access("read")
        check_export(self.env)
        return download(f"/key_account/pricelist/{self.id}.xlsx")

    def _decision_groups(self):
        """By the highest discount: account managers, all accounts, directors."""
        companies = self._get_key_account_companies()
        # It follows lists that this one is based on, which no dependency tells.
        self.invalidate_recordset(["key_account_max_discount"], flush=False)
        discount = self.key_account_max_discount
        groups = [DIRECTOR]
        if discount <= min(companies.mapped("key_account_discount_limit_all")):
            groups.append(ALL_ACCOUNTS)
        if discount <= min(companies.mapped("key_account_discount_limit_user")):
            groups.append(USER)
        return groups

    def action_approve_terms(self):
        self._check_key_account_editable()
        return super().action_approve_terms()

    def action_reject_terms(self, reason=False):
        self._check_key_account_editable()
        return super().action_reject_terms(reason)

    def action_submit_approval(self):
        self.check_access("write")
        self._check_key_account_editable()
        return super().action_submit_approval()

    def action_withdraw_approval(self):
        self.check_access("write")
        self._check_key_account_editable()
        return super().action_withdraw_approval()

    def _get_decision_summary(self):
        """Name the highest discount, for whom, and what it does to the margin."""
        accounts = self.env["key.account"].search([("pricelist_id", "=", self.id)])
        names = ", ".join(accounts[:3].mapped("display_name")) or self.name
        return self._describe_discount(names)

    def _approval_terms(self):
        start = fields.Date.to_string(self.key_account_date_start) or None
        end = fields.Date.to_string(self.key_account_date_end) or None
        # Without one of its own the floor is the company's: lower is each other one.
        floor = self.key_account_margin_floor or 100.0
        known = self._get_frozen_terms().get("prices")
        effect = self._get_price_effect(known and known[1])
        terms = {
            "date_start": [self.env._("Valid from"), start, "lower"],
            "date_end": [self.env._("Valid until"), end, "higher"],
            "floor": [self.env._("Margin floor"), floor, "lower"],
            "currency": [self.env._("Currency"), self.currency_id.name, "any"],
            "company": [self.env._("Company"), self.company_id.id, "any"],
            "prices": [self.env._("Prices"), effect, "prices"],
        }
        for item in self.item_ids:
            terms.update(item._key_account_terms())
        return terms

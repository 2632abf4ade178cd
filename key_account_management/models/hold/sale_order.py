# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import namedtuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, formatLang

from ..tools.groups import ALL_ACCOUNTS, DIRECTOR

#: What speaks against an order: its text, whether it holds the order, and the group
#: that may release it.
Issue = namedtuple("Issue", "text holds group")

RELEASE_FIELDS = {
    "key_account_released_amount",
    "key_account_release_user_id",
    "key_account_release_date",
    "key_account_release_until",
    "key_account_release_reason",
    "key_account_released_margin",
    "key_account_released_qty",
}


class SaleOrder(models.Model):
    """Orders over the limit, of who doesn't pay, or below the floor are held."""

    _inherit = "sale.order"

    key_account_credit_issue = fields.Text(
        string="Why It Is Held",
        compute="_compute_key_account_credit_issue",
        groups="base.group_user",
    )
    key_account_is_held = fields.Boolean(
        compute="_compute_key_account_credit_issue",
        groups="base.group_user",
        help="Can't be confirmed before it is released.",
    )
    key_account_user_may_release = fields.Boolean(
        compute="_compute_key_account_credit_issue", groups="base.group_user"
    )
    key_account_released_amount = fields.Monetary(
        string="Released up to", copy=False, readonly=True, groups="base.group_user"
    )
    key_account_release_user_id = fields.Many2one(
        "res.users",
        string="Released by",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )
    key_account_release_date = fields.Datetime(
        string="Released on", copy=False, readonly=True, groups="base.group_user"
    )
    key_account_release_until = fields.Date(
        string="Released until", copy=False, readonly=True, groups="base.group_user"
    )
    key_account_release_reason = fields.Char(
        string="Reason of the Release",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )

    @api.depends_context("lang", "uid")
    @api.depends(
        "key_account_id",
        # Totals instead of lines: whatever changes on a line changes one of them, and
        # nobody's order pays for following each line.
        "amount_total",
        "margin",
        "state",
        "key_account_released_amount",
        "key_account_release_until",
        "order_line.key_account_released_margin",
        "order_line.key_account_released_qty",
    )
    def _compute_key_account_credit_issue(self):
        issues = self._get_key_account_issues()
        for order in self:
            found = issues.get(order.id or order._origin.id, [])
            order.key_account_credit_issue = "\n".join(i.text for i in found) or False
            order.key_account_is_held = any(issue.holds for issue in found)
            order.key_account_user_may_release = all(
                self.env.user.has_group(issue.group) for issue in found
            )

    def _get_key_account_issues(self):
        """Return what speaks against confirming these orders.

        :return: dict of order id -> list of :class:`Issue`; orders without an issue,
            confirmed ones and those of ordinary customers are left out
        """
        # sudo: the clerk shall read the warning, whoever manages the account.
        orders = self.sudo().filtered(
            lambda order: order.key_account_id and order.state in ("draft", "sent")
        )
        found = {}
        for company, of_company in orders.grouped("company_id").items():
            today = fields.Date.context_today(
                self.with_context(tz=company._get_key_account_tz())
            )
            facts = {}
            if company.key_account_order_check != "none":
                facts = of_company.key_account_id._get_credit_facts(today)
            for order in of_company:
                issues = order._floor_issues(today)
                if facts:
                    issues += order._credit_issues(
                        facts[order.key_account_id.id], today
                    )
                if issues:
                    found[order.id or order._origin.id] = issues
        return found

    def _floor_issues(self, today):
        """Say which lines are below the margin floor; who may release says how far."""
        self.ensure_one()
        lines = self.order_line.filtered("key_account_is_below_floor")
        if not lines:
            return []
        in_time = self._is_release_in_time(today)
        gap = max(
            line.key_account_margin_floor - 100 * line.margin_percent for line in lines
        )
        tolerance = self.company_id.key_account_floor_tolerance
        text = "\n".join(
            self.env._(
                "%(product)s: margin %(margin).1f %%, "
                "below the floor of %(floor).1f %%.",
                product=line.product_id.display_name,
                margin=100 * line.margin_percent,
                floor=line.key_account_margin_floor,
            )
            for line in lines
        )
        released = in_time and all(line._is_floor_released() for line in lines)
        return [
            Issue(text, not released, ALL_ACCOUNTS if gap <= tolerance else DIRECTOR)
        ]

    def _credit_issues(self, facts, today):
        """Say what is over the limit or overdue.

        :param facts: ``CreditFacts`` of the key account, company currency
        :param today: the company's day
        """
        self.ensure_one()
        currency = self.company_id.currency_id
        account = self.key_account_id
        texts = []
        total = facts.used + self._key_account_company_amount()
        if facts.limit and currency.compare_amounts(total, facts.limit) > 0:
            texts.append(
                self.env._(
                    "Over the credit limit of %(limit)s (%(origin)s): %(used)s are "
                    "open or ordered, %(total)s with this order.",
                    limit=formatLang(self.env, facts.limit, currency_obj=currency),
                    origin=account._origin_label(
                        account._resolve_benefit("credit_limit")[account.id]
                    ),
                    used=formatLang(self.env, facts.used, currency_obj=currency),
                    total=formatLang(self.env, total, currency_obj=currency),
                )
            )
        if currency.compare_amounts(facts.overdue, 0) > 0:
            texts.append(
                self.env._(
                    "%(amount)s are overdue by more than %(days)s days, the oldest by "
                    "%(oldest)s days.",
                    amount=formatLang(self.env, facts.overdue, currency_obj=currency),
                    days=self.company_id.key_account_overdue_days,
                    oldest=facts.oldest,
                )
            )
        holds = (
            self.company_id.key_account_order_check == "block"
            and not self._is_credit_released(today)
        )
        return [Issue(text, holds, DIRECTOR) for text in texts]

    def _key_account_company_amount(self):
        """Return the order's total in company currency, at the rate of the order."""
        self.ensure_one()
        currency = self.company_id.currency_id
        return currency.round(self.amount_total / (self.currency_rate or 1.0))

    def _is_release_in_time(self, today):
        """Tell whether somebody released the order, and not too long ago."""
        self.ensure_one()
        until = self.key_account_release_until
        return bool(self.key_account_release_user_id) and bool(until and until >= today)

    def _is_credit_released(self, today):
        """Tell whether a director released the order as it stands: not a larger one."""
        self.ensure_one()
        return (
            self._is_release_in_time(today)
            and self.key_account_release_user_id.has_group(DIRECTOR)
            and self.currency_id.compare_amounts(
                self.amount_total, self.key_account_released_amount
            )
            <= 0
        )

    def _check_key_account_release(self):
        """Refuse to confirm orders that are held; note what was let through.

        :raise UserError: names each order, what is wrong and who can help
        """
        found = self._get_key_account_issues()
        texts = []
        for order in self.filtered(lambda order: order.id in found):
            holding = [issue for issue in found[order.id] if issue.holds]
            if holding:
                texts.append(
                    self.env._(
                        "%(order)s of %(customer)s can't be confirmed.\n%(issue)s\n"
                        "Ask a director of key accounts for the release.",
                        order=order.name,
                        customer=order.partner_id.display_name,
                        issue="\n".join(issue.text for issue in holding),
                    )
                )
        if texts:
            raise UserError("\n\n".join(texts))
        for order in self.filtered(lambda order: order.id in found):
            order.message_post(
                body=self.env._(
                    "Confirmed in spite of: %s",
                    "\n".join(issue.text for issue in found[order.id]),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_release_fields(vals)
        orders = super().create(vals_list)
        # Made in the state of an order, by import or from outside: the same question,
        # asked as if they were quotations still.
        for order in orders:
            if order.state == "sale" and order.sudo().key_account_id:
                order.state = "draft"
                order.state = "sale"
        return orders

    def write(self, vals):
        self._check_release_fields(vals)
        if vals.get("state") == "sale":
            # Here and not in action_confirm: nobody gets around it by writing.
            orders = self.filtered(
                lambda order: order.sudo().key_account_id
                and order.state in ("draft", "sent")
            )
            if orders:
                orders._check_key_account_release()
        return super().write(vals)

    def _check_release_fields(self, vals):
        """Let nobody write a release past the button that checks who may."""
        if (
            not RELEASE_FIELDS.isdisjoint(vals)
            and not self.env.su
            and not self.env.user.has_group(DIRECTOR)
        ):
            raise AccessError(
                self.env._("Only a director of key accounts releases orders.")
            )

    def _validate_order(self):
        """Keep the customer's signature, but confirm no order that is held."""
        held = self.filtered("key_account_is_held")
        held.action_request_key_account_release()
        for order in held:
            order.message_post(
                body=self.env._(
                    "Accepted by the customer. Held until a director releases it."
                )
            )
        if self - held:
            return super(SaleOrder, self - held)._validate_order()
        return None

    def action_request_key_account_release(self):
        """Ask a director to release these orders, by an activity on each."""
        # sudo: who may decide is no secret, and no more than the names is taken; the
        # customer's own acceptance on the portal asks as well.
        directors = self.env.ref(DIRECTOR).sudo().all_user_ids
        for order in self.sudo():
            if order.activity_search(
                ["key_account_management.mail_activity_type_order_release"]
            ):
                continue
            director = directors.filtered(
                lambda user, company=order.company_id: user.active
                and not user.share
                and company in user.company_ids
            ).sorted("id", reverse=True)[:1]
            order.activity_schedule(
                "key_account_management.mail_activity_type_order_release",
                note=order.key_account_credit_issue or "",
                user_id=director.id or order.user_id.id or self.env.uid,
            )

    def action_release_key_account(self, reason):
        """Release these orders as they stand: amount, margins and quantities of now.

        What gets worse afterwards is held again; what gets better is not.

        :param str reason: why, kept on the order and in its chatter
        :raise AccessError: for who may not release what is wrong with the order
        """
        found = self._get_key_account_issues()
        for order in self:
            issues = found.get(order.id, [])
            groups = {issue.group for issue in issues} or {DIRECTOR}
            if not all(self.env.user.has_group(group) for group in groups):
                raise AccessError(
                    self.env._("Only a director of key accounts releases orders.")
                )
            order.check_access("write")
            order._write_release(reason, "\n".join(issue.text for issue in issues))
        self.activity_feedback(
            ["key_account_management.mail_activity_type_order_release"],
            feedback=reason,
        )

    def _write_release(self, reason, issue):
        """Freeze what is released, and put it on record."""
        self.ensure_one()
        company = self.company_id
        today = fields.Date.context_today(
            self.with_context(tz=company._get_key_account_tz())
        )
        until = today + relativedelta(days=company.key_account_release_days)
        # sudo: written by whom action_release_key_account found entitled.
        order = self.sudo()
        order.write(
            {
                "key_account_released_amount": self.amount_total,
                "key_account_release_user_id": self.env.uid,
                "key_account_release_date": fields.Datetime.now(),
                "key_account_release_until": until,
                "key_account_release_reason": reason,
            }
        )
        for line in order.order_line.filtered("key_account_is_below_floor"):
            line.write(
                {
                    "key_account_released_margin": line.margin_percent,
                    "key_account_released_qty": line.product_uom_qty,
                }
            )
        self.message_post(
            body=self.env._(
                "Released up to %(amount)s, until %(until)s. Reason: %(reason)s. "
                "Issue: %(issue)s",
                amount=formatLang(
                    self.env, self.amount_total, currency_obj=self.currency_id
                ),
                until=format_date(self.env, until),
                reason=reason,
                issue=issue,
            )
        )

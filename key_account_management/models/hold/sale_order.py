# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import namedtuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ..tools.groups import ALL_ACCOUNTS, DIRECTOR

#: A reason against confirming an order: its text, whether it holds the order, and the
#: group whose users can release it.
Reason = namedtuple("Reason", "text holds group")


class SaleOrder(models.Model):
    """Orders over the limit, overdue customers, prices below the floor: held."""

    _name = "sale.order"
    _inherit = [
        "sale.order",
        "key.account.decision.mixin",
        "key.account.server.written",
    ]

    _decision_activity = "key_account_management.mail_activity_type_order_release"
    _server_written = (
        "key_account_released_amount",
        "key_account_release_user_id",
        "key_account_release_date",
        "key_account_release_until",
        "key_account_release_reason",
    )

    key_account_credit_issue = fields.Text(
        string="Why It Is Held",
        compute="_compute_key_account_credit_issue",
        groups="base.group_user",
    )
    key_account_is_held = fields.Boolean(
        string="Held for Release",
        compute="_compute_key_account_credit_issue",
        groups="base.group_user",
        help="The order can't be confirmed until it is released.",
    )
    key_account_user_may_release = fields.Boolean(
        string="You Can Release It",
        compute="_compute_key_account_credit_issue",
        groups="base.group_user",
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
        string="Reason for the Release",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )

    @api.depends_context("lang", "uid")
    @api.depends(
        "key_account_id",
        # Totals instead of lines: every change on a line changes one of them, and
        # orders of ordinary customers don't pay for following each line.
        "amount_total",
        "margin",
        "state",
        "key_account_released_amount",
        "key_account_release_until",
        "order_line.key_account_released_margin",
        "order_line.key_account_released_qty",
    )
    def _compute_key_account_credit_issue(self):
        reasons = self._hold_reasons()
        for order in self:
            found = reasons.get(order.id, [])
            order.key_account_credit_issue = "\n".join(r.text for r in found) or False
            order.key_account_is_held = any(reason.holds for reason in found)
            order.key_account_user_may_release = bool(found) and any(
                map(self.env.user.has_group, self._release_groups(found))
            )

    def _hold_reasons(self):
        """Return the reasons against confirming these orders: a hook for rooms above.

        They add a :class:`Reason` to the lists of the orders that are in the answer.

        :return: dict of order id -> list of :class:`Reason`; confirmed orders and those
            of ordinary customers are left out
        """
        # sudo: the clerk needs to read the warning, no matter who manages the account.
        orders = self.sudo().filtered(
            lambda order: order.key_account_id and order.state in ("draft", "sent")
        )
        reasons = {}
        for company, of_company in orders.grouped("company_id").items():
            today = company._get_key_account_today()
            facts = {}
            if company.key_account_order_check != "none":
                facts = of_company.key_account_id._get_credit_facts(today)
            for order in of_company:
                reasons[order.id] = order._floor_reasons(today)
                if facts:
                    reasons[order.id] += order._credit_reasons(
                        facts[order.key_account_id.id], today
                    )
        return reasons

    def _floor_reasons(self, today):
        """Name the lines below the margin floor; the distance decides on the group."""
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
            Reason(text, not released, ALL_ACCOUNTS if gap <= tolerance else DIRECTOR)
        ]

    def _credit_reasons(self, facts, today):
        """Tell what is over the limit or overdue.

        :param facts: ``CreditFacts`` of the key account, company currency
        :param today: the company's day
        """
        self.ensure_one()
        currency = self.company_id.currency_id
        account = self.key_account_id
        texts = []
        total = facts.used + self._to_company_currency(self.amount_total)
        if facts.limit and currency.compare_amounts(total, facts.limit) > 0:
            texts.append(
                self.env._(
                    "Over the credit limit of %(limit)s (%(origin)s): %(used)s is "
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
                    "%(amount)s is overdue by more than %(days)s days, the oldest "
                    "item by %(oldest)s days.",
                    amount=formatLang(self.env, facts.overdue, currency_obj=currency),
                    days=self.company_id.key_account_overdue_days,
                    oldest=facts.oldest,
                )
            )
        holds = (
            self.company_id.key_account_order_check == "block"
            and not self._is_credit_released(today)
        )
        return [Reason(text, holds, DIRECTOR) for text in texts]

    def _is_release_in_time(self, today):
        """Tell whether the order was released, and not too long ago."""
        self.ensure_one()
        until = self.key_account_release_until
        return bool(self.key_account_release_user_id) and bool(until and until >= today)

    def _is_credit_released(self, today):
        """Tell whether a director released the order, and it hasn't grown since."""
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
        reasons = {key: found for key, found in self._hold_reasons().items() if found}
        orders = self.filtered(lambda order: order.id in reasons)
        texts = [
            self.env._(
                "%(order)s of %(customer)s can't be confirmed.\n%(issue)s\n"
                "Ask a director of key accounts for the release.",
                order=order.name,
                customer=order.partner_id.display_name,
                issue="\n".join(holding),
            )
            for order in orders
            if (holding := [r.text for r in reasons[order.id] if r.holds])
        ]
        if texts:
            raise UserError("\n\n".join(texts))
        for order in orders:
            order.message_post(
                body=self.env._(
                    "Confirmed despite: %s",
                    "\n".join(reason.text for reason in reasons[order.id]),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        # Created as confirmed, by import or from outside: the same checks apply, as if
        # they were still quotations.
        for order in orders:
            if order.state == "sale" and order.sudo().key_account_id:
                order.state = "draft"
                order.state = "sale"
        return orders

    def write(self, vals):
        if vals.get("state") == "sale":
            # Here and not in action_confirm: writing the state is checked, too.
            orders = self.filtered(
                lambda order: order.sudo().key_account_id
                and order.state in ("draft", "sent")
            )
            if orders:
                orders._check_key_account_release()
        return super().write(vals)

    def _validate_order(self):
        """Keep the customer's signature, but don't confirm orders that are held."""
        held = self.filtered("key_account_is_held")
        held.action_request_key_account_release()
        for order in held:
            order.message_post(
                body=self.env._(
                    "Accepted by the customer. The order is held until it is released."
                )
            )
        if self - held:
            return super(SaleOrder, self - held)._validate_order()
        return None

    def action_request_key_account_release(self):
        """Ask a director to release these orders, by an activity on each."""
        self.check_access("read")
        for order in self:
            order._request_decision(note=order.key_account_credit_issue)

    @api.model
    def _release_groups(self, reasons):
        """Return the roles that can release an order with these reasons."""
        groups = {reason.group for reason in reasons}
        # Where it takes several roles, a director decides.
        return [DIRECTOR, *(groups - {DIRECTOR})] if len(groups) == 1 else [DIRECTOR]

    def _decision_fallback(self):
        return self.user_id

    def _decision_groups(self):
        self.ensure_one()
        return self._release_groups(self._hold_reasons().get(self.id, []))

    def action_release_key_account(self, reason):
        """Release these orders as they are: with their amount, margins and quantities.

        What gets worse afterwards is held again; what gets better is not.

        :param str reason: why, kept on the order and in its chatter
        :raise AccessError: where the user's role isn't enough for the release
        """
        self._check_may_decide()
        reasons = self._hold_reasons()
        for order in self:
            texts = [found.text for found in reasons.get(order.id, [])]
            order._write_release(reason, "\n".join(texts))
        self._close_decision_request(feedback=reason)

    def _write_release(self, reason, issue):
        """Freeze what is released, and put it on record."""
        self.ensure_one()
        company = self.company_id
        until = company._get_key_account_today() + relativedelta(
            days=company.key_account_release_days
        )
        # sudo: no user writes these fields; the role has been checked.
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

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import format_date, formatLang

from ..tools.groups import DIRECTOR
from .order_judgement import judged
from .reward_flow import giving_rewards

#: What a change has to touch to make an order worse, beside its lines.
JUDGED = {
    "state",
    "order_line",
    "partner_id",
    "partner_invoice_id",
    "pricelist_id",
    "currency_id",
    "date_order",
    "company_id",
    "fiscal_position_id",
}
#: What core computes from the lines and the rates; its readers trust it.
TOTALS = {
    "amount_total",
    "amount_untaxed",
    "amount_tax",
    "currency_id",
    "currency_rate",
    "margin",
    "margin_percent",
}


class SaleOrder(models.Model):
    """Orders over the limit, overdue customers, prices below the floor: held."""

    _name = "sale.order"
    _inherit = [
        "sale.order",
        "key.account.decision.mixin",
        "key.account.server.written",
        "key.account.order.hold",
    ]
    _without_default = TOTALS

    _decision_activity = "key_account_management.mail_activity_type_order_release"

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
    # The release is for this customer and this currency.
    key_account_released_partner_id = fields.Many2one(
        "res.partner",
        string="Customer Released",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )
    key_account_released_currency_id = fields.Many2one(
        "res.currency",
        string="Currency Released",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )
    key_account_released_margin = fields.Float(
        string="Margin Released", copy=False, readonly=True, groups="base.group_user"
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
        "currency_id",
        "key_account_released_partner_id",
        "key_account_released_currency_id",
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

    def _is_release_in_time(self, today):
        """Tell whether the order was released, and not too long ago."""
        self.ensure_one()
        until = self.key_account_release_until
        partner, currency = self.partner_id, self.currency_id
        return (
            bool(self.key_account_release_user_id and until and until >= today)
            # Releases from before these were kept have neither.
            and (self.key_account_released_partner_id or partner) == partner
            and (self.key_account_released_currency_id or currency) == currency
        )

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

    def _judge(self, before):
        """Refuse what a change made of these orders where it is worse than it may be.

        A user whose role suffices for the reasons has released the change by making
        it. To confirm an order takes a release beforehand.

        :param dict before: order id -> ``Standing`` of those that were confirmed
        :raise UserError: names each order, what is wrong and who can help
        """
        try:
            orders = self.filtered(lambda order: order.state == "sale")
        except MissingError:
            # The change has deleted some; to ask each time would cost a query.
            orders = self.exists().filtered(lambda order: order.state == "sale")
        reasons = orders._hold_reasons(before) if orders else {}
        texts = []
        for order in orders.filtered(lambda order: reasons.get(order.id)):
            found = reasons[order.id]
            holding = [reason for reason in found if reason.holds]
            is_changed = order.id in before
            if holding and is_changed and order._may_release(holding):
                order._write_release(
                    self.env._("Changed by %s", self.env.user.name),
                    "\n".join(reason.text for reason in holding),
                )
            elif holding:
                texts.append(order._refusal_text(holding, is_changed))
            elif not is_changed:
                order.message_post(
                    body=self.env._(
                        "Confirmed despite: %s",
                        "\n".join(reason.text for reason in found),
                    )
                )
        if texts:
            raise UserError("\n\n".join(texts))

    def _refusal_text(self, holding, is_changed):
        """Say why an order can't be confirmed or changed, and who can help."""
        issue = "\n".join(reason.text for reason in holding)
        if is_changed:
            return self.env._(
                "%(order)s of %(customer)s is confirmed and can't be changed like "
                "this.\n%(issue)s\nAsk a director of key accounts to make the change.",
                order=self.name,
                customer=self.partner_id.display_name,
                issue=issue,
            )
        return self.env._(
            "%(order)s of %(customer)s can't be confirmed.\n%(issue)s\n"
            "Ask a director of key accounts for the release.",
            order=self.name,
            customer=self.partner_id.display_name,
            issue=issue,
        )

    @api.model_create_multi
    def create(self, vals_list):
        with judged(self.browse()) as judgement:
            orders = super().create(vals_list)
            for order, vals in zip(orders, vals_list, strict=True):
                order._refuse_typed_totals(TOTALS.intersection(vals))
            # Created as confirmed, by import or from outside: the same checks apply.
            confirmed = orders.filtered(lambda order: order.state == "sale")
            judgement.orders |= confirmed
            # Their lines came in one by one, which is no change of the order.
            for order in confirmed:
                judgement.before.pop(order.id, None)
        return orders

    def write(self, vals):
        self._refuse_typed_totals(TOTALS.intersection(vals))
        if JUDGED.isdisjoint(vals):
            return super().write(vals)
        # By the result and not in action_confirm: each way to confirm is judged.
        with judged(self):
            return super().write(vals)

    def _compute_payment_term_id(self):
        """Ask customers who aren't reliable for the terms that the settings say."""
        result = super()._compute_payment_term_id()
        # sudo: terms are the same for every user who writes the order.
        asked = self.filtered(
            lambda order: order.company_id.key_account_unreliable_term_id
            and order.sudo().key_account_id
        )
        for company, orders in asked.grouped("company_id").items():
            accounts = orders.sudo().key_account_id
            unreliable = accounts._get_unreliable(company._get_key_account_today())
            for order in orders:
                if (
                    order.sudo().key_account_id.id in unreliable
                    and not order.partner_id._has_manual_payment_term(company)
                ):
                    order.payment_term_id = company.key_account_unreliable_term_id
        return result

    def _apply_program_reward(self, reward, coupon, **kwargs):
        with giving_rewards():
            return super()._apply_program_reward(reward, coupon, **kwargs)

    def _update_programs_and_rewards(self):
        with giving_rewards():
            return super()._update_programs_and_rewards()

    def _refuse_typed_totals(self, names):
        """Refuse totals and rates that a client enters for an order of a key account.

        :raise AccessError: names the fields
        """
        if names and not self.env.su and self.sudo().key_account_id:
            self._refuse_server_written(names)

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
        self.check_access("write")
        for order in self:
            order._request_decision(note=order.key_account_credit_issue)

    @api.model
    def _release_groups(self, reasons):
        """Return the roles that can release an order with these reasons."""
        groups = {reason.group for reason in reasons}
        # Where it takes several roles, a director decides.
        return [DIRECTOR, *(groups - {DIRECTOR})] if len(groups) == 1 else [DIRECTOR]

    @api.model
    def _may_release(self, reasons):
        """Tell whether the user's role is enough to release these reasons."""
        user = self.env.user
        return user._is_superuser() or any(
            map(user.has_group, self._release_groups(reasons))
        )

    def _decision_fallback(self):
        return self.user_id

    def _get_decision_summary(self):
        return self.env._(
            "Release %(order)s of %(customer)s, %(amount)s",
            order=self.name,
            customer=self.partner_id.commercial_partner_id.name,
            amount=formatLang(
                self.env, self.amount_total, currency_obj=self.currency_id
            ),
        )

    def _decision_groups(self):
        self.ensure_one()
        return self._release_groups(self._hold_reasons().get(self.id, []))

    def action_release_key_account(self, reason):
        """Release these orders as they are: with their amount, margins and quantities.

        What gets worse afterwards is held again; what gets better is not.

        :param str reason: why, kept on the order and in its chatter
        :raise AccessError: where the user's role isn't enough for the release
        """
        self.check_access("write")
        reasons = self._hold_reasons()
        for order in self:
            found = reasons.get(order.id, [])
            if not self._may_release(found):
                raise AccessError(
                    self.env._(
                        "Your role doesn't allow you to decide on %s.",
                        order.display_name,
                    )
                )
            order._write_release(reason, "\n".join(each.text for each in found))
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
                "key_account_released_partner_id": self.partner_id.id,
                "key_account_released_currency_id": self.currency_id.id,
                "key_account_released_margin": order._get_key_account_margin(),
                "key_account_release_user_id": self.env.uid,
                "key_account_release_date": fields.Datetime.now(),
                "key_account_release_until": until,
                "key_account_release_reason": reason,
            }
        )
        order.order_line.filtered("key_account_is_below_floor")._freeze_release()
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

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

RELEASE_FIELDS = {
    "key_account_released_amount",
    "key_account_release_user_id",
    "key_account_release_date",
    "key_account_release_reason",
}
DIRECTOR = "key_account_management.group_key_account_director"


class SaleOrder(models.Model):
    """Orders over the limit, or of who doesn't pay, are held until released."""

    _inherit = "sale.order"

    key_account_credit_issue = fields.Text(
        string="Why It Is Held",
        compute="_compute_key_account_credit_issue",
        groups="base.group_user",
    )
    key_account_is_held = fields.Boolean(
        compute="_compute_key_account_credit_issue",
        groups="base.group_user",
        help="Can't be confirmed before a director releases it.",
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
    key_account_release_reason = fields.Char(
        string="Reason of the Release",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )

    @api.depends_context("lang")
    @api.depends(
        "key_account_id", "amount_total", "state", "key_account_released_amount"
    )
    def _compute_key_account_credit_issue(self):
        issues = self._get_key_account_credit_issues()
        for order in self:
            issue = issues.get(order.id or order._origin.id, False)
            order.key_account_credit_issue = issue
            order.key_account_is_held = (
                bool(issue)
                and order.company_id.key_account_order_check == "block"
                and not order._is_key_account_released()
            )

    def _get_key_account_credit_issues(self):
        """Return what speaks against confirming these orders.

        :return: dict of order id -> text; orders without an issue, confirmed ones and
            those of ordinary customers are left out
        """
        # sudo: the clerk shall read the warning, whoever manages the account.
        orders = self.sudo().filtered(
            lambda order: order.key_account_id
            and order.state in ("draft", "sent")
            and order.company_id.key_account_order_check != "none"
        )
        issues = {}
        for company, of_company in orders.grouped("company_id").items():
            today = fields.Date.context_today(
                self.with_context(tz=company._get_key_account_tz())
            )
            facts = of_company.key_account_id._get_credit_facts(today)
            for order in of_company:
                texts = order._credit_issue_texts(facts[order.key_account_id.id])
                if texts:
                    issues[order.id or order._origin.id] = "\n".join(texts)
        return issues

    def _credit_issue_texts(self, facts):
        """Say in words what is wrong.

        :param facts: ``CreditFacts`` of the key account, company currency
        """
        self.ensure_one()
        currency = self.company_id.currency_id
        account = self.key_account_id
        texts = []
        amount = self._key_account_company_amount()
        total = facts.used + amount
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
        return texts

    def _key_account_company_amount(self):
        """Return the order's total in company currency, at the rate of the order."""
        self.ensure_one()
        currency = self.company_id.currency_id
        return currency.round(self.amount_total / (self.currency_rate or 1.0))

    def _is_key_account_released(self):
        """Tell whether a director released the order as it stands: not a larger one."""
        self.ensure_one()
        order = self.sudo()
        return bool(order.key_account_release_user_id) and (
            order.currency_id.compare_amounts(
                order.amount_total, order.key_account_released_amount
            )
            <= 0
        )

    def _check_key_account_release(self):
        """Refuse to confirm orders that are held; note what was let through.

        :raise UserError: names each order, what is wrong and who can help
        """
        issues = self._get_key_account_credit_issues()
        held = self.filtered(
            lambda order: order.id in issues
            and order.company_id.key_account_order_check == "block"
            and not order._is_key_account_released()
        )
        if held:
            raise UserError(
                "\n\n".join(
                    self.env._(
                        "%(order)s of %(customer)s can't be confirmed.\n%(issue)s\n"
                        "Ask a director of key accounts for the release.",
                        order=order.name,
                        customer=order.partner_id.display_name,
                        issue=issues[order.id],
                    )
                    for order in held
                )
            )
        for order in self.filtered(lambda order: order.id in issues):
            order.message_post(
                body=self.env._("Confirmed in spite of: %s", issues[order.id])
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_release_fields(vals)
        orders = super().create(vals_list)
        # Made in the state of an order, by import or from outside: the same question.
        confirmed = orders.filtered(lambda order: order.state == "sale")
        if confirmed.sudo().key_account_id:
            confirmed._check_key_account_created()
        return orders

    def _check_key_account_created(self):
        """Refuse orders that come into being confirmed and ought to be held."""
        for order in self:
            order.state = "draft"
            order.state = "sale"

    def write(self, vals):
        self._check_release_fields(vals)
        if vals.get("state") == "sale":
            # Here and not in action_confirm: nobody gets around it by writing.
            self.filtered(
                lambda order: order.sudo().key_account_id
                and order.state in ("draft", "sent")
            )._check_key_account_release()
        return super().write(vals)

    def _check_release_fields(self, vals):
        """Let nobody but a director release, whichever way it is written."""
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
        """Release these orders up to their amount of now.

        :param str reason: why, kept on the order and in its chatter
        :raise AccessError: for who is no director
        """
        if not self.env.user.has_group(DIRECTOR):
            raise AccessError(
                self.env._("Only a director of key accounts releases orders.")
            )
        for order in self:
            issue = order.key_account_credit_issue or ""
            order.write(
                {
                    "key_account_released_amount": order.amount_total,
                    "key_account_release_user_id": self.env.uid,
                    "key_account_release_date": fields.Datetime.now(),
                    "key_account_release_reason": reason,
                }
            )
            order.message_post(
                body=self.env._(
                    "Released up to %(amount)s. Reason: %(reason)s. Issue: %(issue)s",
                    amount=formatLang(
                        self.env, order.amount_total, currency_obj=order.currency_id
                    ),
                    reason=reason,
                    issue=issue,
                )
            )
        self.activity_feedback(
            ["key_account_management.mail_activity_type_order_release"],
            feedback=reason,
        )

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, float_compare


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    key_account_promised_date = fields.Date(
        string="Promised",
        compute="_compute_key_account_delivery",
        groups="base.group_user",
    )
    key_account_days_late = fields.Integer(
        string="Days Late",
        compute="_compute_key_account_delivery",
        groups="base.group_user",
    )
    key_account_is_late = fields.Boolean(
        string="Late",
        compute="_compute_key_account_delivery",
        search="_search_key_account_is_late",
        groups="base.group_user",
        help="Promised for a day that is over, and not delivered whole.",
    )

    def _key_account_promised_day(self):
        """Return the day promised for the line, on the company's clock."""
        self.ensure_one()
        order = self.order_id
        moment = order.commitment_date or (
            order.date_order and order.date_order + timedelta(days=self.customer_lead)
        )
        return (
            moment
            and fields.Datetime.context_timestamp(
                self.with_context(tz=order.company_id._get_key_account_tz()), moment
            ).date()
        )

    def _key_account_promised_months(self):
        """Return the months in which the promises of these lines count.

        :return: list of (commercial partner id, company id, promised day)
        """
        return [
            (
                line.order_id.partner_id.commercial_partner_id.id,
                line.company_id.id,
                line._key_account_promised_day(),
            )
            for line in self
            if line.order_id.key_account_id and line.product_id.type == "consu"
        ]

    @api.depends("qty_delivered", "product_uom_qty", "order_id.commitment_date")
    def _compute_key_account_delivery(self):
        for line in self:
            day = (
                line.product_id.type == "consu"
                and line.order_id.key_account_id
                and line._key_account_promised_day()
            )
            line.key_account_promised_date = day
            today = fields.Date.context_today(
                line.with_context(tz=line.company_id._get_key_account_tz())
            )
            late = (
                bool(day)
                and line.state == "sale"
                and day < today
                and float_compare(
                    line.qty_delivered, line.product_uom_qty, precision_digits=5
                )
                < 0
            )
            line.key_account_is_late = late
            line.key_account_days_late = (today - day).days if late else 0

    @api.model
    def _search_key_account_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        queries = [
            SQL(
                """
                SELECT line.id FROM sale_order_line line
                  JOIN sale_order sale ON sale.id = line.order_id
                   AND sale.state = 'sale' AND sale.key_account_id IS NOT NULL
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id
                   AND template.type = 'consu'
                 WHERE sale.company_id = %(company)s AND line.display_type IS NULL
                   AND COALESCE(line.qty_delivered, 0) < line.product_uom_qty - 0.00001
                   AND (COALESCE(sale.commitment_date, sale.date_order
                            + COALESCE(line.customer_lead, 0) * interval '1 day')
                        AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date < %(today)s
                """,
                company=company.id,
                tz=company._get_key_account_tz(),
                today=fields.Date.context_today(
                    self.with_context(tz=company._get_key_account_tz())
                ),
            )
            for company in self.env.companies
        ]
        late = SQL("(%s)", SQL(" UNION ALL ").join(queries))
        return [("id", "in" if True in value else "not in", late)]

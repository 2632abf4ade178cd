# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Fields of a line of which it depends in which month it counts, and how.
DELIVERY_FIELDS = {"product_uom_qty", "product_uom_id", "product_id", "customer_lead"}


class SaleOrderLine(models.Model):
    """Lines know the day they were promised for, and whether that was kept."""

    _inherit = "sale.order.line"

    key_account_promised_date = fields.Date(
        string="Promised for",
        compute="_compute_key_account_promised_date",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
        help="Delivery date of the confirmed order, else its date and the lead time.",
    )
    key_account_otif = fields.Selection(
        [("on_time", "On Time in Full"), ("late", "Late or Incomplete")],
        string="Delivery",
        compute="_compute_key_account_otif",
        search="_search_key_account_otif",
        groups="base.group_user",
        help="Whether all was shipped up to the end of the promised day; what comes "
        "back later doesn't change that. Empty until that day is over.",
    )
    key_account_is_overdue = fields.Boolean(
        string="Late Delivery",
        compute="_compute_key_account_is_overdue",
        search="_search_key_account_is_overdue",
        groups="base.group_user",
        help="Of a key account, past the promised day and still not shipped in full.",
    )

    @api.depends(
        "state",
        "customer_lead",
        "qty_delivered_method",
        "order_id.commitment_date",
        "order_id.date_order",
        "order_id.company_id",
    )
    def _compute_key_account_promised_date(self):
        for line in self:
            line.key_account_promised_date = (
                line.state == "sale"
                and line.qty_delivered_method == "stock_move"
                and line._key_account_promised_day()
            )

    def _key_account_promised_day(self):
        """Return the promised day by the company's clock."""
        self.ensure_one()
        # sudo: the time zone of the company; who sells need not read its calendar.
        zone = self.company_id.sudo()._get_key_account_tz()
        moment = self.order_id.commitment_date or self._expected_date()
        return fields.Datetime.context_timestamp(
            self.with_context(tz=zone), moment
        ).date()

    @api.depends(
        "key_account_promised_date",
        "product_uom_qty",
        "product_uom_id",
        "qty_delivered",
        "move_ids.state",
        "move_ids.date",
        "move_ids.quantity",
    )
    def _compute_key_account_otif(self):
        self._compute_by_search("key_account_otif", ("on_time", "late"), False)

    @api.depends(
        "key_account_promised_date",
        "product_uom_qty",
        "product_uom_id",
        "qty_delivered",
        "move_ids.state",
        "move_ids.date",
        "move_ids.quantity",
    )
    def _compute_key_account_is_overdue(self):
        self._compute_by_search("key_account_is_overdue", (True,), False)

    def _compute_by_search(self, name, values, default):
        """Set a field to the value by whose search the line is found."""
        self[name] = default
        # sudo: these are lines that the user reads already, whatever their company.
        lines = self.with_context(
            allowed_company_ids=self.company_id.ids or self.env.company.ids
        ).sudo()
        for value in values:
            found = lines.search([("id", "in", self.ids), (name, "in", [value])])
            (self & self.browse(found.ids))[name] = value

    @api.model
    def _search_key_account_otif(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._flush_key_account_deliveries()
        wanted = tuple(each or "none" for each in value)
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain.custom(
                to_sql=lambda model, alias, query, company=company: SQL(
                    "%s IN %s",
                    model._key_account_otif_sql(SQL.identifier(alias), company),
                    wanted,
                )
            )
            # sudo: the time zones of the companies that the user works in.
            for company in self.env.companies.sudo()
        )

    @api.model
    def _search_key_account_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._flush_key_account_deliveries()
        return Domain.OR(
            Domain(
                [
                    ("company_id", "=", company.id),
                    (
                        "key_account_promised_date",
                        "<",
                        self._key_account_today(company),
                    ),
                ]
            )
            # sudo: the time zones of the companies that the user works in.
            for company in self.env.companies.sudo()
        ) & Domain.custom(
            to_sql=lambda model, alias, query: model._key_account_missing_sql(
                SQL.identifier(alias)
            )
        )

    @api.model
    def _flush_key_account_deliveries(self):
        """Write what the statements below read beyond the fields of a domain."""
        self.flush_model()
        self.env["stock.move"].flush_model()

    @api.model
    def _key_account_today(self, company):
        """Return the day that it is now by a company's clock."""
        return fields.Date.context_today(
            self.with_context(tz=company._get_key_account_tz())
        )

    @api.model
    def _key_account_missing_sql(self, line):
        """Tell of a line of a key account that not all of it was shipped yet.

        A kit ships as its components; of it only the delivered quantity tells.

        :param line: SQL name of the line
        """
        return SQL(
            """
            (%(line)s.qty_delivered < %(line)s.product_uom_qty
             AND EXISTS (
                 SELECT 1 FROM key_account account
                   JOIN res_partner customer
                     ON customer.commercial_partner_id = account.partner_id
                  WHERE customer.id = %(line)s.order_partner_id
                    AND account.company_id = %(line)s.company_id)
             AND %(shipped)s < ROUND(%(line)s.product_uom_qty::numeric, %(digits)s))
            """,
            line=line,
            shipped=self._key_account_shipped_sql(line, SQL("TRUE")),
            digits=self._key_account_digits(),
        )

    @api.model
    def _key_account_otif_sql(self, line, company):
        """Build the expression that is "on_time", "late", or "none" if it's not due.

        Lines count once the promised day is over. Kits are left out: they ship as
        components, of which none is the line's article.

        :param line: SQL name of the line, one of the company
        :param company: its day ends with the time zone
        """
        return SQL(
            """
            (CASE WHEN %(line)s.key_account_promised_date IS NULL
                    OR %(line)s.key_account_promised_date >= %(today)s
                    OR %(line)s.product_uom_qty <= 0
                    OR EXISTS (
                       SELECT 1 FROM stock_move component
                        WHERE component.sale_line_id = %(line)s.id
                          AND component.product_id <> %(line)s.product_id
                          AND component.state <> 'cancel')
                  THEN 'none'
                  WHEN %(shipped)s
                       >= ROUND(%(line)s.product_uom_qty::numeric, %(digits)s)
                  THEN 'on_time' ELSE 'late' END)
            """,
            line=line,
            today=self._key_account_today(company),
            shipped=self._key_account_shipped_sql(
                line,
                SQL(
                    """
                    (move.date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date
                        <= %s.key_account_promised_date
                    """,
                    company._get_key_account_tz(),
                    line,
                ),
            ),
            digits=self._key_account_digits(),
        )

    @api.model
    def _key_account_shipped_sql(self, line, in_time):
        """Build the quantity that was shipped to the customer, in the line's unit.

        What comes back isn't taken off, so what is sent out again for it isn't added.

        :param line: SQL name of the line
        :param in_time: SQL condition on ``move``
        """
        return SQL(
            """
            (SELECT COALESCE(ROUND(SUM(move.quantity * move_unit.factor
                        / line_unit.factor)::numeric, %(digits)s), 0)
               FROM stock_move move
               JOIN uom_uom move_unit ON move_unit.id = move.product_uom
               JOIN uom_uom line_unit ON line_unit.id = %(line)s.product_uom_id
               JOIN stock_location target ON target.id = move.location_dest_id
              WHERE move.sale_line_id = %(line)s.id AND move.state = 'done'
                AND move.product_id = %(line)s.product_id
                AND move.origin_returned_move_id IS NULL
                AND (target.usage = 'customer'
                     OR target.usage = 'transit' AND target.company_id IS NULL)
                AND %(in_time)s)
            """,
            line=line,
            digits=self._key_account_digits(),
            in_time=in_time,
        )

    @api.model
    def _key_account_digits(self):
        return self.env["decimal.precision"].precision_get("Product Unit")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._queue_key_account_deliveries()
        return lines

    def write(self, vals):
        if DELIVERY_FIELDS.isdisjoint(vals):
            return super().write(vals)
        before = self._key_account_delivery_months()
        result = super().write(vals)
        self._queue_key_account_deliveries(before)
        return result

    def _key_account_delivery_months(self):
        """Return where these lines count.

        :return: list of (commercial partner id, company id, promised day)
        """
        # sudo: who ships goods need not read orders; only ids and days leave here.
        return [
            (
                line.order_partner_id.commercial_partner_id.id,
                line.company_id.id,
                line.key_account_promised_date,
            )
            for line in self.sudo()
            if line.state == "sale" and line.key_account_promised_date
        ]

    def _queue_key_account_deliveries(self, before=()):
        """Have the months of these lines counted anew, and those they were in."""
        self.env["key.account.kpi.queue"]._add(
            [*before, *self._key_account_delivery_months()]
        )

    def action_key_account_open_order(self):
        """Open the order of the line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

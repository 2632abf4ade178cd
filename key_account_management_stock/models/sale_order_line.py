# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.key_account_management.models.tools.company_day import day_sql

#: Fields of a line that decide in which month it counts, and how.
DELIVERY_FIELDS = {"product_uom_qty", "product_uom_id", "product_id", "customer_lead"}
#: What says whether a line was shipped in full and in time.
SHIPMENT = (
    "key_account_promised_date",
    "product_uom_qty",
    "product_uom_id",
    "qty_delivered",
    "move_ids.state",
    "move_ids.date",
    "move_ids.quantity",
)


class SaleOrderLine(models.Model):
    """Lines know the day they were promised for, and whether that was kept."""

    _inherit = "sale.order.line"

    key_account_promised_date = fields.Date(
        string="Promised for",
        compute="_compute_key_account_promised_date",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
        help="Delivery date when the order was confirmed, else its date and the lead "
        "time. The first promise counts: a later date doesn't change it.",
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
                and (line.key_account_promised_date or line._key_account_promised_day())
            )

    def _key_account_promised_day(self):
        """Return the promised day by the company's clock."""
        self.ensure_one()
        return self.company_id._to_key_account_day(
            self.order_id.commitment_date or self._expected_date()
        )

    @api.depends(*SHIPMENT)
    def _compute_key_account_otif(self):
        self._compute_by_search("key_account_otif", ("on_time", "late"), False)

    @api.depends(*SHIPMENT)
    def _compute_key_account_is_overdue(self):
        self._compute_by_search("key_account_is_overdue", (True,), False)

    def _compute_by_search(self, name, values, default):
        """Set a field to the value by whose search the line is found."""
        self[name] = default
        # sudo: the user reads these lines already, even of companies not switched on.
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
            for company in self.env.companies
        )

    @api.model
    def _search_key_account_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._flush_key_account_deliveries()
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("key_account_promised_date", "<", company._get_key_account_today())
            for company in self.env.companies
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
    def _key_account_missing_sql(self, line):
        """Build the condition that a key account's line isn't shipped in full yet.

        A kit ships as its components; for it only the delivered quantity counts.

        :param line: SQL name of the line
        """
        return SQL(
            """
            (%(line)s.qty_delivered < %(line)s.product_uom_qty
             AND EXISTS (
                 SELECT 1 FROM sale_order sale
                   JOIN res_partner contact ON contact.id = sale.partner_id
                   JOIN key_account account
                     ON account.partner_id = COALESCE(sale.key_account_partner_id,
                                                      contact.commercial_partner_id)
                  WHERE sale.id = %(line)s.order_id
                    AND %(own)s)
             AND %(shipped)s < ROUND(%(line)s.product_uom_qty::numeric, %(digits)s))
            """,
            line=line,
            own=self.env["key.account"]._own_documents_sql("sale"),
            shipped=self._key_account_shipped_sql(line, SQL("TRUE")),
            digits=self._key_account_digits(),
        )

    @api.model
    def _key_account_otif_sql(self, line, company):
        """Build the expression that is "on_time", "late", or "none" if it's not due.

        Lines count once the promised day is over. Kits are left out: they ship as
        components, and none of these is the line's product.

        :param line: SQL name of the line, one of the company
        :param company: its time zone says when the day is over
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
            today=company._get_key_account_today(),
            shipped=self._key_account_shipped_sql(
                line,
                SQL(
                    "%s <= %s.key_account_promised_date",
                    day_sql(SQL("move.date"), company._get_key_account_tz()),
                    line,
                ),
            ),
            digits=self._key_account_digits(),
        )

    @api.model
    def _key_account_shipped_sql(self, line, in_time):
        """Build the quantity that was shipped to the customer, in the line's unit.

        What comes back isn't subtracted, so what is sent again for it isn't added.

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
        # sudo: users who ship goods can't read orders; only ids and days leave here.
        return [
            (
                (
                    line.order_id.key_account_partner_id
                    or line.order_partner_id.commercial_partner_id
                ).id,
                line.company_id.id,
                line.key_account_promised_date,
            )
            for line in self.sudo()
            if line.state == "sale" and line.key_account_promised_date
        ]

    def _queue_key_account_deliveries(self, before=()):
        """Queue the months of these lines, and those they were in."""
        self.env["key.account.kpi.queue"]._add(
            [*before, *self._key_account_delivery_months()]
        )

    def action_key_account_open_order(self):
        """Open the order of the line."""
        self.ensure_one()
        return self.order_id._get_records_action(context={})

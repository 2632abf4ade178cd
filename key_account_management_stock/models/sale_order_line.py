# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.key_account_management.models.tools.company_day import day_sql


class SaleOrderLine(models.Model):
    """With the stock app the shipments say whether a promise was kept."""

    _inherit = "sale.order.line"

    @api.depends("move_ids.state", "move_ids.date", "move_ids.quantity")
    def _compute_key_account_otif(self):
        return super()._compute_key_account_otif()

    @api.depends("move_ids.state", "move_ids.date", "move_ids.quantity")
    def _compute_key_account_is_overdue(self):
        return super()._compute_key_account_is_overdue()

    @api.model
    def _key_account_promise_sql(self, line, sale):
        """Goods are promised with every order, and nothing else is."""
        return SQL("%s.qty_delivered_method = 'stock_move'", line)

    def _may_promise_key_account(self):
        """Goods are promised with every order."""
        return self.qty_delivered_method == "stock_move"

    @api.model
    def _key_account_exempt_sql(self, line):
        """Leave out kits: they ship as components, and none is the line's product."""
        return SQL(
            """
            EXISTS (SELECT 1 FROM stock_move component
                     WHERE component.sale_line_id = %(line)s.id
                       AND component.product_id <> %(line)s.product_id
                       AND component.state <> 'cancel')
            """,
            line=line,
        )

    @api.model
    def _key_account_on_time_sql(self, line, company):
        """Take the shipments up to the end of the promised day."""
        return SQL(
            "%s >= ROUND(%s.product_uom_qty::numeric, %s)",
            self._key_account_shipped_sql(
                line,
                SQL(
                    "%s <= %s.key_account_promised_date",
                    day_sql(SQL("move.date"), company._get_key_account_tz()),
                    line,
                ),
            ),
            line,
            self._key_account_digits(),
        )

    @api.model
    def _key_account_open_sql(self, line):
        """Take the shipments; for a kit only the delivered quantity counts."""
        return SQL(
            """
            (%(line)s.qty_delivered < %(line)s.product_uom_qty
             AND %(shipped)s < ROUND(%(line)s.product_uom_qty::numeric, %(digits)s))
            """,
            line=line,
            shipped=self._key_account_shipped_sql(line, SQL("TRUE")),
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

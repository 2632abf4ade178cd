# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, float_compare

from ..tools.company_day import company_tz_sql, day_sql

#: What decides whether a line was served in full, and in which month it counts.
DELIVERY_FIELDS = {"product_uom_qty", "product_uom_id", "product_id", "qty_delivered"}


class SaleOrderLine(models.Model):
    """Lines of key accounts know the day they were promised for, and if it was kept.

    Without the stock app, a line is served when all of it is entered as delivered, or
    invoiced. An addon that knows the shipments says so by ``_key_account_promise_sql``,
    ``_key_account_exempt_sql``, ``_key_account_on_time_sql`` and
    ``_key_account_open_sql``.
    """

    _inherit = "sale.order.line"

    key_account_promised_date = fields.Date(
        string="Promised for",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="Delivery date when the order was confirmed, else its date and the lead "
        "time. The first promise counts: a later date doesn't change it.",
    )
    key_account_delivered_date = fields.Date(
        string="Delivered on",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The day on which all of the line was entered as delivered.",
    )
    key_account_otif = fields.Selection(
        [("on_time", "On Time in Full"), ("late", "Late or Incomplete")],
        string="Delivery",
        compute="_compute_key_account_otif",
        search="_search_key_account_otif",
        groups="base.group_user",
        help="Whether the customer got everything up to the end of the promised day; "
        "what comes back later doesn't change that. Empty until that day is over.",
    )
    key_account_is_overdue = fields.Boolean(
        string="Late Delivery",
        compute="_compute_key_account_is_overdue",
        search="_search_key_account_is_overdue",
        groups="base.group_user",
        help="Of a key account, past the promised day and still not served in full.",
    )

    def _compute_qty_delivered(self):
        result = super()._compute_qty_delivered()
        # Time sheets and milestones deliver by this.
        self._note_key_account_deliveries()
        return result

    def _note_key_account_deliveries(self):
        """Keep the day on which all of a line was delivered, while it stays so.

        Only what was promised to a key account is followed.
        """
        # sudo: users can't write the day themselves; they enter the delivery.
        promised = self.sudo().filtered("key_account_promised_date")
        if not promised:
            return
        digits = self._key_account_digits()
        for line in promised:
            missing = float_compare(
                line.qty_delivered, line.product_uom_qty, precision_digits=digits
            )
            if missing < 0:
                line.key_account_delivered_date = False
            elif not line.key_account_delivered_date:
                today = line.company_id._get_key_account_today()
                line.key_account_delivered_date = today

    @api.depends("key_account_promised_date", *DELIVERY_FIELDS)
    def _compute_key_account_otif(self):
        self._compute_by_search("key_account_otif", ("on_time", "late"))

    @api.depends("key_account_promised_date", *DELIVERY_FIELDS)
    def _compute_key_account_is_overdue(self):
        self._compute_by_search("key_account_is_overdue", (True,))

    def _compute_by_search(self, name, values):
        """Set a field to the value by whose search the line is found."""
        self[name] = False
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
        self.env.flush_all()
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
        self.env.flush_all()
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
    def _key_account_missing_sql(self, line):
        """Build the condition that a key account's line isn't served in full yet.

        :param line: SQL name of the line
        """
        return SQL(
            """
            (%(line)s.state = 'sale'
             AND EXISTS (
                 SELECT 1 FROM sale_order sale
                   JOIN res_partner contact ON contact.id = sale.partner_id
                   JOIN key_account account
                     ON account.partner_id = COALESCE(sale.key_account_partner_id,
                                                      contact.commercial_partner_id)
                  WHERE sale.id = %(line)s.order_id
                    AND %(own)s)
             AND %(open)s)
            """,
            line=line,
            own=self.env["key.account"]._own_documents_sql("sale"),
            open=self._key_account_open_sql(line),
        )

    @api.model
    def _key_account_otif_sql(self, line, company):
        """Build the expression that is "on_time", "late", or "none" if it's not due.

        Lines count once the promised day is over.

        :param line: SQL name of the line, one of the company
        :param company: its time zone says when the day is over
        """
        return SQL(
            """
            (CASE WHEN %(line)s.key_account_promised_date IS NULL
                    OR %(line)s.key_account_promised_date >= %(today)s
                    OR %(line)s.product_uom_qty <= 0
                  THEN 'none'
                  WHEN %(on_time)s THEN 'on_time'
                  WHEN %(exempt)s THEN 'none'
                  ELSE 'late' END)
            """,
            line=line,
            today=company._get_key_account_today(),
            exempt=self._key_account_exempt_sql(line),
            on_time=self._key_account_on_time_sql(line, company),
        )

    @api.model
    def _key_account_promise_sql(self, line, sale):
        """Build the condition that a line of a confirmed order promises a day.

        :param line: SQL name of the line
        :param sale: SQL name of its order
        """
        return SQL(
            """
            (%(line)s.display_type IS NULL AND %(line)s.product_uom_qty > 0
             AND %(line)s.reward_id IS NULL AND %(line)s.is_downpayment IS NOT TRUE
             AND %(line)s.qty_delivered_method <> 'analytic' AND %(delivery)s
             AND (%(sale)s.commitment_date IS NOT NULL OR %(line)s.customer_lead > 0))
            """,
            line=line,
            sale=sale,
            # Of core's delivery app, where it is installed.
            delivery=SQL("%s.is_delivery IS NOT TRUE", line)
            if "is_delivery" in self._fields
            else SQL("TRUE"),
        )

    @api.model
    def _key_account_exempt_sql(self, line):
        """Build the condition that it isn't known when a line was served.

        It was delivered before its customer was a key account.
        """
        return SQL(
            "(%(line)s.qty_delivered >= %(line)s.product_uom_qty "
            "AND %(line)s.key_account_delivered_date IS NULL)",
            line=line,
        )

    @api.model
    def _key_account_on_time_sql(self, line, company):
        """Build the condition that all of a line was served by its promised day."""
        return SQL(
            "(%(line)s.key_account_delivered_date <= %(line)s.key_account_promised_date"
            " OR %(invoiced)s)",
            line=line,
            invoiced=self._key_account_invoiced_sql(
                line,
                SQL("move.invoice_date <= %s.key_account_promised_date", line),
            ),
        )

    @api.model
    def _key_account_open_sql(self, line):
        """Build the condition that something of a line has still to be served."""
        return SQL(
            "(%(line)s.qty_delivered < %(line)s.product_uom_qty AND NOT %(invoiced)s)",
            line=line,
            invoiced=self._key_account_invoiced_sql(line, SQL("TRUE")),
        )

    @api.model
    def _key_account_invoiced_sql(self, line, in_time):
        """Build the condition that all of a line was invoiced.

        Credit notes don't count: they say what came back, not that it never went.

        :param line: SQL name of the line
        :param in_time: SQL condition on ``move``
        """
        return SQL(
            """
            ((SELECT COALESCE(ROUND(SUM(billed.quantity
                         * COALESCE(billed_unit.factor, 1)
                         / COALESCE(line_unit.factor, 1))::numeric, %(digits)s), 0)
                FROM sale_order_line_invoice_rel link
                JOIN account_move_line billed ON billed.id = link.invoice_line_id
                JOIN account_move move ON move.id = billed.move_id
                 AND move.state = 'posted' AND move.move_type = 'out_invoice'
           LEFT JOIN uom_uom billed_unit ON billed_unit.id = billed.product_uom_id
           LEFT JOIN uom_uom line_unit ON line_unit.id = %(line)s.product_uom_id
               WHERE link.order_line_id = %(line)s.id AND %(in_time)s)
             >= ROUND(%(line)s.product_uom_qty::numeric, %(digits)s))
            """,
            line=line,
            digits=self._key_account_digits(),
            in_time=in_time,
        )

    @api.model
    def _key_account_digits(self):
        return self.env["decimal.precision"].precision_get("Product Unit")

    @api.model
    def _fill_key_account_promises(self, scope):
        """Keep the promised day of confirmed lines that have none yet, in SQL.

        :param scope: SQL condition on ``line`` and ``sale``
        """
        self.env.flush_all()
        moment = SQL(
            "COALESCE(sale.commitment_date, sale.date_order "
            "+ COALESCE(line.customer_lead, 0) * interval '1 day')"
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE sale_order_line line SET key_account_promised_date = %(day)s
                  FROM sale_order sale
                  JOIN (SELECT id, %(tz)s AS tz FROM res_company) company
                    ON company.id = sale.company_id
                 WHERE sale.id = line.order_id AND sale.state = 'sale'
                   AND line.key_account_promised_date IS NULL
                   AND %(promises)s AND %(scope)s
                """,
                day=day_sql(moment, SQL("company.tz")),
                tz=company_tz_sql(SQL("res_company.id")),
                promises=self._key_account_promise_sql(SQL("line"), SQL("sale")),
                scope=scope,
            )
        )
        self.invalidate_model(["key_account_promised_date"])

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        added = lines.filtered(lambda line: line.state == "sale")
        if added:
            added._take_key_account_promises()
        return lines

    def _take_key_account_promises(self):
        """Keep for which day these lines of confirmed orders are promised."""
        # sudo: whether it is a key account's, for every user who writes the order.
        ours = self.filtered(
            lambda line: line.order_id.sudo().key_account_id
            and line._may_promise_key_account()
        )
        if ours:
            ours._fill_key_account_promises(SQL("line.id = ANY(%s)", ours.ids))
            ours._queue_key_account_deliveries()

    def _may_promise_key_account(self):
        """Tell whether it is worth asking for the promise: most orders name no day."""
        self.ensure_one()
        return self.order_id.commitment_date or self.customer_lead > 0

    def write(self, vals):
        if DELIVERY_FIELDS.isdisjoint(vals):
            return super().write(vals)
        before = self._key_account_delivery_months()
        result = super().write(vals)
        self._note_key_account_deliveries()
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
            if line.key_account_promised_date
        ]

    def _queue_key_account_deliveries(self, before=()):
        """Queue the months of these lines, and those they were in."""
        self.env["key.account.kpi.queue"]._add(
            [*before, *self._key_account_delivery_months()]
        )

    def action_key_account_open_order(self):
        """Open the order of the line."""
        self.ensure_one()
        self.check_access("read")
        return self.order_id._get_records_action(context={})

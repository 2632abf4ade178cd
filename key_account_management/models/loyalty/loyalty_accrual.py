# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.tools import float_round

from .points_rules import WHOLE, deserved, due_after_lapses, points_left, to_units


class LoyaltyAccrual(models.AbstractModel):
    """Keeps the points of a document in step with what became of it.

    A document *earns* once (an entry with ``key_account_is_open``). From then on,
    whatever happens to it - credit note, payment taken back, cancellation - the points
    that it deserves now are worked out again and the difference is booked. So the order
    of events doesn't matter, and an event that is reported twice books nothing.
    """

    _name = "loyalty.accrual"
    _description = "Accrual of Loyalty Points"

    @api.model
    def _open_earning(self, card, document, points, amounts, **values):
        """Book the first earning of a document.

        :param card: the ``loyalty.card`` (sudo)
        :param document: order or invoice
        :param dict points: product key -> points, multiplier included
        :param dict amounts: product key -> amount on the document
        :return: the entry
        """
        total = float_round(sum(points.values()), precision_digits=2)
        if to_units(total) <= 0:
            return self.env["loyalty.history"]
        card._lock_points()
        # Another number for each time that the document starts over, after a reset.
        earlier = self.env["loyalty.history"]._search_by_document(
            document,
            [
                ("card_id", "=", card.id),
                ("key_account_kind", "=", "earn"),
                ("key_account_origin_id", "=", False),
            ],
        )
        return card._book(
            total,
            "earn",
            key_account_cause=f"earn {len(earlier) + 1}",
            key_account_is_open=True,
            key_account_point_detail={"points": points, "amounts": amounts},
            **values,
        )

    @api.model
    def _get_open_earnings(self, documents):
        """Return the entries by which these documents have earned (sudo)."""
        return self.env["loyalty.history"]._search_by_document(
            documents, [("key_account_is_open", "=", True)]
        )

    # What an invoice earns

    @api.model
    def _earn(self, invoice):
        """Let a posted invoice earn by every program that applies to it, once.

        :param invoice: the ``account.move`` (sudo)
        """
        programs = self.env["loyalty.program"]._get_point_ledgers(invoice.company_id)
        programs = programs.filtered(
            lambda program: self._applies_to_invoice(program, invoice)
        )
        if invoice.move_type != "out_invoice" or not programs:
            return
        programs -= self._get_open_earnings(invoice).key_account_program_id
        share = invoice._get_paid_share() if programs else 0.0
        for program in programs:
            if share == 1 or program.accrual_moment != "invoice_paid":
                self._earn_by_program(program, invoice, share)

    @api.model
    def _earn_by_program(self, program, invoice, share):
        """Book what an invoice earns by one program.

        :param float share: which share of the invoice has been paid
        """
        factor = invoice.key_account_tier_id.point_multiplier or 1.0
        points = {
            key: earned * factor
            for key, earned in self._get_invoice_points(program, invoice).items()
        }
        amounts = invoice._get_product_amounts()
        credited = invoice._get_credited_amounts().get(invoice.id)
        left = points_left(points, amounts, credited) if credited else 1
        if (
            sum(points.values()) <= 0
            or deserved(left, share, program.accrual_moment, has_earned=False) <= 0
        ):
            return
        # Who has ordered, not who pays: that is what the order has promised.
        ordered = invoice.line_ids.sale_line_ids.order_id.partner_id[:1]
        card = program._get_card(
            ordered or invoice.partner_id, invoice.key_account_id, create=True
        )
        if card:
            self._open_earning(
                card,
                invoice,
                points,
                amounts,
                key_account_date=invoice._point_day(program.accrual_moment),
                **invoice._point_source(),
            )

    @api.model
    def _applies_to_invoice(self, program, invoice):
        """Tell whether an invoice earns by a program."""
        day = invoice.invoice_date
        return (
            program.accrual_moment != "order_confirmed"
            and program._admits(invoice.key_account_id, invoice.key_account_tier_id)
            and not (program.date_from and day and day < program.date_from)
            and not (program.date_to and day and day > program.date_to)
            and (
                not program.pricelist_ids
                or invoice.line_ids.sale_line_ids.order_id.pricelist_id
                & program.pricelist_ids
            )
            and not self._have_earned(program, invoice.line_ids.sale_line_ids.order_id)
        )

    @api.model
    def _have_earned(self, program, documents):
        """Tell whether any of these documents has earned by a program already."""
        earnings = documents and self._get_open_earnings(documents)
        return bool(earnings and program in earnings.key_account_program_id)

    @api.model
    def _get_invoice_points(self, program, invoice):
        """Return what an invoice earns by a program's rules, as an order does in core.

        Money counts in the program's currency at the invoice date, taxes included.

        :return: dict of product key -> points, without the tier's multiplier
        """
        lines = invoice._get_point_lines()
        points = {}
        for rule in program.rule_ids.filtered(lambda rule: rule.mode == "auto"):
            valid = lines.product_id.filtered_domain(rule._get_valid_product_domain())
            # Only what was bought counts for minimum quantity and amount.
            counted = lines.filtered(lambda line, valid=valid: line.product_id in valid)
            bought = counted.filtered(lambda line: line.price_total > 0)
            if not bought or not self._reaches_minimum(rule, invoice, counted):
                continue
            for key, earned in self._get_rule_points(rule, invoice, counted).items():
                points[key] = points.get(key, 0.0) + earned
        return points

    @api.model
    def _reaches_minimum(self, rule, invoice, lines):
        field = (
            "price_total"
            if rule.minimum_amount_tax_mode == "incl"
            else "price_subtotal"
        )
        minimum = rule._compute_amount(invoice.currency_id)
        return (
            invoice.currency_id.compare_amounts(sum(lines.mapped(field)), minimum) >= 0
            and self._count_units(lines, "quantity") >= rule.minimum_qty
        )

    @api.model
    def _get_rule_points(self, rule, invoice, lines):
        """Return the points of one rule: dict of product key -> points."""
        program = rule.program_id
        if rule.reward_point_mode == "order":
            # Once for the order, however many invoices it has.
            orders = invoice.line_ids.sale_line_ids.order_id
            if self._have_earned(program, orders.invoice_ids - invoice):
                return {}
            return {WHOLE: rule.reward_point_amount}
        points = {}
        for product, product_lines in lines.grouped("product_id").items():
            if rule.reward_point_mode == "unit":
                measure = self._count_units(product_lines, "quantity")
            else:
                measure = invoice.currency_id._convert(
                    sum(product_lines.mapped("price_total")),
                    program.currency_id,
                    invoice.company_id,
                    invoice.invoice_date or invoice.company_id._get_key_account_today(),
                )
            points[str(product.id)] = rule.reward_point_amount * measure
        return points

    @api.model
    def _count_units(self, lines, fname):
        """Add up quantities in the products' own units: two packs of six are twelve.

        :param lines: of an order or invoice
        :param str fname: their field with the quantity
        """
        return sum(
            line.product_uom_id._compute_quantity(
                line[fname], line.product_id.uom_id, round=False
            )
            if line.product_uom_id
            else line[fname]
            for line in lines
        )

    @api.model
    def _get_pack_points(self, program, order):
        """Return what packs earn by unit beside what core has counted, one a line.

        :param program: ``loyalty.program`` with a ledger
        :param order: ``sale.order``
        """
        lines = order._get_not_rewarded_order_lines().filtered(
            lambda line: not line.combo_item_id
        )
        if all(line.product_uom_id == line.product_id.uom_id for line in lines):
            return 0.0
        points = 0.0
        for rule, products in program._get_valid_products(lines.product_id).items():
            counted = lines.filtered(
                lambda line, valid=products: line.product_id in valid
            )
            if (
                rule.reward_point_mode != "unit"
                or rule.mode == "with_code"
                or rule._compute_amount(order.currency_id)
                > sum(counted.mapped("price_total"))
            ):
                continue
            units = self._count_units(counted, "product_uom_qty")
            if units and units >= rule.minimum_qty:
                points += rule.reward_point_amount * units
            by_core = sum(counted.mapped("product_uom_qty"))
            if by_core and by_core >= rule.minimum_qty:
                points -= rule.reward_point_amount * by_core
        return points

    # In step with what happens to the documents

    @api.model
    def _sync_orders(self, orders, refunds=()):
        """Bring the points of orders in step: cancelled ones, credited lines.

        :param refunds: the credit notes that gave the occasion, empty for none
        """
        earnings = self._get_open_earnings(orders)
        if not earnings:
            return
        # sudo: see _search_by_document.
        by_id = {order.id: order for order in orders.sudo()}
        credits = orders.sudo()._get_credited_amounts()
        for earning in earnings:
            order = by_id[earning.order_id]
            alive = order.state == "sale"
            target = self._left(earning, credits.get(order.id)) if alive else 0.0
            self._book_target(earning, target, alive, order, refunds)

    @api.model
    def _sync_invoices(self, invoices, refunds=()):
        """Bring the points of invoices in step with posting, payments and credits.

        :param refunds: the credit notes that gave the occasion, empty for none
        """
        invoices = invoices.sudo()  # see _search_by_document
        Program = self.env["loyalty.program"]
        for invoice in invoices:
            if invoice.state == "posted" and (
                invoice.key_account_id
                or Program._has_open_point_ledger(invoice.company_id.id)
            ):
                self._earn(invoice)
        earnings = self._get_open_earnings(invoices)
        if not earnings:
            return
        by_id = {invoice.id: invoice for invoice in invoices}
        affected = invoices.browse({earning.order_id for earning in earnings})
        credits = affected._get_credited_amounts()
        for earning in earnings:
            invoice = by_id[earning.order_id]
            alive = invoice.state == "posted"
            share = invoice._get_paid_share()
            target = 0.0
            if alive:
                target = deserved(
                    self._left(earning, credits.get(invoice.id)),
                    share,
                    earning.key_account_program_id.accrual_moment,
                    has_earned=True,
                )
            # Paid, and credited before: it isn't the payment that takes the points.
            occasion = refunds or share == 1 and invoice._get_point_refunds()
            self._book_target(earning, target, alive, invoice, occasion)

    @api.model
    def _left(self, earning, credited):
        """Return the points of an earning that credits have left."""
        earned = earning.key_account_points
        if not credited:
            return earned
        detail = earning.key_account_point_detail or {}
        return min(
            earned,
            points_left(detail.get("points", {}), detail.get("amounts", {}), credited),
        )

    @api.model
    def _book_target(self, earning, target, alive, document, refunds):
        """Book what lies between the points a document has and those it deserves."""
        card = earning.card_id
        card._lock_points()
        taken, lapses, steps = self._get_steps(earning)
        due = due_after_lapses(earning.key_account_points - target, lapses)
        difference = round(taken - due, 2)
        if to_units(difference):
            refund = refunds[:1] if alive and refunds else document.env["account.move"]
            today = card.company_id._get_key_account_today()
            day = max(refund.invoice_date or today, earning.key_account_date)
            card._book(
                difference,
                "earn" if difference > 0 else "claw_back",
                first_ids=[earning.id, *steps.ids],
                # Never before the points came that it takes.
                key_account_date=min(day, today),
                key_account_origin_id=earning.id,
                order_model=earning.order_model,
                order_id=earning.order_id,
                key_account_id=earning.key_account_id.id,
                key_account_move_id=refund.id or earning.key_account_move_id.id,
                # The next number after what is there: two transactions that saw the
                # same state can't both book the same step.
                key_account_cause=f"{earning.id} step {len(steps) + 1}",
                description=self._describe(difference, alive, document, refund),
            )
        if not alive:
            earning._write_ledger({"key_account_is_open": False})

    @api.model
    def _get_steps(self, earning):
        """Return what became of an earning since.

        :return: (points taken back; list of (points taken back before, points lapsed),
            the oldest first; the entries that took or gave)
        """
        siblings = earning.search([("key_account_origin_id", "=", earning.id)])
        steps = siblings.filtered(
            lambda entry: entry.key_account_kind in ("earn", "claw_back")
        )
        lapses = earning.search(
            [
                ("key_account_origin_id", "in", steps.ids),
                ("key_account_kind", "=", "expire"),
            ]
        )
        lapses |= siblings - steps

        def taken_before(last_id):
            before = steps.filtered(lambda step: step.id < last_id)
            return -sum(before.mapped("key_account_points"))

        return (
            -sum(steps.mapped("key_account_points")),
            [
                (taken_before(lapse.id), -lapse.key_account_points)
                for lapse in lapses.sorted("id")
            ],
            steps,
        )

    @api.model
    def _describe(self, difference, alive, document, refund):
        """Say why the points of a document changed."""
        names = {"document": document.display_name, "credit_note": refund.name}
        if not alive:
            return self.env._("%(document)s reset or cancelled", **names)
        if refund and difference < 0:
            return self.env._("%(document)s credited by %(credit_note)s", **names)
        if refund:
            return self.env._("%(document)s: %(credit_note)s withdrawn", **names)
        return self.env._("Payment of %(document)s changed", **names)

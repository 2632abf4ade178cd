# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict

from odoo import api, fields, models

from .ledger_flow import BY_ORDER, ledger_flow
from .points_rules import WHOLE, to_units


class SaleOrder(models.Model):
    """Points on the order: core's rewards, with the ledger's cards and moments."""

    _name = "sale.order"
    _inherit = ["sale.order", "key.account.point.offers"]

    key_account_points = fields.Float(
        compute="_compute_key_account_points",
        string="Points to Earn",
        help="Points that the customer earns with this order, by the programs for key "
        "accounts.",
    )

    @api.depends("coupon_point_ids.points")
    def _compute_key_account_points(self):
        ledger_ids = set(self.env["loyalty.program"]._get_point_ledger_ids())
        for order in self:
            # sudo: users who see the order see its points.
            points = order.sudo().coupon_point_ids.filtered(
                lambda entry: entry.coupon_id.program_id.id in ledger_ids
            )
            order.key_account_points = sum(points.mapped("points"))

    # Which programs apply

    def _get_program_domain(self):
        # sudo: which programs apply doesn't depend on the user.
        order = self.sudo()
        return super()._get_program_domain() + self.env[
            "loyalty.program"
        ]._key_account_domain(order.key_account_id, order.key_account_tier_id)

    def _get_trigger_domain(self):
        order = self.sudo()  # see _get_program_domain
        return super()._get_trigger_domain() + self.env[
            "loyalty.program"
        ]._key_account_domain(
            order.key_account_id, order.key_account_tier_id, "program_id."
        )

    def _get_point_programs(self):
        """Return the programs with a ledger that apply to this order (sudo)."""
        self.ensure_one()
        programs = self.env["loyalty.program"]._get_point_ledgers(self.company_id)
        if not programs:
            return programs
        return programs.filtered_domain(self._get_program_domain())

    # Points of the order

    def _program_check_compute_points(self, programs):
        """Show core no points of programs with a ledger.

        Core books on the card of the very contact who orders; ours go to the card of
        the company or group, in :meth:`_set_key_account_points`.
        """
        result = self._check_rules_of_programs(programs)
        for program, status in result.items():
            # sudo: to look at the program alone.
            if "points" in status and program.sudo().key_account_ledger:
                status["points"] = [0]
        return result

    def _check_rules_of_programs(self, programs):
        """Return core's answer: status and points of the order by program."""
        return super()._program_check_compute_points(programs)

    def _update_programs_and_rewards(self):
        if not self._may_have_points():
            return super()._update_programs_and_rewards()
        # Core would remove entries on the company's card, as it isn't the contact's:
        # they are put aside meanwhile.
        ours = self.sudo().coupon_point_ids.filtered("coupon_id.key_account_ledger")
        points = {entry.coupon_id: entry.points for entry in ours}
        ours.unlink()
        programs = self._get_point_programs()
        if self.state in ("draft", "sent"):
            self._apply_point_cards(programs)
        result = super()._update_programs_and_rewards()
        if self.state in ("draft", "sent"):
            points = self._get_points_to_earn(programs)
        self._set_key_account_points(points)
        return result

    def _may_have_points(self):
        """Tell whether programs with a ledger matter for this order at all."""
        self.ensure_one()
        Program = self.env["loyalty.program"]
        ledger_ids = Program._get_point_ledger_ids(self.company_id.id)
        if not ledger_ids:
            return False
        order = self.sudo()  # see _get_program_domain
        if order.key_account_id or Program._has_open_point_ledger(order.company_id.id):
            return True
        # A key account until yesterday: what is on the order has to go.
        cards = order.coupon_point_ids.coupon_id | order.applied_coupon_ids
        return any(card.program_id.id in ledger_ids for card in cards)

    def _apply_point_cards(self, programs):
        """Offer what is on the customer's cards; remove other customers' cards."""
        # sudo: the card belongs to the company, and all its contacts order with it.
        order = self.sudo()
        cards = self.env["loyalty.card"].sudo()
        for program in programs:
            cards |= program._get_card(order.partner_id, order.key_account_id)
        cards._expire(self._get_confirmed_tx_create_date())
        applied = order.applied_coupon_ids.filtered("key_account_ledger")
        foreign = applied - cards
        if foreign:
            order.order_line.filtered(
                lambda line: line.coupon_id in foreign
            )._reset_loyalty(True).unlink()
            order.applied_coupon_ids -= foreign
        new = cards.filtered(lambda card: card.points > 0) - applied
        if new:
            order.applied_coupon_ids += new

    def _get_points_to_earn(self, programs):
        """Return what the order earns: dict of card -> points, multiplier included."""
        automatic = programs.filtered(lambda program: program.trigger == "auto")
        if not automatic:
            return {}
        order = self.sudo()  # see _apply_point_cards
        status = order._check_rules_of_programs(automatic)
        factor = order.key_account_tier_id.point_multiplier or 1.0
        points = {}
        for program in automatic:
            earned = status[program].get("points", [0])[0]
            earned += self.env["loyalty.accrual"]._get_pack_points(program, order)
            earned = round(earned * factor, 2)
            card = program._get_card(
                order.partner_id, order.key_account_id, create=to_units(earned) > 0
            )
            if card:
                points[card] = max(earned, 0.0)
        return points

    def _set_key_account_points(self, points):
        """Note what the order will earn on which card."""
        order = self.sudo()  # see _apply_point_cards
        # Core puts the contact's own card there, without points.
        order.coupon_point_ids.filtered("coupon_id.key_account_ledger").unlink()
        if points:
            self.env["sale.order.coupon.points"].sudo().create(
                [
                    {"order_id": self.id, "coupon_id": card.id, "points": earned}
                    for card, earned in points.items()
                ]
            )
            order.invalidate_recordset(["coupon_point_ids"])

    def _get_real_points_for_coupon(self, coupon, post_confirm=False):
        """Leave out points that are only earned with the invoice."""
        points = super()._get_real_points_for_coupon(coupon, post_confirm)
        program = coupon.sudo().program_id  # sudo: to look at the program alone
        if (
            program.key_account_ledger
            and program.accrual_moment != "order_confirmed"
            and self.state != "sale"
            and program.applies_on != "future"
        ):
            points -= sum(
                self.sudo()  # see _compute_key_account_points
                .coupon_point_ids.filtered(lambda entry: entry.coupon_id == coupon)
                .mapped("points")
            )
        return points

    def _apply_program_reward(self, reward, coupon, **kwargs):
        coupon._check_spent_by(self)
        return super()._apply_program_reward(reward, coupon, **kwargs)

    # Confirmation and cancellation

    def action_confirm(self):
        self._check_points_to_spend()
        return super().action_confirm()

    def _check_points_to_spend(self):
        """Make sure that the points of all these orders are still there.

        :raise UserError: before core, whose message says that "rewards are invalid"
        """
        orders = self.filtered(lambda order: order._may_have_points())
        # sudo: see _apply_point_cards.
        lines = orders.sudo().order_line.filtered("coupon_id.key_account_ledger")
        if not lines:
            return
        lines.coupon_id._lock_points()
        for card, card_lines in lines.grouped("coupon_id").items():
            card._expire()
            own = 0.0
            if card.program_id.accrual_moment == "order_confirmed":
                own = sum(
                    card_lines.order_id.coupon_point_ids.filtered(
                        lambda entry, card=card: entry.coupon_id == card
                    ).mapped("points")
                )
            wanted = sum(card_lines.mapped("points_cost"))
            if to_units(wanted) > to_units(card.points + own):
                card._raise_too_few_points(wanted)

    def _add_loyalty_history_lines(self):
        # Cards with a ledger are booked when the order is confirmed, below.
        with ledger_flow(BY_ORDER):
            return super()._add_loyalty_history_lines()

    def _get_point_changes(self):
        changes = super()._get_point_changes()
        if not self.env["loyalty.program"]._get_point_ledger_ids():
            return changes
        return {
            card: points
            for card, points in changes.items()
            if not card.sudo().key_account_ledger  # sudo: to look at the program alone
        }

    def _update_loyalty_history(self, coupon_id, points):
        # The line that was added to a confirmed order has booked itself.
        if not coupon_id.sudo().key_account_ledger:
            return super()._update_loyalty_history(coupon_id, points)

    def write(self, vals):
        if vals.get("state") != "sale":
            return super().write(vals)
        confirmed = self.filtered(lambda order: order.state != "sale")
        result = super().write(vals)
        # By the state and not in _action_confirm: there are other ways to confirm.
        for order in confirmed:
            if order._may_have_points():
                order._book_points_of_order()
        return result

    def _book_points_of_order(self):
        """Earn (where points come with the order) and spend what the order redeems."""
        self.ensure_one()
        order = self.sudo()  # see _apply_point_cards
        source = order._point_source()
        Accrual = self.env["loyalty.accrual"]
        for entry in order.coupon_point_ids:
            card = entry.coupon_id
            if (
                card.key_account_ledger
                and card.program_id.accrual_moment == "order_confirmed"
                and to_units(entry.points) > 0
            ):
                points, amounts = order._split_points(card.program_id, entry.points)
                Accrual._open_earning(card, order, points, amounts, **source)
        lines = order.order_line.filtered("coupon_id.key_account_ledger")
        for card, card_lines in lines.grouped("coupon_id").items():
            card._check_spent_by(order)
            cost = sum(card_lines.mapped("points_cost"))
            if cost:
                card._book(-cost, "spend", **source)

    def _book_card_change(self, card, points):
        """Book what a line of the order takes off a card, or gives back.

        :param card: ``loyalty.card`` with a ledger
        :param float points: below zero are spent
        """
        source = self._point_source()
        if points > 0:
            card._take_back_spending(self, source["description"], points)
        else:
            card._book(points, "spend", **source)

    def _point_source(self):
        """Return the values by which entries name this order."""
        self.ensure_one()
        return {
            "order_model": "sale.order",
            "order_id": self.id,
            # sudo: the ledger names the account, also to users who can't open it.
            "key_account_id": self.sudo().key_account_id.id,
            "description": self.env._("Order %s", self.name),
        }

    def _split_points(self, program, points):
        """Split the order's points over its products, by their amounts.

        :return: (dict of product key -> points, dict of product key -> amount)
        """
        amounts = defaultdict(float)
        for line in self.order_line:
            if not line.display_type and not line.is_downpayment:
                amounts[str(line.product_id.id)] += line.price_total
        products = program._get_point_products(self.order_line.product_id)
        eligible = {
            key: max(amounts.get(key, 0.0), 0.0) for key in map(str, products.ids)
        }
        total = sum(eligible.values())
        if not total:
            return {WHOLE: points}, amounts
        return {
            key: points * amount / total for key, amount in eligible.items() if amount
        }, amounts

    def _action_cancel(self):
        confirmed = self.filtered(lambda order: order.state == "sale")
        with ledger_flow(BY_ORDER):
            result = super()._action_cancel()
        if confirmed and self.env["loyalty.program"]._get_point_ledger_ids():
            confirmed._take_back_points()
        return result

    def _take_back_points(self):
        """Give spent points back, then claw back what the orders had earned."""
        spendings = self.env["loyalty.history"]._search_by_document(
            self,
            [("key_account_kind", "=", "spend"), ("key_account_ledger", "=", True)],
        )
        for order in self:
            text = self.env._("Order %s cancelled", order.name)
            for card in spendings.filtered_domain(
                [("order_id", "=", order.id)]
            ).card_id:
                card._take_back_spending(order, text)
        self.env["loyalty.accrual"]._sync_orders(self)

    def _get_credited_amounts(self):
        """Return what credit notes took off these orders' lines.

        :return: dict of order id -> dict of product key -> amount in the order's
            currency
        """
        result = {}
        for order in self:
            amounts = defaultdict(float)
            for line in order.order_line.invoice_lines:
                refund = line.move_id
                if refund.move_type == "out_refund" and refund.state == "posted":
                    key = str(line.product_id.id or WHOLE)
                    amounts[key] += refund._in_currency_of(order, line.price_total)
            if amounts:
                result[order.id] = dict(amounts)
        return result

    def _add_points_for_coupon(self, coupon_points):
        # On a confirmed order core credits at once; ours wait for _book_points.
        if self.state != "sale":
            return super()._add_points_for_coupon(coupon_points)
        return super()._add_points_for_coupon(
            {
                coupon: points
                for coupon, points in coupon_points.items()
                if not coupon.sudo().key_account_ledger  # sudo: as above
            }
        )

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tools.date_utils import subtract

from ..tools.records import open_records

#: A coupon for a complaint is valid for this many months.
VALID_MONTHS = 12
#: Complaints without a document that count together, by the days since they came.
TOGETHER_DAYS = 90


class KeyAccountComplaintRemedy(models.AbstractModel):
    """How a complaint is settled, and what it costs."""

    _name = "key.account.complaint.remedy"
    _description = "Remedy for a Complaint"
    _inherit = "key.account.complaint.flow"
    _server_written = (
        "refund_move_id",
        "replacement_order_id",
        "discount_card_id",
        "discount_cost",
        "credit_cost",
        "replacement_cost",
        "cost",
    )

    resolution_type = fields.Selection(
        [
            ("credit", "Credit Note"),
            ("replacement", "Replacement"),
            ("repair", "Repair"),
            ("discount", "Discount"),
            ("explanation", "Explanation or Apology"),
            ("rejected", "Rejected"),
        ],
        string="Resolution",
        copy=False,
        tracking=True,
    )
    resolution_note = fields.Html(copy=False)
    rejection_reason = fields.Text(copy=False, tracking=True)
    refund_move_ids = fields.One2many(
        "account.move", "key_account_complaint_id", string="Credit Notes"
    )
    refund_move_id = fields.Many2one(
        "account.move",
        string="Credit Note",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The latest credit note.",
    )
    replacement_order_ids = fields.One2many(
        "sale.order", "key_account_complaint_id", string="Replacement Orders"
    )
    replacement_order_id = fields.Many2one(
        "sale.order",
        string="Replacement Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The latest replacement order.",
    )
    discount_card_ids = fields.One2many(
        "loyalty.card", "key_account_complaint_id", string="Coupons", copy=False
    )
    discount_card_id = fields.Many2one(
        "loyalty.card",
        string="Coupon",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="With its code the customer gets the discount on the next order.",
    )
    discount_cost = fields.Monetary(
        string="Discount Granted",
        readonly=True,
        copy=False,
        help="On the customer's next orders, in company currency.",
    )
    extra_cost = fields.Monetary(
        copy=False,
        tracking=True,
        help="Freight, handling, travel and the like, in company currency.",
    )
    credit_cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        compute_sudo=True,
        help="Credit notes without taxes.",
    )
    replacement_cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        compute_sudo=True,
        help="Our cost of the goods on replacement orders.",
    )
    cost = fields.Monetary(
        string="Cost of the Complaint",
        compute="_compute_cost",
        store=True,
        compute_sudo=True,
    )

    @api.depends(
        "extra_cost",
        "discount_cost",
        "refund_move_ids.state",
        # Not the amount itself: by core it hangs on payments and their matching too,
        # which cost each invoice hundreds of paths to complaints.
        "refund_move_ids.line_ids.balance",
        "replacement_order_ids.state",
        "replacement_order_ids.amount_untaxed",
        "replacement_order_ids.margin",
    )
    def _compute_cost(self):
        for complaint in self:
            refunds = complaint.refund_move_ids.filtered(
                lambda move: move.state != "cancel"
            )
            orders = complaint.replacement_order_ids.filtered(
                lambda order: order.state != "cancel"
            )
            currency = complaint.currency_id
            complaint.credit_cost = -sum(refunds.mapped("amount_untaxed_signed"))
            # The order's figures, not its lines': otherwise each change of any order
            # line would look for complaints.
            complaint.replacement_cost = sum(
                currency.round(
                    (order.amount_untaxed - order.margin) / (order.currency_rate or 1.0)
                )
                for order in orders
            )
            complaint.cost = (
                complaint.credit_cost
                + complaint.replacement_cost
                + complaint.extra_cost
                + complaint.discount_cost
            )

    def action_resolve(self):
        """Open the dialog in which the complaint is settled."""
        self.ensure_one()
        return self.env["key.account.complaint.resolve"]._get_records_action(
            name=self.env._("Resolve %s", self.name),
            target="new",
            context={"default_complaint_id": self.id},
        )

    def action_view_refunds(self):
        """Open the credit notes of the complaint."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "account.action_move_out_refund_type",
            [("key_account_complaint_id", "=", self.id)],
            context={"create": False},
        )

    def action_view_replacements(self):
        """Open the replacement orders of the complaint."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "sale.action_quotations",
            [("key_account_complaint_id", "=", self.id)],
            context={"create": False},
        )

    def _check_discount(self, amount):
        """Refuse discounts of nothing, or above what the complaint is about.

        :param float amount: in company currency, with taxes
        :raise UserError: says the limit
        """
        currency = self.currency_id
        if currency.compare_amounts(amount, 0.0) <= 0:
            raise UserError(self.env._("Enter the discount that the customer gets."))
        given = self._get_discounts_given()
        self._check_money_to_give(given + amount)
        limit = self._get_discount_limit()
        if not (self.move_id or self.order_id):
            # Each of these was claimed for itself.
            given = self.discount_cost
        if currency.compare_amounts(given + amount, limit) > 0:
            raise UserError(
                self.env._(
                    "The discount can't be above the amount of the complaint, "
                    "%(limit)s: that of its invoice or order, else the claimed amount. "
                    "Enter the invoice on the complaint, or lower the discount.",
                    limit=currency.format(limit),
                )
            )

    def _get_discounts_given(self):
        """Return what was given for the same matter, in company currency.

        That are all complaints about the same document. Where there is none, it is all
        that the customer has complained about without a document lately.
        """
        self.ensure_one()
        # sudo: what colleagues gave counts as well.
        complaint = self.sudo()
        matter = [("company_id", "=", complaint.company_id.id)]
        if complaint.move_id:
            matter += [("move_id", "=", complaint.move_id.id)]
        elif complaint.order_id:
            matter += [("order_id", "=", complaint.order_id.id)]
        else:
            customer = complaint.commercial_partner_id
            matter += [
                ("move_id", "=", False),
                ("order_id", "=", False),
                ("commercial_partner_id", "=", customer.id),
                ("create_date", ">=", subtract(Datetime.now(), days=TOGETHER_DAYS)),
            ]
        given = complaint._read_group(matter, [], ["discount_cost:sum"])[0][0] or 0.0
        return max(given, complaint.discount_cost)

    def _check_money_to_give(self, amount):
        """Refuse what the user's role can't give away: that takes a second person.

        :param float amount: in company currency
        :raise UserError: says who can help
        """
        self.ensure_one()
        groups = self.company_id._key_account_money_groups(amount)
        user = self.env.user
        if not user._is_superuser() and not any(map(user.has_group, groups)):
            text = self.currency_id.format(amount)
            raise UserError(
                self.env._(
                    "%s is more than your role can give for a complaint. Ask a "
                    "director to resolve it.",
                    text,
                )
                if len(groups) == 1
                else self.env._(
                    "%s is more than your role can give for a complaint. Ask a user "
                    "with access to all accounts to resolve it.",
                    text,
                )
            )

    def _grant_discount(self, amount):
        """Give the customer a coupon for the next orders.

        :param float amount: in company currency, with taxes
        :return: the ``loyalty.card``
        :raise UserError: where it is nothing, or above what the complaint is about
        """
        self.ensure_one()
        self._check_discount(amount)
        # sudo: settling the complaint includes this coupon, though coupons belong to
        # marketing. The dialog has checked the user's access.
        complaint = self.sudo()
        program = complaint.company_id._get_key_account_complaint_program()
        card = program.env["loyalty.card"].create(
            {
                "program_id": program.id,
                "partner_id": complaint.commercial_partner_id.id,
                "points": amount,
                "expiration_date": complaint.company_id._get_key_account_today()
                + relativedelta(months=VALID_MONTHS),
                "key_account_complaint_id": complaint.id,
            }
        )
        complaint.discount_cost += amount
        self._message_log(
            body=self.env._(
                "A discount of %(amount)s on the next order was granted with the code "
                "%(code)s.",
                amount=self.currency_id.format(amount),
                code=card.code,
            )
        )
        return card

    def _get_discount_limit(self):
        """Return the limit of discounts, in company currency."""
        # sudo: the total of the complaint's own documents.
        complaint = self.sudo()
        source = complaint.move_id or complaint.order_id
        if not source:
            return complaint.claimed_amount
        amount = source.amount_total
        if source == complaint.move_id:
            # What was credited by anything is no longer to be given.
            amount = source._get_key_account_left_to_credit()[1]
        return source.currency_id._convert(
            amount,
            complaint.currency_id,
            complaint.company_id,
            complaint.company_id._get_key_account_today(),
        )

    def _after_closing(self, now):
        """Ask for the resolution first, also where a card is dragged to the end.

        :raise UserError: where it isn't said how the complaint was resolved
        """
        if not self.resolution_type:
            raise UserError(
                self.env._(
                    "Enter how %s is resolved before you close it (button “Resolve”).",
                    self.name,
                )
            )
        return super()._after_closing(now)

    def _after_cancelling(self, now):
        self._check_cancellable()
        self._withdraw_discounts()
        return super()._after_cancelling(now)

    def _check_cancellable(self):
        """Refuse to cancel complaints with documents: those need their complaint.

        :raise UserError: names the documents
        """
        for complaint in self:
            # sudo: only the names; users who handle complaints aren't in accounting.
            made = complaint.sudo()
            documents = [
                document
                for document in (*made.refund_move_ids, *made.replacement_order_ids)
                if document.state != "cancel"
            ]
            if documents:
                raise UserError(
                    self.env._(
                        "%(complaint)s can't be cancelled because these documents were "
                        "made for it: %(documents)s. Cancel them first.",
                        complaint=complaint.name,
                        documents=", ".join(each.display_name for each in documents),
                    )
                )

    def _withdraw_discounts(self):
        """Take back the coupons of a cancelled complaint that weren't used."""
        # sudo: as in _grant_discount(); the stage was written with the user's rights.
        for complaint in self.sudo():
            cards = complaint.discount_card_ids
            cards.filtered(lambda card: not card.use_count).active = False
            if complaint.discount_cost:
                kept = cards.filtered("active")
                complaint.discount_cost = sum(kept.mapped("points"))

    def _take_over(self, other):
        # sudo: documents of complaints that the user may edit.
        mine, others = self.sudo(), other.sudo()
        others.refund_move_ids.key_account_complaint_id = mine
        others.replacement_order_ids.key_account_complaint_id = mine
        others.discount_card_ids.key_account_complaint_id = mine
        for name in ("extra_cost", "discount_cost"):
            mine[name] += others[name]
            others[name] = 0.0
        for name in (
            "resolution_type",
            "refund_move_id",
            "replacement_order_id",
            "discount_card_id",
        ):
            mine[name] = mine[name] or others[name]
        return super()._take_over(other)

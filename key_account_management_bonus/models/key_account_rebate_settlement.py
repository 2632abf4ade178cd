# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from odoo.addons.key_account_management.models.tools.records import open_records

#: While one of these is under way, no other one of its period can begin.
UNDER_WAY = ("to_approve", "draft")


class KeyAccountRebateSettlement(models.Model):
    """What a bonus pays for a period: all that is earned minus what was settled before.

    The credit notes are the truth: what they say is what was settled, also after
    an accountant has changed or cancelled them.
    """

    _name = "key.account.rebate.settlement"
    _description = "Settlement of a Bonus"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "key.account.decision.mixin",
        "key.account.server.written",
    ]
    _order = "date_from desc, rebate_id, number desc"
    _decision_activity = "key_account_management.mail_activity_type_terms_approval"

    rebate_id = fields.Many2one(
        "key.account.rebate",
        string="Bonus",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    account_id = fields.Many2one(related="rebate_id.account_id", store=True)
    company_id = fields.Many2one(related="rebate_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    manager_id = fields.Many2one(related="rebate_id.manager_id", store=True)
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", required=True, readonly=True)
    number = fields.Integer(
        required=True, readonly=True, help="Counts the settlements of a period."
    )
    day = fields.Date(
        string="As of", required=True, readonly=True, help="Invoices up to this day."
    )
    is_final = fields.Boolean(
        string="Final", readonly=True, help="Made after the end of the period."
    )
    basis = fields.Float(readonly=True, digits=(16, 2))
    earned = fields.Monetary(
        readonly=True, help="For the whole period, up to that day."
    )
    settled_before = fields.Monetary(readonly=True)
    amount = fields.Monetary(
        readonly=True,
        help="Earned minus settled before, without taxes. Below zero it is reclaimed.",
    )
    points_amount = fields.Monetary(
        string="Paid in Points", readonly=True, help="Worth of the points."
    )
    is_approved = fields.Boolean(readonly=True)
    is_self_decided = fields.Boolean(
        readonly=True, help="Only the user who made it has decided on it."
    )
    is_withdrawn = fields.Boolean(readonly=True)
    line_ids = fields.One2many(
        "account.move.line",
        "key_account_rebate_settlement_id",
        string="Credit Note Lines",
    )
    move_id = fields.Many2one(
        "account.move", string="Credit Note", compute="_compute_moves"
    )
    move_ids = fields.Many2many(
        "account.move", string="Credit Notes", compute="_compute_moves"
    )
    state = fields.Selection(
        [
            ("to_approve", "To Approve"),
            ("draft", "Credit Note to Post"),
            ("settled", "Settled"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        store=True,
        readonly=True,
        index=True,
    )
    user_may_decide = fields.Boolean(compute="_compute_user_may_decide")

    _number_uniq = models.Constraint(
        "unique (rebate_id, date_from, number)",
        "This period is being settled by somebody else. Try again.",
    )
    _under_way_uniq = models.UniqueIndex(
        "(rebate_id, date_from) WHERE state IN ('to_approve', 'draft')",
        "This period is being settled already: post or cancel that settlement first.",
    )

    @api.depends("line_ids.move_id")
    def _compute_moves(self):
        for settlement in self:
            settlement.move_ids = settlement.line_ids.move_id
            settlement.move_id = settlement.line_ids.move_id[:1]

    @api.depends(
        "is_approved", "is_withdrawn", "points_amount", "line_ids.parent_state"
    )
    def _compute_state(self):
        for settlement in self:
            # sudo: account managers see the state of credit notes they can't open.
            states = set(settlement.sudo().line_ids.mapped("parent_state"))
            if settlement.is_withdrawn:
                settlement.state = "cancelled"
            elif not settlement.is_approved:
                settlement.state = "to_approve"
            elif "draft" in states:
                settlement.state = "draft"
            elif "posted" in states or settlement.points_amount:
                settlement.state = "settled"
            else:
                settlement.state = "cancelled"

    @api.depends("rebate_id.name", "date_from", "date_to", "number")
    def _compute_display_name(self):
        for settlement in self:
            settlement.display_name = self.env._(
                "%(rebate)s, %(start)s – %(end)s",
                rebate=settlement.rebate_id.name,
                start=format_date(self.env, settlement.date_from),
                end=format_date(self.env, settlement.date_to),
            )

    @api.depends_context("uid")
    def _compute_user_may_decide(self):
        for settlement in self:
            settlement.user_may_decide = settlement._user_may_decide()

    def _decision_groups(self):
        """Return who decides, by all that users settled by themselves in a year.

        A limit isn't walked around by many small settlements.
        """
        # sudo: those of other users, too.
        before = self.sudo().search(
            [
                ("rebate_id", "in", self.rebate_id.sudo()._get_versions().ids),
                ("id", "!=", self.id),
                ("is_self_decided", "=", True),
                ("state", "!=", "cancelled"),
                ("day", ">", self.day - relativedelta(years=1)),
            ]
        )
        amount = abs(self.amount) + sum(abs(other.amount) for other in before)
        return self.company_id._key_account_money_groups(amount)

    @api.model
    def _start(self, worths, day):
        """Settle bonuses for their periods, as far as the user's role allows it.

        :param worths: list of ``Worth`` with the details of the billed partners
        :param day: of the credit notes
        :return: settlements (sudo); nothing for periods without a difference
        """
        rebates = self.env["key.account.rebate"].union(*(w.rebate for w in worths))
        rebates._lock_for_settlement()
        settled = rebates._get_settled(rebates)
        values = [self._prepare(worth, settled, day) for worth in worths]
        # sudo: only the server makes settlements; callers have checked access.
        settlements = self.sudo().create([vals for vals in values if vals["amount"]])
        for settlement in settlements.sudo(False):
            if settlement._user_may_decide():
                settlement.sudo().write({"is_approved": True, "is_self_decided": True})
                settlement.env.flush_all()
            else:
                settlement._request_decision(
                    note=self.env._(
                        "Bonus of %s to be settled.",
                        formatLang(
                            self.env,
                            settlement.amount,
                            currency_obj=settlement.currency_id,
                        ),
                    )
                )
        settlements.filtered("is_approved")._pay(worths, settled)
        return settlements

    @api.model
    def _prepare(self, worth, settled, day):
        rebate, (first, last) = worth.rebate, worth.period
        before = worth.settled(settled)
        return {
            "rebate_id": rebate.id,
            "date_from": first,
            "date_to": last,
            "number": rebate._get_next_number(first),
            "day": day,
            "is_final": day > last,
            "basis": float(worth.reached),
            "earned": float(worth.amount),
            "settled_before": float(before),
            "amount": float(worth.amount - before),
        }

    def action_approve(self):
        """Approve settlements above the limit of the user who made them.

        What is due is worked out again: documents can have changed since.

        :raise AccessError: where the user's role isn't enough for the amount
        :raise UserError: where nothing waits for approval
        """
        self._check_may_decide()
        for settlement in self:
            if settlement.state != "to_approve":
                raise UserError(
                    self.env._(
                        "%s isn't waiting for approval.", settlement.display_name
                    )
                )
            rebate = settlement.rebate_id
            # sudo: the same basis for every user who decides.
            rebate.sudo()._lock_for_settlement()
            period = (settlement.date_from, settlement.date_to)
            worths = rebate.sudo()._measure(
                [(rebate.sudo(), period)], settlement.day, True
            )
            settled = rebate.sudo()._get_settled(rebate)
            values = self._prepare(worths[0], settled, settlement.day)
            # sudo: the server's fields; the role is checked for the new amount, too.
            settlement.sudo().write(
                {
                    name: values[name]
                    for name in ("basis", "earned", "settled_before", "amount")
                }
            )
            settlement._check_may_decide()
            settlement.sudo().is_approved = True
            settlement.sudo()._pay(worths, settled)
        self._close_decision_request()

    def action_cancel(self):
        """Cancel settlements, their draft credit notes with them.

        :raise UserError: where a credit note is posted: that one is reversed instead
        """
        self.check_access("write")
        for settlement in self:
            if settlement.points_amount:
                settlement.sudo()._take_points_back()
                continue
            # sudo: account managers cancel the drafts that they have caused.
            moves = settlement.sudo().line_ids.move_id
            if settlement.state == "settled" or any(
                move.state == "posted" for move in moves
            ):
                raise UserError(
                    self.env._(
                        "The credit note of %s is posted. Reverse it: the next "
                        "settlement pays the bonus again.",
                        settlement.display_name,
                    )
                )
            together = moves.invoice_line_ids.key_account_rebate_settlement_id
            moves.filtered(lambda move: move.state == "draft").button_cancel()
            (settlement.sudo() | together).is_withdrawn = True
        self._close_decision_request()

    def action_view_moves(self):
        """Open the credit notes."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "account.action_move_out_refund_type",
            [("id", "in", self.sudo().line_ids.move_id.ids)],
        )

    def action_view_statement(self):
        """Open the statement of the period."""
        self.ensure_one()
        return self.rebate_id._open_statement(self.date_from, self.day)

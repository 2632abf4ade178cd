# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from .key_account_complaint_stage import CLOSED_KINDS

CLOCK_STATES = [
    ("running", "Running"),
    ("paused", "Paused"),
    ("met", "Met"),
    ("missed", "Missed"),
    ("cancelled", "Cancelled"),
]


class KeyAccountComplaint(models.Model):
    """What happens when a complaint moves on: clocks, answer, closing, reopening."""

    _inherit = "key.account.complaint"

    clock_ids = fields.One2many("key.account.complaint.clock", "complaint_id")
    response_deadline = fields.Datetime(
        compute="_compute_deadlines",
        store=True,
        index=True,
        help="In working hours of the tier; empty while waiting for the customer.",
    )
    resolution_deadline = fields.Datetime(
        compute="_compute_deadlines",
        store=True,
        index=True,
        help="In working hours of the tier; empty while waiting for the customer.",
    )
    next_deadline = fields.Datetime(
        compute="_compute_deadlines",
        store=True,
        index=True,
        help="Of the clocks that run.",
    )
    response_state = fields.Selection(
        CLOCK_STATES,
        compute="_compute_deadlines",
        store=True,
        string="Answered in Time",
    )
    resolution_state = fields.Selection(
        CLOCK_STATES,
        compute="_compute_deadlines",
        store=True,
        string="Resolved in Time",
    )
    response_hours = fields.Float(
        compute="_compute_deadlines",
        store=True,
        aggregator="avg",
        string="Hours to Respond",
        help="Working hours, pauses left out.",
    )
    resolution_hours = fields.Float(
        compute="_compute_deadlines",
        store=True,
        aggregator="avg",
        string="Hours to Resolve",
        help="Working hours, pauses left out.",
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    responded_on = fields.Datetime(readonly=True, copy=False)
    closed_on = fields.Datetime(readonly=True, copy=False)
    reopen_count = fields.Integer(readonly=True, copy=False, string="Reopened")

    @api.depends(
        "clock_ids.kind",
        "clock_ids.round",
        "clock_ids.state",
        "clock_ids.deadline",
        "clock_ids.used_hours",
    )
    def _compute_deadlines(self):
        for complaint in self:
            running = []
            for kind in ("response", "resolution"):
                clock = complaint.clock_ids.filtered(
                    lambda clock, kind=kind: clock.kind == kind
                ).sorted("round")[-1:]
                complaint[f"{kind}_deadline"] = clock.deadline
                complaint[f"{kind}_state"] = clock.state
                complaint[f"{kind}_hours"] = clock.used_hours
                if clock.state == "running" and clock.deadline:
                    running.append(clock.deadline)
            complaint.next_deadline = min(running, default=False)

    @api.depends("next_deadline")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for complaint in self:
            complaint.is_late = bool(
                complaint.next_deadline and complaint.next_deadline < now
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("next_deadline", "<", fields.Datetime.now())
        return late if True in value else ~late

    def _start_clocks(self):
        """Start both clocks of new complaints; closed ones (imported) have none."""
        now = fields.Datetime.now()
        open_ones = self.filtered(lambda complaint: not complaint._is_closed())
        Clock = self.env["key.account.complaint.clock"].sudo()
        # sudo: clocks are the system's; nobody can write them.
        for kind in ("response", "resolution"):
            clocks = Clock._start(open_ones, kind, now)
            clocks.filtered(
                lambda clock: clock.complaint_id.stage_kind == "waiting"
            )._pause(now)

    def _after_stage_change(self, before):
        """Let clocks and dates follow the stage.

        :param before: dict of complaint -> stage that it had
        """
        now = fields.Datetime.now()
        for complaint in self:
            old, new = before[complaint].kind, complaint.stage_id.kind
            if old == new:
                continue
            # sudo: clocks are the system's; nobody can write them.
            clocks = complaint.clock_ids.sudo()
            if new == "cancelled":
                complaint._check_cancellable()
                complaint._withdraw_discounts()
            if new in CLOSED_KINDS:
                clocks._stop(now, cancel=new == "cancelled")
                complaint.closed_on = now
                if new == "done":
                    complaint._after_closing()
            elif old in CLOSED_KINDS:
                complaint._after_reopening(now)
            if new == "waiting":
                complaint.clock_ids.sudo()._pause(now)
            elif old == "waiting":
                clocks._resume(now)

    def _after_closing(self):
        """Plan the check of effectiveness and ask the customer how it went.

        :raise UserError: where it isn't said how the complaint was resolved; a card
            dragged to the last column is asked as well
        """
        self.ensure_one()
        if not self.resolution_type:
            raise UserError(
                self.env._(
                    "Say how %s is resolved before you close it (button “Resolve”).",
                    self.name,
                )
            )
        self.responded_on = self.responded_on or self.closed_on
        self._plan_effectiveness_check()
        self.activity_unlink(
            ["key_account_management.mail_activity_type_complaint_escalation"]
        )
        self._ask_for_rating()

    def _after_reopening(self, now):
        """Start another round of the clock until the resolution."""
        self.ensure_one()
        self.write(
            {
                "closed_on": False,
                "reopen_count": self.reopen_count + 1,
                "effectiveness_state": False,
                "effectiveness_date": False,
            }
        )
        # sudo: clocks are the system's; nobody can write them.
        self.env["key.account.complaint.clock"].sudo()._start(self, "resolution", now)

    def _move_to(self, *kinds):
        stage = self.env["key.account.complaint.stage"]._first(*kinds)
        self.filtered(lambda complaint: complaint.stage_id.kind not in kinds).write(
            {"stage_id": stage.id}
        )

    def _register_response(self):
        """Stop the clock of the answer: the customer has heard of us."""
        now = fields.Datetime.now()
        unanswered = self.filtered(lambda complaint: not complaint.responded_on)
        # sudo: clocks are the system's; nobody can write them.
        unanswered.clock_ids.sudo().filtered(
            lambda clock: clock.kind == "response"
        )._stop(now)
        unanswered.responded_on = now
        unanswered.filtered(lambda complaint: complaint.stage_kind == "new")._move_to(
            "open"
        )

    def action_respond(self):
        """Note that the customer was answered otherwise than by a message here."""
        self.check_access("write")
        self._register_response()
        for complaint in self:
            complaint._message_log(
                body=self.env._("Customer answered by %s.", self.env.user.name)
            )

    def action_wait(self):
        """Wait for the customer: the clocks stand still."""
        self._move_to("waiting")

    def action_go_on(self):
        """Go on with the work: the clocks go on."""
        self._move_to("open")

    def action_close(self):
        """Close the complaints.

        :raise UserError: where it isn't said how a complaint was resolved
        """
        self._register_response()
        self._move_to("done")

    def action_reopen(self):
        """Take closed complaints up again."""
        self._move_to("open")

    def action_cancel(self):
        """Cancel what turned out to be no complaint.

        :raise UserError: where it was credited or replaced; that has to stand
        """
        self._move_to("cancelled")

    def _check_cancellable(self):
        """Documents that were made for a complaint keep it."""
        for complaint in self:
            # sudo: whether there are any; who handles complaints isn't in accounting.
            documents = [
                *complaint.sudo().refund_move_ids.filtered(
                    lambda move: move.state != "cancel"
                ),
                *complaint.sudo().replacement_order_ids.filtered(
                    lambda order: order.state != "cancel"
                ),
            ]
            if documents:
                raise UserError(
                    self.env._(
                        "%(complaint)s can't be cancelled: %(documents)s was made for "
                        "it. Cancel that first.",
                        complaint=complaint.name,
                        documents=", ".join(each.display_name for each in documents),
                    )
                )

    def action_merge(self):
        """Merge duplicates into the oldest of them: messages and files go along.

        :raise UserError: where they are of several customers, or only one is chosen
        """
        self.check_access("write")
        if len(self) < 2:
            raise UserError(self.env._("Choose two or more complaints to merge."))
        # Who isn't known as a customer yet is told apart by his address.
        customers = {
            complaint.commercial_partner_id or email_normalize(complaint.email_from)
            for complaint in self
        }
        if len(customers) > 1 or len(self.company_id) > 1:
            raise UserError(
                self.env._("Only complaints of one customer can be merged.")
            )
        kept = self.sorted("id")[0]
        for duplicate in self - kept:
            kept._take_messages_of(duplicate)
            kept._take_work_of(duplicate)
            duplicate.duplicate_of_id = kept
            duplicate._message_log(
                body=self.env._("Merged into complaint %s.", kept.name)
            )
        (self - kept)._move_to("cancelled")
        kept._message_log(
            body=self.env._("Merged with %s.", ", ".join((self - kept).mapped("name")))
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": kept.id,
            "view_mode": "form",
        }

    def _take_work_of(self, other):
        """Move measures, documents and cost of another complaint here."""
        self.ensure_one()
        # sudo: documents of complaints that the user may edit.
        mine, others = self.sudo(), other.sudo()
        others.action_ids.complaint_id = mine
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

    def _take_messages_of(self, other):
        """Move messages and attachments of another complaint here."""
        self.ensure_one()
        other.message_change_thread(self)
        # sudo: files of a complaint that the user may edit.
        self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "=", other.id)]
        ).write({"res_id": self.id})

    @api.model
    def _action_for(self, domain, context):
        """Return the action that opens some complaints, new ones prefilled."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.key_account_complaint_action"
        )
        action["domain"] = list(domain)
        action["context"] = context
        return action

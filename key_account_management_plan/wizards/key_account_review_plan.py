# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

import pytz

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.key_account_management.models.tools.company_day import start_of_day

#: So many times are proposed, on different days.
SLOTS = 5
#: Invitations want some days, and are looked for within some weeks.
LEAD_DAYS, SEARCH_DAYS = 3, 45


class KeyAccountReviewPlan(models.TransientModel):
    """Propose when to review an account and with whom, and invite them."""

    _name = "key.account.review.plan"
    _description = "Plan a Review"

    account_id = fields.Many2one("key.account", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id")
    stakeholder_ids = fields.Many2many(
        "key.account.stakeholder",
        compute="_compute_people",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('account_id', '=', account_id), ('left_date', '=', False), "
        "('is_placeholder', '=', False)]",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Our People",
        compute="_compute_people",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    duration = fields.Float(string="Duration (Hours)", default=1.5, required=True)
    location = fields.Char()
    slot_ids = fields.One2many(
        "key.account.review.slot", "plan_id", string="Free Times"
    )

    @api.depends("account_id")
    def _compute_people(self):
        for plan in self:
            plan.stakeholder_ids = plan.account_id.stakeholder_ids.filtered(
                lambda who: who.partner_id and not who.left_date
            )
            plan.user_ids = plan.account_id.acting_manager_id

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        plans._propose()
        return plans

    def _propose(self):
        """Take the free times of the people again."""
        for plan in self:
            plan.slot_ids = [Command.clear()] + [
                Command.create({"start": start}) for start in plan._find_slots()
            ]

    def action_propose(self):
        """Propose times again, for other people or another duration.

        :return: action that opens the wizard again
        """
        self.ensure_one()
        self.check_access("write")
        self._propose()
        return self.account_id._open_review_plan(self)

    def _find_slots(self):
        """Return free times within working hours, one for each day, in UTC."""
        self.ensure_one()
        company = self.account_id.company_id
        if not company or self.duration <= 0:
            return []
        first = self._get_first_day()
        tz = company._get_key_account_tz()
        begin = pytz.utc.localize(start_of_day(first, tz))
        begin = begin.astimezone(pytz.timezone(tz))
        end = begin + timedelta(days=SEARCH_DAYS)
        busy = self._get_busy(begin, end)
        length = timedelta(hours=self.duration)
        slots, days = [], set()
        for start, stop in self._get_working_hours(company, begin, end):
            moment = start
            while moment + length <= stop and moment.date() not in days:
                utc = moment.astimezone(pytz.utc).replace(tzinfo=None)
                if not any(utc < till and since < utc + length for since, till in busy):
                    slots.append(utc)
                    days.add(moment.date())
                moment += timedelta(minutes=30)
            if len(slots) == SLOTS:
                break
        return slots

    def _get_first_day(self):
        """Return the first day to look at: when the review is due, or in some days."""
        today = self.account_id.company_id._get_key_account_today()
        due = self.account_id._get_review_day()
        return max(today + timedelta(days=LEAD_DAYS), due or today)

    def _get_working_hours(self, company, begin, end):
        """Return the company's working hours as pairs of moments in its time zone."""
        # sudo: when the company works is no secret.
        calendar = company.sudo().resource_calendar_id
        if not calendar:
            days = (end - begin).days
            midnights = (begin + timedelta(days=day) for day in range(days))
            return [
                (day + timedelta(hours=9), day + timedelta(hours=17))
                for day in midnights
                if day.weekday() < 5
            ]
        intervals = calendar._work_intervals_batch(begin, end)[False]
        return [
            (start.astimezone(begin.tzinfo), stop.astimezone(begin.tzinfo))
            for start, stop, _meta in intervals
        ]

    def _get_busy(self, begin, end):
        """Return when one of the people is in a meeting, as pairs of moments in UTC."""
        begin, end = (
            moment.astimezone(pytz.utc).replace(tzinfo=None) for moment in (begin, end)
        )
        partners = self.user_ids.partner_id | self.stakeholder_ids.partner_id
        # sudo: only when somebody is busy, as the calendar itself shows it.
        events = (
            self.env["calendar.event"]
            .sudo()
            .search(
                Domain("partner_ids", "in", partners.ids)
                & Domain("show_as", "=", "busy")
                & Domain("start", "<", end)
                & Domain("stop", ">", begin)
            )
        )
        return [(event.start, event.stop) for event in events]

    def _plan_at(self, start):
        """Invite to a review at a time.

        :param start: moment in UTC
        :return: the key.account.review
        """
        self.ensure_one()
        account = self.account_id
        account.check_access("write")
        if start <= fields.Datetime.now():
            raise UserError(self.env._("Choose a time that is still to come."))
        review = self.env["key.account.review"].create(
            {
                "account_id": account.id,
                "stakeholder_ids": [Command.set(self.stakeholder_ids.ids)],
                "date": account.company_id._to_key_account_day(start),
            }
        )
        partners = self.user_ids.partner_id | self.stakeholder_ids.partner_id
        event = self.env["calendar.event"].create(
            {
                "name": self.env._("Review with %s", account.display_name),
                "start": start,
                "stop": start + timedelta(hours=self.duration),
                "location": self.location,
                "partner_ids": [Command.set((partners | self.env.user.partner_id).ids)],
                "res_model_id": self.env["ir.model"]._get_id(account._name),
                "res_id": account.id,
            }
        )
        # sudo: no user says which meeting a review is; this one was just made.
        review.sudo().event_id = event
        return review


class KeyAccountReviewSlot(models.TransientModel):
    """A time at which all of the people are free, as far as we know."""

    _name = "key.account.review.slot"
    _description = "Free Time for a Review"
    _order = "start, id"

    plan_id = fields.Many2one(
        "key.account.review.plan", required=True, ondelete="cascade"
    )
    start = fields.Datetime(required=True)

    def action_choose(self):
        """Invite to a review at this time.

        :return: action that opens the review
        """
        self.ensure_one()
        self.plan_id.check_access("write")
        review = self.plan_id._plan_at(self.start)
        return review._get_records_action(context={})

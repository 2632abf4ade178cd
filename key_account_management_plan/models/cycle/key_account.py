# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from odoo.addons.key_account_management.models.tools.records import open_records


class KeyAccount(models.Model):
    """Ten phases from the first contact to the referral; there is nothing to tick.

    Each says what was done last and what is next, from documents, meetings and
    activities. The phases are those of the source text on the account manager's work.
    """

    _inherit = "key.account"

    def get_cycle(self):
        """Return the phases in their order, as plain values.

        The page asks when it shows them; forms of accounts don't wait for it.

        :return: list of dict: label, done and next (texts), state
            (done, now or open) and action, a method of the account
        """
        self.ensure_one()
        self.check_access("read")
        phases = [
            self._phase(self.env._("Base"), *self._cycle_base()),
            self._phase(self.env._("Appointment"), *self._cycle_appointment()),
            self._phase(self.env._("Preparation"), *self._cycle_preparation()),
            self._phase(self.env._("Contact"), *self._cycle_contact()),
            self._phase(self.env._("Needs"), *self._cycle_needs()),
            self._phase(self.env._("Presentation"), *self._cycle_presentation()),
            self._phase(self.env._("Objections"), *self._cycle_objections()),
            self._phase(self.env._("Closing"), *self._cycle_closing()),
            self._phase(self.env._("After-Care"), *self._cycle_after_care()),
            self._phase(self.env._("Referral"), *self._cycle_referral()),
        ]
        for phase in phases:
            if phase["state"] == "open":
                phase["state"] = "now"
                break
        return phases

    @api.model
    def _phase(self, label, done, following, action):
        """Return a phase; one in which nothing was done is open."""
        return {
            "label": label,
            "done": done,
            "next": following,
            "action": action,
            "state": "done" if done else "open",
        }

    def _cycle_base(self):
        rate = formatLang(self.env, self.data_score, digits=0)
        enough = self.data_score >= self.company_id.key_account_data_minimum
        done = self.env._("Data %s %% complete", rate) if enough else ""
        if not enough:
            following = self.env._("Complete the customer data (%s %%)", rate)
        elif not self.stakeholder_count:
            following = self.env._("Put the contacts on the stakeholder map")
        else:
            following = ""
        return done, following, "action_view_stakeholders"

    def _cycle_appointment(self):
        to_day = self.company_id._to_key_account_day
        now = fields.Datetime.now()
        # Only when they are; whose meeting it is decides who can open it.
        meetings = self.env["calendar.event"].search(
            Domain("partner_ids.commercial_partner_id", "=", self.partner_id.id),
            order="start desc",
            limit=20,
        )
        past = meetings.filtered(lambda event: event.start <= now)[:1]
        coming = (meetings - past).filtered(lambda event: event.start > now)[-1:]
        return (
            self.env._("Met on %s", format_date(self.env, to_day(past.start)))
            if past
            else "",
            self.env._("Meeting on %s", format_date(self.env, to_day(coming.start)))
            if coming
            else self.env._("Plan a meeting"),
            "action_plan_review",
        )

    def _cycle_preparation(self):
        planned = self.review_ids.filtered(lambda review: review.state == "planned")
        first = planned.sorted("date")[:1]
        return (
            self.env._("Review of %s prepared", format_date(self.env, first.date))
            if first
            else "",
            self.env._("Read the briefing") if first else self.env._("Plan a review"),
            "action_briefing",
        )

    def _cycle_contact(self):
        last = self._get_last_contacts().get(self.id)
        activity = self.activity_ids.sorted("date_deadline")[:1]
        return (
            self.env._("Last contact on %s", format_date(self.env, last))
            if last
            else "",
            activity.summary or activity.activity_type_id.name or "",
            "action_log_call",
        )

    def _cycle_needs(self):
        needs = self.need_ids.filtered(lambda need: need.kind != "objection")
        opened = needs.filtered(lambda need: need.state == "open")
        return (
            self.env._("%s needs and wishes known", len(needs)) if needs else "",
            self.env._("Make an offer for: %s", opened[0].name)
            if opened
            else ""
            if needs
            else self.env._("Ask for needs"),
            "action_view_needs",
        )

    def _cycle_presentation(self):
        if not self.env["sale.order"].has_access("read"):
            return "", "", "action_view_sale_orders"
        own = self._customer_domain(self.env["sale.order"])
        sent = self.env["sale.order"].search(
            own & Domain("state", "in", ("sent", "sale")),
            order="date_order desc",
            limit=1,
        )
        drafts = self.env["sale.order"].search_count(
            own & Domain("state", "=", "draft")
        )
        return (
            self.env._("Offered with %s", sent.name) if sent else "",
            self.env._("%s quotations to be sent", drafts) if drafts else "",
            "action_view_sale_orders",
        )

    def _cycle_objections(self):
        objections = self.need_ids.filtered(lambda need: need.kind == "objection")
        opened = objections.filtered(lambda need: need.state != "done")
        return (
            self.env._("%s objections answered", len(objections - opened))
            if objections - opened
            else "",
            self.env._("Answer: %s", opened[0].name) if opened else "",
            "action_view_needs",
        )

    def _cycle_closing(self):
        if not self.env["sale.order"].has_access("read"):
            return "", "", "action_view_sale_orders"
        own = self._customer_domain(self.env["sale.order"])
        last = self.env["sale.order"].search(
            own & Domain("state", "=", "sale"), order="date_order desc", limit=1
        )
        waiting = self.env["sale.order"].search_count(
            own & Domain("state", "=", "sent")
        )
        day = last and self.company_id._to_key_account_day(last.date_order)
        return (
            self.env._("Last order on %s", format_date(self.env, day)) if last else "",
            self.env._("%s quotations wait for an answer", waiting) if waiting else "",
            "action_view_sale_orders",
        )

    def _cycle_after_care(self):
        promises = self.env["key.account.promise"].search(
            [("account_id", "=", self.id)]
        )
        kept = promises.filtered(lambda promise: promise.state == "done")
        return (
            self.env._("%s promises kept", len(kept))
            if kept
            else self.env._("On time in full: %.0f %%", self.otif_rate_12m)
            if self.due_line_count_12m
            else "",
            self.env._("Keep: %s", (promises - kept)[0].name)
            if promises - kept
            else "",
            "action_view_reviews",
        )

    def _cycle_referral(self):
        referrals = self.env["key.account.referral"].search(
            [("account_id", "=", self.id)], order="date desc"
        )
        return (
            self.env._("%s referrals", len(referrals)) if referrals else "",
            "" if referrals else self.env._("Ask a champion for a referral"),
            "action_view_referrals",
        )

    def action_view_needs(self):
        """Open the needs, wishes and objections of the customer."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management_plan.key_account_need_action",
            [("account_id", "=", self.id)],
            context={"default_account_id": self.id},
        )

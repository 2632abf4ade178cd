# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, format_datetime, formatLang

from .key_account_documents import INVOICES, ORDERS

#: The messages that are contact with a customer, in either direction.
CONTACT_TYPES = ("comment", "email", "email_outgoing")
#: How many people, and how many recent documents, are shown at most.
PEOPLE, RECENT = 12, 8
#: Meetings of the next days, this many.
AHEAD_DAYS = 60


class KeyAccountOverview(models.AbstractModel):
    """What one has to know before calling the customer, on one page."""

    _name = "key.account.overview"
    _description = "Overview of a Key Account"

    overview = fields.Json(compute="_compute_overview")

    @api.depends_context("uid", "lang")
    def _compute_overview(self):
        for account in self:
            account.overview = account._origin._get_overview() or False

    def _get_overview(self):
        """Return the sections as plain values, those that the user may read.

        :return: dict of section -> list of dict, empty for a new account
        """
        if not self:
            return {}
        return {
            "figures": self._overview_figures(),
            "people": self._overview_people(),
            "next": sorted(self._overview_next(), key=lambda row: row["day"]),
            "open": self._overview_open(),
            "recent": self._overview_latest(),
        }

    def _overview_figures(self):
        """Return the headline figures; rooms above give them.

        :return: list of dict: ``label``, ``value``, ``trend``, ``good`` (true, false
            or None) and ``action``, the method that opens what is behind
        """
        return []

    def _overview_open(self):
        """Return what is open; rooms above give theirs.

        :return: list of :meth:`_open_row`
        """
        return []

    @api.model
    def _open_row(self, label, value, action="", bad=False):
        """Return something open as plain values.

        :param str action: the method that opens it, empty for none
        """
        return {"label": label, "value": value, "action": action, "bad": bad}

    def _format_amount(self, amount):
        """Return an amount in the account's currency as text, without cents."""
        return formatLang(
            self.env, amount, currency_obj=self.currency_id, rounding_unit="units"
        )

    def _overview_people(self):
        """Return the customer's people, with role, telephone, mail and last contact."""
        Partner = self.env["res.partner"]
        if not Partner.has_access("read"):
            return []
        people = Partner.search(
            Domain("commercial_partner_id", "=", self.partner_id.id)
            & Domain("is_company", "=", False)
            & Domain("type", "=", "contact"),
            limit=PEOPLE,
        )
        last = self._get_last_contact_of(people)
        return [
            {
                "id": person.id,
                "name": person.name,
                "role": person.function or "",
                "phone": person.phone or "",
                "email": person.email or "",
                "last": format_date(self.env, last[person.id])
                if person.id in last
                else "",
            }
            for person in people
        ]

    def _get_last_contact_of(self, people):
        """Return when each of these people last wrote, was written to, or met us.

        :return: dict of partner id -> day of the company
        """
        if not people:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT person, MAX(moment)
                  FROM (
                    SELECT author_id AS person, date AS moment FROM mail_message
                     WHERE author_id = ANY(%(ids)s)
                       AND message_type IN ('comment', 'email')
                 UNION ALL
                    SELECT notice.res_partner_id, message.date
                      FROM mail_notification notice
                      JOIN mail_message message ON message.id = notice.mail_message_id
                     WHERE notice.res_partner_id = ANY(%(ids)s)
                       AND message.message_type IN %(types)s
                 UNION ALL
                    SELECT attendee.res_partner_id, event.start
                      FROM calendar_event_res_partner_rel attendee
                      JOIN calendar_event event
                        ON event.id = attendee.calendar_event_id AND event.active
                     WHERE attendee.res_partner_id = ANY(%(ids)s)
                       AND event.start <= now() AT TIME ZONE 'UTC') contact
              GROUP BY person
                """,
                ids=people.ids,
                types=CONTACT_TYPES,
            )
        )
        to_day = self.company_id._to_key_account_day
        return {person: to_day(moment) for person, moment in rows}

    def _overview_next(self):
        """Return what is planned: activities, and meetings with the customer."""
        activities = self.env["mail.activity"].search(
            Domain("res_model", "=", "key.account") & Domain("res_id", "=", self.id)
            | Domain("res_model", "=", "res.partner")
            & Domain("res_id", "=", self.partner_id.id)
        )
        today = self.company_id._get_key_account_today()
        return self._overview_meetings() + [
            {
                "model": activity.res_model,
                "id": activity.res_id,
                "icon": activity.icon or "fa-tasks",
                "text": activity.summary or activity.activity_type_id.name or "",
                "who": activity.user_id.name or "",
                "day": fields.Date.to_string(activity.date_deadline),
                "when": format_date(self.env, activity.date_deadline),
                "late": activity.date_deadline < today,
            }
            for activity in activities
        ]

    def _overview_meetings(self):
        """Return the meetings with the customer that are to come."""
        now = fields.Datetime.now()
        meetings = self.env["calendar.event"].search(
            [
                ("partner_ids.commercial_partner_id", "=", self.partner_id.id),
                ("start", ">=", now),
                ("start", "<=", now + relativedelta(days=AHEAD_DAYS)),
            ]
        )
        return [
            {
                "model": meeting._name,
                "id": meeting.id,
                "icon": "fa-calendar",
                "text": meeting.display_name,
                "who": meeting.user_id.name or "",
                "day": fields.Date.to_string(meeting.start.date()),
                "when": format_datetime(self.env, meeting.start, dt_format="short"),
                "late": False,
            }
            for meeting in meetings
        ]

    def _overview_latest(self):
        """Return the latest of all recent documents, the newest first."""
        rows = sorted(self._overview_recent(), key=lambda row: row[0], reverse=True)
        return [
            {**row, "when": format_date(self.env, day)} for day, row in rows[:RECENT]
        ]

    def _overview_recent(self):
        """Return recent documents; rooms above add theirs.

        :return: list of (day, dict with ``icon``, ``text``, ``amount``, ``model`` and
            ``id``)
        """
        return self._overview_orders() + self._overview_invoices()

    def _overview_orders(self):
        if not self.env["sale.order"].has_access("read"):
            return []
        rows = []
        for order in self._search_latest(ORDERS, "date_order desc, id desc"):
            label = (
                self.env._("Order %s", order.name)
                if order.state == "sale"
                else self.env._("Quotation %s", order.name)
            )
            day = order.company_id._to_key_account_day(order.date_order)
            amount = (order.amount_untaxed, order.currency_id)
            rows.append((day, self._recent(order, "fa-shopping-cart", label, amount)))
        return rows

    def _overview_invoices(self):
        if not self.env["account.move"].has_access("read"):
            return []
        rows = []
        for move in self._search_latest(
            INVOICES,
            "invoice_date desc, id desc",
            # Drafts without a date would come first and take all the places.
            Domain("state", "=", "posted"),
        ):
            is_refund = move.move_type == "out_refund"
            label = (
                self.env._("Credit Note %s", move.name)
                if is_refund
                else self.env._("Invoice %s", move.name)
            )
            net = -move.amount_untaxed if is_refund else move.amount_untaxed
            row = self._recent(move, "fa-file-text-o", label, (net, move.currency_id))
            rows.append((move.invoice_date, row))
        return rows

    def _search_latest(self, kind, order, domain=Domain.TRUE):
        """Return the latest documents of a :class:`~.key_account_documents.Kind`."""
        model = self.env[kind.model]
        own = self._customer_domain(model)
        return model.search(kind.domain & own & domain, order=order, limit=RECENT)

    def _recent(self, record, icon, text, amount=None):
        """Return a recent document as plain values.

        :param amount: pair of an amount and its currency
        """
        return {
            "icon": icon,
            "text": text,
            "amount": formatLang(self.env, amount[0], currency_obj=amount[1])
            if amount
            else "",
            "model": record._name,
            "id": record.id,
        }

    def action_add_person(self):
        """Open a new contact of the customer.

        :return: action with the form as a dialog
        """
        self.ensure_one()
        self.check_access("read")
        form = self.env.ref("key_account_management.res_partner_view_form_person")
        return self.env["res.partner"]._get_records_action(
            name=self.env._("New Contact of %s", self.display_name),
            views=[(form.id, "form")],
            target="new",
            context={
                "default_parent_id": self.partner_id.id,
                "default_is_company": False,
                "default_type": "contact",
            },
        )

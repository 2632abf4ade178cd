# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..account.key_account_overview import CONTACT_TYPES
from ..tools.company_day import company_tz_sql, day_sql


class KeyAccountContact(models.AbstractModel):
    """When we last spoke with the customer, and when we meet next."""

    _name = "key.account.contact"
    _description = "Contact With a Key Account"

    last_contact_date = fields.Date(
        readonly=True,
        help="Last message, call or meeting with the customer that Odoo knows of.",
    )

    def _get_last_contacts(self):
        """Return when we last had contact, looked up now.

        :return: dict of account id -> day of the company; accounts without are left out
        """
        if not self:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(self._last_contact_sql())
        return {account_id: day for account_id, day in rows if day}

    def _refresh_last_contact(self):
        """Write when we last had contact, where it has changed."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account account SET last_contact_date = contact.day
                  FROM (%s) contact
                 WHERE account.id = contact.id
                   AND account.last_contact_date IS DISTINCT FROM contact.day
                """,
                self._last_contact_sql(),
            )
        )
        self.invalidate_recordset(["last_contact_date"])

    def _last_contact_sql(self):
        """Build the query for the last message, call or meeting with each customer."""
        return SQL(
            """
            SELECT account.id, %(day)s AS day
              FROM key_account account
        CROSS JOIN LATERAL (SELECT GREATEST((
                SELECT MAX(message.date) FROM (%(threads)s) thread
                  JOIN mail_message message ON message.model = thread.model
                   AND message.res_id = thread.id
             LEFT JOIN mail_activity_type activity
                    ON activity.id = message.mail_activity_type_id
             LEFT JOIN mail_message_subtype subtype
                    ON subtype.id = message.subtype_id
                 WHERE activity.category IN ('phonecall', 'meeting')
                    OR (message.message_type IN %(types)s
                       -- A note among colleagues is no contact.
                       AND message.is_internal IS NOT TRUE
                       AND subtype.internal IS NOT TRUE)
              ), (
                SELECT MAX(event.start) FROM (%(events)s) event
                 WHERE event.start <= now() AT TIME ZONE 'UTC'
              )) AS moment) latest
             WHERE account.id = ANY(%(ids)s)
            """,
            day=day_sql(
                SQL("latest.moment"), company_tz_sql(SQL("account.company_id"))
            ),
            threads=self._contact_threads_sql(),
            types=CONTACT_TYPES,
            events=self._meetings_sql(),
            ids=self.ids,
        )

    @api.model
    def _meetings_sql(self):
        """Build the query for the meetings with people of an ``account``."""
        return SQL(
            """
            SELECT event.start FROM calendar_event event
              JOIN calendar_event_res_partner_rel attendee
                ON attendee.calendar_event_id = event.id
              JOIN res_partner person ON person.id = attendee.res_partner_id
             WHERE person.commercial_partner_id = account.partner_id AND event.active
            """
        )

    def _get_next_meetings(self):
        """Return the first meeting with each customer that is still to come.

        :return: dict of account id -> moment in UTC; accounts without are left out
        """
        if not self:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id,
                       (SELECT MIN(event.start) FROM (%s) event
                         WHERE event.start > now() AT TIME ZONE 'UTC')
                  FROM key_account account WHERE account.id = ANY(%s)
                """,
                self._meetings_sql(),
                self.ids,
            )
        )
        return {account_id: start for account_id, start in rows if start}

    @api.model
    def _contact_threads_sql(self):
        """Name the records on which we write to the customer of an ``account``."""
        own = self.env["key.account"]._own_documents_sql
        return SQL(
            """
            SELECT 'key.account' AS model, account.id AS id
         UNION ALL
            SELECT 'res.partner', id FROM res_partner
             WHERE commercial_partner_id = account.partner_id
         UNION ALL
            SELECT 'sale.order', sale.id FROM sale_order sale
              JOIN res_partner contact ON COALESCE(sale.key_account_partner_id,
                                                   sale.partner_id) = contact.id
             WHERE contact.commercial_partner_id = account.partner_id
               AND %(own_order)s
               AND sale.write_date >= now() AT TIME ZONE 'UTC' - interval '2 years'
         UNION ALL
            SELECT 'account.move', move.id FROM account_move move
             WHERE COALESCE(move.key_account_partner_id,
                            move.commercial_partner_id) = account.partner_id
               AND %(own_move)s AND move.state = 'posted'
               AND move.invoice_date >= now() AT TIME ZONE 'UTC' - interval '2 years'
            """,
            own_order=own("sale"),
            own_move=own("move"),
        )

    def action_plan_meeting(self):
        """Open a new meeting with the customer in one's calendar.

        :return: action with the form as a dialog
        """
        self.ensure_one()
        self.check_access("read")
        start = fields.Datetime.now().replace(minute=0, second=0)
        start += relativedelta(days=1)
        return self.env["calendar.event"]._get_records_action(
            name=self.env._("Meeting with %s", self.display_name),
            views=[(False, "form")],
            target="new",
            context={
                "default_name": self.env._("Meeting with %s", self.display_name),
                "default_partner_ids": (self.partner_id | self.env.user.partner_id).ids,
                "default_start": fields.Datetime.to_string(start),
                "default_stop": fields.Datetime.to_string(
                    start + relativedelta(hours=1)
                ),
            },
        )

    def action_log_call(self):
        """Open a call with the customer, to be planned or marked as done.

        :return: action with the activity as a dialog
        """
        self.ensure_one()
        self.check_access("read")
        form = self.env.ref("mail.mail_activity_view_form_popup")
        return self.env["mail.activity"]._get_records_action(
            name=self.env._("Call %s", self.display_name),
            views=[(form.id, "form")],
            target="new",
            context={
                "default_res_model_id": self.env["ir.model"]._get_id(self._name),
                "default_res_model": self._name,
                "default_res_id": self.id,
                "default_activity_type_id": self.env.ref(
                    "mail.mail_activity_data_call"
                ).id,
                "default_user_id": self.env.uid,
            },
        )

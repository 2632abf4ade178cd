# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.key_account_management.models.account.key_account_overview import (
    CONTACT_TYPES,
)
from odoo.addons.key_account_management.models.tools.company_day import (
    company_tz_sql,
    day_sql,
)

#: Days with contact from which on a stakeholder is covered better than briefly.
MULTIPLE, DEEP = 2, 5


class KeyAccountStakeholderContact(models.AbstractModel):
    """Contact of stakeholders with our people: messages, calls and meetings.

    It takes the person on the other side: no message of ours to ourselves counts, and
    no note among colleagues.
    """

    _name = "key.account.stakeholder.contact"
    _description = "Contact With Stakeholders"

    @api.model
    def _contacts_sql(self, persons):
        """Build the query for who of us had contact with whom of them, and when.

        :param persons: SQL of a query for ids of res.partner
        :return: SQL of rows (person, ours, moment); ours is the contact of our user
        """
        return SQL(
            """
            SELECT message.author_id AS person, notice.res_partner_id AS ours,
                   message.date AS moment
              FROM mail_message message
         LEFT JOIN mail_notification notice ON notice.mail_message_id = message.id
             WHERE message.author_id IN (%(persons)s)
               AND message.message_type IN ('comment', 'email')
         UNION ALL
            SELECT notice.res_partner_id, message.author_id, message.date
              FROM mail_notification notice
              JOIN mail_message message ON message.id = notice.mail_message_id
             WHERE notice.res_partner_id IN (%(persons)s)
               AND message.author_id IS DISTINCT FROM notice.res_partner_id
               AND message.message_type IN %(types)s
         UNION ALL
            SELECT person.id, message.author_id, message.date
              FROM res_partner person
              JOIN mail_message message ON message.model = 'res.partner'
               AND message.res_id = person.id
              JOIN mail_activity_type activity
                ON activity.id = message.mail_activity_type_id
               AND activity.category IN ('phonecall', 'meeting')
             WHERE person.id IN (%(persons)s)
         UNION ALL
            SELECT known.partner_id, message.author_id, message.date
              FROM key_account_stakeholder known
              JOIN mail_message message ON message.model = 'key.account.stakeholder'
               AND message.res_id = known.id
              JOIN mail_activity_type activity
                ON activity.id = message.mail_activity_type_id
               AND activity.category IN ('phonecall', 'meeting')
             WHERE known.partner_id IN (%(persons)s)
         UNION ALL
            SELECT theirs.partner_id, ours.partner_id, event.start
              FROM calendar_attendee theirs
              JOIN calendar_event event ON event.id = theirs.event_id AND event.active
               AND event.start <= now() AT TIME ZONE 'UTC'
         LEFT JOIN calendar_attendee ours ON ours.event_id = event.id
               AND ours.id != theirs.id AND ours.state != 'declined'
             WHERE theirs.partner_id IN (%(persons)s) AND theirs.state != 'declined'
            """,
            persons=persons,
            types=CONTACT_TYPES,
        )

    @api.model
    def _coverage_sql(self, stakeholders):
        """Build the statement that writes how well some stakeholders are covered.

        :param stakeholders: SQL of a query for their ids
        """
        return SQL(
            """
            WITH chosen AS (
                SELECT who.id, who.partner_id, %(zone)s AS zone,
                       company.key_account_coverage_months AS months
                  FROM key_account_stakeholder who
                  JOIN res_company company ON company.id = who.company_id
                 WHERE who.id IN (%(stakeholders)s)),
            contact AS (%(contacts)s),
            found AS (
                SELECT chosen.id, MAX(%(day)s) AS last,
                       COUNT(DISTINCT %(day)s) FILTER (WHERE contact.moment >=
                           now() AT TIME ZONE 'UTC' - make_interval(months =>
                           chosen.months)) AS days
                  FROM chosen
             LEFT JOIN contact ON contact.person = chosen.partner_id
              GROUP BY chosen.id)
            UPDATE key_account_stakeholder who
               SET coverage = %(coverage)s, contact_days = found.days,
                   last_contact_date = found.last
              FROM found
             WHERE found.id = who.id
               AND (who.coverage, who.contact_days, who.last_contact_date)
                   IS DISTINCT FROM (%(coverage)s, found.days, found.last)
            """,
            zone=company_tz_sql(SQL("who.company_id")),
            stakeholders=stakeholders,
            contacts=self._contacts_sql(SQL("SELECT partner_id FROM chosen")),
            day=day_sql(SQL("contact.moment"), SQL("chosen.zone")),
            coverage=SQL(
                """
                CASE WHEN found.days = 0 THEN 'none' WHEN found.days < %s THEN 'brief'
                     WHEN found.days < %s THEN 'multiple' ELSE 'deep' END
                """,
                MULTIPLE,
                DEEP,
            ),
        )

    def _get_team_contacts(self, users, since):
        """Return how often each of our users had contact with each stakeholder.

        :param users: res.users records
        :param since: moment in UTC from which on days are counted
        :return: dict of (partner id of the stakeholder, user id) -> (days, last moment)
        """
        if not self.partner_id or not users:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT contact.person, ours.id,
                       COUNT(DISTINCT contact.moment::date)
                           FILTER (WHERE contact.moment >= %(since)s),
                       MAX(contact.moment)
                  FROM (%(contacts)s) contact
                  JOIN res_users ours ON ours.partner_id = contact.ours
                 WHERE ours.id = ANY(%(users)s)
              GROUP BY contact.person, ours.id
                """,
                since=since,
                contacts=self._contacts_sql(
                    SQL("SELECT unnest(%s)", self.partner_id.ids)
                ),
                users=users.ids,
            )
        )
        return {(person, user): (days, last) for person, user, days, last in rows}

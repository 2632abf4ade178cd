# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.batches import in_batches
from .points_rules import expired

#: Cards that one step of the nightly work takes on before it commits.
BATCH = 200


class LoyaltyCardExpiry(models.AbstractModel):
    """Lets the points of cards lapse and reminds their holders ahead of it."""

    _name = "loyalty.card.expiry"
    _description = "Expiry of Loyalty Points"

    def _expire(self, day=None):
        """Let points lapse whose last day is over, oldest first.

        :param date day: today, in the company's time zone without it
        """
        # sudo: see _open_entries; expiry depends on the day, not on the user.
        cards = self.sudo().filtered("key_account_ledger")
        lapsed = self._get_lapsed_domain(day) & Domain("card_id", "in", cards.ids)
        for (card,) in cards.env["loyalty.history"]._read_group(lapsed, ["card_id"]):
            card._lock_points()
            today = day or card.company_id._get_key_account_today()
            for lot in expired(card._get_lots(), today):
                card._expire_lot(lot)

    def _expire_lot(self, lot):
        """Book that the points that are left of an earning have expired."""
        earning = self.env["loyalty.history"].browse(lot.id)
        count = earning.search_count(
            [
                ("key_account_origin_id", "=", lot.id),
                ("key_account_kind", "=", "expire"),
            ]
        )
        self._book(
            -lot.left,
            "expire",
            first_ids=[lot.id],
            key_account_origin_id=lot.id,
            # Points that were given back to a lot lapse once more.
            key_account_cause=f"{lot.id} lapse {count + 1}",
            key_account_id=earning.key_account_id.id,
            description=self.env._(
                "Points of %(day)s expired: %(earning)s",
                day=fields.Date.to_string(lot.day),
                earning=earning.description,
            ),
        )

    @api.model
    def _get_lapsed_domain(self, day=None):
        """Return the domain of entries whose points lapse, or soon lapse somewhere.

        :param date day: today; without it, companies ahead of UTC are included
        """
        day = day or fields.Date.today() + timedelta(days=1)
        return Domain("key_account_remaining", ">", 0) & Domain(
            "key_account_expiry_date", "<", day
        )

    @api.model
    def _cron_expire_points(self):
        """Let points lapse and send reminders, card by card, oldest first.

        Commits after each batch: what was done stays when the server stops it.
        """
        cards = self._get_cards_with_lapsed_points()
        if in_batches(cards, BATCH, lambda batch: batch._expire()):
            self._send_expiry_reminders()

    @api.model
    def _get_cards_with_lapsed_points(self):
        # sudo: the nightly work does all cards; the user's mode comes back below.
        History = self.env["loyalty.history"].sudo()
        rows = History._read_group(
            self._get_lapsed_domain() & Domain("key_account_ledger", "=", True),
            ["card_id"],
            ["key_account_expiry_date:min"],
            order="key_account_expiry_date:min, card_id",
        )
        return self.sudo().union(*(card for card, _day in rows)).sudo(self.env.su)

    def _get_expiring_domain(self, today, days):
        """Return the domain of entries that hold points and lapse within some days."""
        return (
            Domain("key_account_remaining", ">", 0)
            & Domain("key_account_expiry_date", ">=", today)
            & Domain("key_account_expiry_date", "<=", today + timedelta(days=days))
        )

    def _get_expiring_points(self, days):
        """Return what expires within a number of days.

        :return: list of (last day, points), the next first
        """
        self.ensure_one()
        today = self.company_id._get_key_account_today()
        # sudo: holders can read what is left on their own card.
        History = self.env["loyalty.history"].sudo()
        return History._read_group(
            self._get_expiring_domain(today, days) & Domain("card_id", "=", self.id),
            ["key_account_expiry_date:day"],
            ["key_account_remaining:sum"],
            order="key_account_expiry_date:day",
        )

    @api.model
    def _send_expiry_reminders(self):
        """Mail to holders whose points expire soon; each point is named once."""
        template = self.env.ref(
            "key_account_management.mail_template_points_expiry",
            raise_if_not_found=False,
        )
        if not template:
            return
        Program = self.env["loyalty.program"].sudo()  # the nightly work does all
        for program in Program.browse(Program._get_point_ledger_ids()):
            days = program.key_account_reminder_days
            if not program.active or not days:
                continue
            today = program.company_id._get_key_account_today()
            entries = program.env["loyalty.history"].search(
                self._get_expiring_domain(today, days)
                & Domain("key_account_program_id", "=", program.id)
                & Domain("key_account_reminded", "=", False)
            )
            if not in_batches(
                entries.card_id,
                1,
                lambda card, entries=entries: card._remind_of_expiry(template, entries),
                step="reminder",
            ):
                return

    def _remind_of_expiry(self, template, entries):
        """Mail to the holder of a card, and remember which points were named."""
        self.ensure_one()
        if self.partner_id.email:
            template.send_mail(
                self.id, email_layout_xmlid="mail.mail_notification_light"
            )
        own = entries.filtered(lambda entry: entry.card_id == self)
        own.key_account_reminded = True

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools.date_utils import start_of, subtract

from .loyalty_card import _lots
from .points_rules import expired

PERIOD = {"month": {"months": 1}, "quarter": {"months": 3}}
#: Cards that one step of the nightly work takes on before it commits.
BATCH = 200


class LoyaltyCard(models.Model):
    """Expiry of points, the reminder ahead of it and the statement."""

    _inherit = "loyalty.card"

    statement_date = fields.Date(
        readonly=True, copy=False, help="Last statement that was sent by itself."
    )
    points_expiring_soon = fields.Float(
        compute="_compute_points_expiring_soon",
        help="Points that expire within the program's reminder time.",
    )

    def _compute_points_expiring_soon(self):
        for card in self:
            days = card.sudo().program_id.expiry_reminder_days or 30
            card.points_expiring_soon = sum(
                points for _day, points in card._get_expiring_points(days)
            )

    def _today(self):
        """Return the day it is in the company of the card."""
        company = self.company_id[:1] or self.env.company
        return fields.Date.context_today(
            self.with_context(tz=company._get_key_account_tz())
        )

    def _expire(self, day=None):
        """Let points lapse whose last day is over, oldest first.

        :param date day: today, in the company's time zone without it
        """
        # sudo: see _open_entries; expiry depends on the day, not on the user.
        cards = self.sudo().filtered("is_point_ledger")
        due = (
            self.env["loyalty.history"]
            .sudo()
            ._read_group(
                [
                    ("card_id", "in", cards.ids),
                    ("remaining", ">", 0),
                    (
                        "expiry_date",
                        "<",
                        day or fields.Date.today() + timedelta(days=1),
                    ),
                ],
                ["card_id"],
            )
        )
        for (card,) in due:
            card._lock_points()
            entries = {entry.id: entry for entry in card._open_entries()}
            for lot in expired(_lots(entries.values()), day or card._today()):
                count = entries[lot.id].search_count(
                    [("origin_id", "=", lot.id), ("kind", "=", "expire")]
                )
                card._book(
                    -lot.left,
                    "expire",
                    first_ids=[lot.id],
                    origin_id=lot.id,
                    # A lot may lapse again after points were given back to it.
                    cause=f"{lot.id} lapse {count + 1}",
                    key_account_id=entries[lot.id].key_account_id.id,
                    description=self.env._(
                        "Points of %(day)s expired: %(earning)s",
                        day=fields.Date.to_string(lot.day),
                        earning=entries[lot.id].description,
                    ),
                )

    @api.model
    def _cron_expire_points(self):
        """Let points lapse and write reminders, card by card, oldest first.

        Commits after each batch: what was done stays when the server stops it.
        """
        Cron = self.env["ir.cron"]
        todo = self._get_cards_with_lapsed_points()
        Cron._commit_progress(remaining=len(todo))
        while todo:
            batch = todo[:BATCH]
            retrying(batch._expire, self.env)
            left = Cron._commit_progress(len(batch))
            todo = todo[BATCH:]
            if not left:
                return
        self._send_expiry_reminders()

    @api.model
    def _expire_all(self):
        """Let all points lapse that have to, in one go; the nightly work commits."""
        self._get_cards_with_lapsed_points()._expire()

    @api.model
    def _get_cards_with_lapsed_points(self):
        rows = (
            self.env["loyalty.history"]
            .sudo()  # the nightly work is everybody's
            ._read_group(
                [
                    ("is_point_ledger", "=", True),
                    ("remaining", ">", 0),
                    ("expiry_date", "<", fields.Date.today()),
                ],
                ["card_id"],
                ["expiry_date:min"],
                order="expiry_date:min, card_id",
            )
        )
        return self.sudo().union(*(card for card, _day in rows)).sudo(self.env.su)

    # Reminder and statement

    def _get_expiring_points(self, days):
        """Return what expires within so many days.

        :return: list of (last day, points), the next first
        """
        self.ensure_one()
        today = self._today()
        return [
            (day, points)
            for day, points in self.env["loyalty.history"]
            .sudo()  # the holder may read what is left on the own card
            ._read_group(
                [
                    ("card_id", "=", self.id),
                    ("remaining", ">", 0),
                    ("expiry_date", ">=", today),
                    ("expiry_date", "<=", today + timedelta(days=days)),
                ],
                ["expiry_date:day"],
                ["remaining:sum"],
                order="expiry_date:day",
            )
        ]

    def _get_statement_entries(self, limit=40):
        """Return the latest movements of the card, the newest first (sudo)."""
        self.ensure_one()
        return (
            self.env["loyalty.history"]
            .sudo()  # see _get_expiring_points
            .search(
                [("card_id", "=", self.id)], order="date desc, id desc", limit=limit
            )
        )

    @api.model
    def _send_expiry_reminders(self):
        """Mail to holders whose points expire soon; each point is named once."""
        template = self.env.ref(
            "key_account_management.mail_template_points_expiry",
            raise_if_not_found=False,
        )
        Program = self.env["loyalty.program"].sudo()  # see _cron_expire_points
        programs = Program.browse(Program._get_point_ledger_ids()).filtered(
            lambda program: program.active and program.expiry_reminder_days
        )
        if not template:
            return
        today = fields.Date.today()
        for program in programs:
            entries = (
                self.env["loyalty.history"]
                .sudo()
                .search(
                    [
                        ("program_id", "=", program.id),
                        ("remaining", ">", 0),
                        ("reminded", "=", False),
                        ("expiry_date", ">=", today),
                        (
                            "expiry_date",
                            "<=",
                            today + timedelta(days=program.expiry_reminder_days),
                        ),
                    ]
                )
            )
            for card, card_entries in entries.grouped("card_id").items():
                if card.partner_id.email:
                    template.send_mail(
                        card.id,
                        email_layout_xmlid="mail.mail_notification_light",
                    )
                card_entries.reminded = True
                self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _cron_send_statements(self):
        """Mail statements of the month or quarter that is over, each once.

        Commits after each mail: what was sent isn't sent again.
        """
        template = self.env.ref(
            "key_account_management.mail_template_points_statement",
            raise_if_not_found=False,
        )
        Cron = self.env["ir.cron"]
        if not template:
            return
        for interval in ("month", "quarter"):
            begin = start_of(fields.Date.context_today(self), interval)
            cards = self.search(
                [
                    ("program_id.statement_interval", "=", interval),
                    ("is_point_ledger", "=", True),
                    ("partner_id.email", "!=", False),
                    # Who had no movement since gets none.
                    ("history_ids.date", ">=", subtract(begin, **PERIOD[interval])),
                    "|",
                    ("statement_date", "=", False),
                    ("statement_date", "<", begin),
                ]
            )
            Cron._commit_progress(remaining=len(cards))
            for card in cards:
                template.send_mail(
                    card.id, email_layout_xmlid="mail.mail_notification_light"
                )
                card.statement_date = fields.Date.context_today(card)
                if not Cron._commit_progress(1):
                    return

    def action_send_statement(self):
        """Open the mail composer with the statement of points."""
        self.ensure_one()
        action = self.action_coupon_send()
        action["name"] = self.env._("Statement of Points")
        action["context"]["default_template_id"] = self.env.ref(
            "key_account_management.mail_template_points_statement"
        ).id
        return action

    def action_view_ledger(self):
        """Open the movements of the card."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.loyalty_history_action"
        )
        action["domain"] = [("card_id", "in", self.ids)]
        action["context"] = {}
        return action

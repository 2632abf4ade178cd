# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.date_utils import start_of, subtract

from ..tools.batches import in_batches
from ..tools.groups import DIRECTOR
from ..tools.records import open_records
from .ledger_flow import BY_ORDER, current_flow
from .loyalty_card_by_hand import HOLDING
from .points_rules import to_units

PERIOD = {"month": {"months": 1}, "quarter": {"months": 3}}


class LoyaltyCard(models.Model):
    """Cards of programs with a ledger: the balance moves by booking alone."""

    _name = "loyalty.card"
    _inherit = [
        "loyalty.card",
        "key.account.server.written",
        "loyalty.card.ledger",
        "loyalty.card.by.hand",
        "loyalty.card.expiry",
    ]
    _server_written = ("key_account_ledger", "key_account_statement_date")

    key_account_ledger = fields.Boolean(
        related="program_id.key_account_ledger", store=True, precompute=True
    )
    key_account_owes_points = fields.Boolean(
        compute="_compute_key_account_owes_points",
        search="_search_key_account_owes_points",
        string="Owes Points",
    )
    key_account_ledger_points = fields.Float(
        compute="_compute_key_account_ledger_points", string="Balance by the Ledger"
    )
    key_account_statement_date = fields.Date(
        string="Statement Date",
        readonly=True,
        copy=False,
        help="When the last statement was sent automatically.",
    )
    key_account_expiring_points = fields.Float(
        compute="_compute_key_account_expiring_points",
        string="Points Expiring Soon",
        help="Points that expire within the program's reminder time.",
    )

    _ledger_holder_uniq = models.UniqueIndex(
        "(program_id, partner_id) WHERE key_account_ledger AND active "
        "AND partner_id IS NOT NULL",
        "This customer already has a card of the program.",
    )

    @api.depends("points", "key_account_ledger")
    def _compute_key_account_owes_points(self):
        for card in self:
            card.key_account_owes_points = (
                card.key_account_ledger and to_units(card.points) < 0
            )

    def _search_key_account_owes_points(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("key_account_ledger", "=", True), ("points", "<", -0.004)]

    @api.depends("history_ids.key_account_points")
    def _compute_key_account_ledger_points(self):
        # sudo: the sum of what readers of the card see anyway.
        History = self.env["loyalty.history"].sudo()
        own = [("card_id", "in", self.ids)]
        sums = dict(History._read_group(own, ["card_id"], ["key_account_points:sum"]))
        for card in self:
            card.key_account_ledger_points = round(sums.get(card._origin, 0.0), 2)

    def _compute_key_account_expiring_points(self):
        for card in self:
            # sudo: the program's reminder time is no secret.
            days = card.sudo().program_id.key_account_reminder_days or 30
            card.key_account_expiring_points = sum(
                points for _day, points in card._get_expiring_points(days)
            )

    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        for card in cards:
            if card.key_account_ledger and card.points:
                card._check_points_by_hand(card.points)
                # The balance it was made with is there; the ledger gets to know it.
                card._book(card.points, "gift", move_balance=False)
        return cards

    def write(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(HOLDING):
            self._check_holding(vals)
        if "points" not in vals:
            return super().write(vals)
        # sudo: to look at the program alone.
        ledger = self.filtered(lambda card: card.sudo().key_account_ledger)
        if not ledger:
            return super().write(vals)
        others = {name: value for name, value in vals.items() if name != "points"}
        if self - ledger:
            super(LoyaltyCard, self - ledger).write(vals)
        # Bookings are the server's, so core would never ask for the user's right.
        ledger.check_access("write")
        for card in ledger:
            card._book_difference(vals["points"])
        return super(LoyaltyCard, ledger).write(others) if others else True

    def _write_balance(self, points):
        return super().write({"points": round(points, 2)})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        # sudo: to look at the program alone.
        if any(card.sudo().key_account_ledger and card.history_ids for card in self):
            raise UserError(
                self.env._(
                    "A card with points in the ledger can't be deleted. Archive it "
                    "instead."
                )
            )

    def _book_difference(self, points):
        """Turn a balance that was written into an entry of the ledger."""
        self.ensure_one()
        self._lock_points()
        difference = points - self.points
        if not to_units(difference):
            return
        # Set by the documents: core changes the balance and doesn't say for what.
        document = current_flow()
        if document is None or document is BY_ORDER:
            self._check_points_by_hand(difference)
            self._book(
                difference,
                "correction",
                description=self.env._("Balance corrected by %s", self.env.user.name),
            )
            return
        document.with_env(self.env)._book_card_change(self, difference)

    def _describe_offer(self, reward):
        """Return a reward for points of the card as a sentence for the customer."""
        return self.env._(
            "%(reward)s for %(points)s. Your balance: %(balance)s.",
            reward=reward.description,
            points=self._format_points(reward.required_points),
            balance=self.points_display,
        )

    # Statement

    def _get_statement_entries(self, limit=40):
        """Return the latest movements of the card, the newest first (sudo)."""
        self.ensure_one()
        # sudo: holders can read the movements of their own card.
        History = self.env["loyalty.history"].sudo()
        return History.search(
            [("card_id", "=", self.id)],
            order="key_account_date desc, id desc",
            limit=limit,
        )

    @api.model
    def _cron_send_statements(self):
        """Mail statements of the month or quarter that is over, each once.

        Commits after each mail: what was sent isn't sent again.
        """
        template = self.env.ref(
            "key_account_management.mail_template_points_statement",
            raise_if_not_found=False,
        )
        if not template:
            return
        Program = self.env["loyalty.program"].with_context(active_test=False)
        for program in Program.search(
            [("key_account_statement_interval", "!=", "never")]
        ):
            today = program.company_id._get_key_account_today()
            cards = self._search_without_statement(program, today)
            if not in_batches(
                cards, 1, lambda card, day=today: card._mail_statement(template, day)
            ):
                return

    def _mail_statement(self, template, today):
        """Mail the statement, and remember that it was sent."""
        self.ensure_one()
        template.send_mail(self.id, email_layout_xmlid="mail.mail_notification_light")
        self.key_account_statement_date = today

    @api.model
    def _search_without_statement(self, program, today):
        """Return the cards of a program whose statement is due."""
        interval = program.key_account_statement_interval
        begin = start_of(today, interval)
        period_begin = subtract(begin, **PERIOD[interval])
        return self.search(
            [
                ("program_id", "=", program.id),
                ("key_account_ledger", "=", True),
                ("partner_id.email", "!=", False),
                # Cards without a movement since then get none.
                ("history_ids.key_account_date", ">=", period_begin),
                "|",
                ("key_account_statement_date", "=", False),
                ("key_account_statement_date", "<", begin),
            ]
        )

    def action_send_statement(self):
        """Open the mail composer with the statement of points.

        :return: a window action
        """
        self.ensure_one()
        action = self.action_coupon_send()
        action["name"] = self.env._("Statement of Points")
        action["context"]["default_template_id"] = self.env.ref(
            "key_account_management.mail_template_points_statement"
        ).id
        return action

    # Ledger

    def action_view_ledger(self):
        """Open the movements of the cards.

        :return: a window action
        """
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management.loyalty_history_action",
            [("card_id", "in", self.ids)],
        )

    @api.model
    def _find_ledger_differences(self):
        """Return the cards whose balance isn't the sum of the ledger.

        :return: recordset (sudo); compares what remains of the entries as well
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT card.id
                  FROM loyalty_card card
             LEFT JOIN loyalty_history entry ON entry.card_id = card.id
                 WHERE card.key_account_ledger
              GROUP BY card.id
                HAVING ABS(COALESCE(card.points, 0)
                           - COALESCE(SUM(entry.key_account_points), 0)) >= 0.005
                    OR ABS(COALESCE(card.points, 0)
                           - COALESCE(SUM(entry.key_account_remaining), 0)) >= 0.005
                """
            )
        )
        # sudo: the check is about all cards; its action is for directors.
        return self.sudo().browse([row[0] for row in rows])

    @api.model
    def action_check_ledger(self):
        """List the cards whose balance differs from their ledger; changes nothing.

        :return: a window action, or a notification where all balances are right
        :raise AccessError: for users who aren't directors
        """
        self.check_access("read")
        if not self.env.user.has_group(DIRECTOR):
            raise AccessError(
                self.env._(
                    "Only directors of the key account management check the ledger."
                )
            )
        # By the user's own search: only cards of the companies that are open.
        differing = self.search([("id", "in", self._find_ledger_differences().ids)])
        if differing:
            return open_records(
                self.env,
                "key_account_management.loyalty_card_action_ledger",
                [("id", "in", differing.ids)],
                name=self.env._("Cards That Differ From Their Ledger"),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Every balance is the sum of its ledger entries."
                ),
            },
        }

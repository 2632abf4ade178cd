# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, float_compare, formatLang

#: A contract that ends within this number of months is an opportunity by now.
CONTRACT_MONTHS = 6
#: Shares have one decimal; their sum has the noise of floats.
DIGITS = 2


class KeyAccountShare(models.Model):
    """Share of wallet: what a competitor holds of an account's demand, as of a day.

    Entries aren't overwritten. The latest one of a competitor for a category counts;
    those before it say where it comes from.
    """

    _name = "key.account.share"
    _description = "Share of Wallet"
    _inherit = ["key.account.server.written"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _scope_fields = ("account_id",)

    account_id = fields.Many2one(
        "key.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    manager_id = fields.Many2one(related="account_id.manager_id")
    account_state = fields.Selection(related="account_id.state", string="Account State")
    competitor_id = fields.Many2one(
        "key.account.competitor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    category_id = fields.Many2one(
        "product.category",
        string="Product Category",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: of everything that the customer needs of us.",
    )
    share = fields.Float(
        string="Share (%)",
        digits=(5, 1),
        aggregator="avg",
        help="Part of the customer's demand that the competitor delivers.",
    )
    is_known = fields.Boolean(
        string="Share Known",
        default=True,
        help="Without it we only know that the competitor delivers, not how much.",
    )
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_key_account_today(),
        index=True,
    )
    source = fields.Selection(
        [
            ("customer", "Customer"),
            ("visit", "Seen on a Visit"),
            ("tender", "Tender"),
            ("market", "Market Study"),
            ("lost", "Lost Opportunity"),
            ("other", "Other"),
        ],
        required=True,
        default="customer",
    )
    note = fields.Char(help="Who said so, or where it is written.")
    contract_end = fields.Date(
        index="btree_not_null",
        help="When the competitor's contract with the customer ends.",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Lost Opportunity",
        readonly=True,
        copy=False,
        ondelete="cascade",
    )
    is_current = fields.Boolean(
        string="Current",
        readonly=True,
        copy=False,
        help="The latest entry of the competitor for the account and the category.",
    )
    previous_share = fields.Float(readonly=True, copy=False, digits=(5, 1))
    gain = fields.Float(
        string="Gained (Points)",
        readonly=True,
        copy=False,
        digits=(5, 1),
        aggregator="avg",
        help="Against the entry before. Above zero the competitor has gained.",
    )
    outlook = fields.Selection(
        [("opportunity", "Opportunity"), ("danger", "Danger")],
        compute="_compute_outlook",
        search="_search_outlook",
        help="Opportunity: the competitor's contract ends soon, or it loses ground. "
        "Danger: it gains ground.",
    )

    _share_range = models.Constraint(
        "CHECK (share >= 0 AND share <= 100)",
        "A share lies between 0 and 100 percent.",
    )
    _share_known = models.Constraint(
        "CHECK (is_known OR COALESCE(share, 0) = 0)",
        "A share that isn't known has no number. Tick that it is known.",
    )
    _lead_uniq = models.UniqueIndex(
        "(lead_id) WHERE lead_id IS NOT NULL",
        "This lost opportunity is among the competitor's shares already.",
    )
    _latest_idx = models.Index("(account_id, competitor_id, category_id, date)")

    @api.depends("competitor_id", "share", "is_known")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = (
                self.env._(
                    "%(competitor)s, %(share)s %%",
                    competitor=entry.competitor_id.name,
                    share=formatLang(self.env, entry.share, digits=1),
                )
                if entry.is_known
                else entry.competitor_id.name
            )

    @api.depends("is_current", "gain", "contract_end")
    def _compute_outlook(self):
        for entry in self:
            today, soon = entry._contract_window()
            entry.outlook = False
            if not entry.is_current:
                continue
            ends = entry.contract_end and today <= entry.contract_end <= soon
            if ends or entry.gain < 0:
                entry.outlook = "opportunity"
            elif entry.gain > 0:
                entry.outlook = "danger"

    @api.model
    def _search_outlook(self, operator, value):
        if operator != "in":
            return NotImplemented
        today, soon = self._contract_window()
        ends = Domain("contract_end", ">=", today) & Domain("contract_end", "<=", soon)
        opportunity = ends | Domain("gain", "<", 0)
        found = {
            "opportunity": opportunity,
            "danger": ~opportunity & Domain("gain", ">", 0),
            False: ~opportunity & Domain("gain", "<=", 0),
        }
        current = Domain("is_current", "=", True)
        chosen = Domain.OR(found[each] & current for each in found if each in value)
        return chosen | ~current if False in value else chosen

    def _contract_window(self):
        """Return the days between which the end of a contract is near."""
        company = self.company_id or self.env.company
        today = company._get_key_account_today()
        return today, today + relativedelta(months=CONTRACT_MONTHS)

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries.account_id._take_current_shares()
        entries._check_total()
        return entries

    def write(self, vals):
        before = self.account_id
        result = super().write(vals)
        (before | self.account_id)._take_current_shares()
        if not {"share", "is_known"}.isdisjoint(vals):
            self._check_total()
        return result

    def unlink(self):
        accounts = self.account_id
        result = super().unlink()
        accounts._take_current_shares()
        return result

    @api.onchange("is_known")
    def _onchange_is_known(self):
        if not self.is_known:
            self.share = 0.0

    def action_new_opportunity(self):
        """Open a new opportunity against this competitor.

        :return: action with the form as a dialog
        """
        self.ensure_one()
        self.check_access("read")
        return self.account_id._new_opportunity_action(
            self.category_id, self.competitor_id
        )

    @api.model
    def _search_held(self, accounts):
        """Return what competitors hold of accounts now, the largest shares first."""
        return self.search(
            [("account_id", "in", accounts.ids), ("is_current", "=", True)],
            order="share desc, id",
        )

    def _check_total(self):
        """Refuse shares of one demand that are more than all of it.

        :raise ValidationError: names account and category
        """
        groups = self._read_group(
            [
                ("account_id", "in", self.account_id.ids),
                ("is_current", "=", True),
            ],
            ["account_id", "category_id"],
            ["share:sum"],
        )
        for account, category, total in groups:
            if float_compare(total, 100, precision_digits=DIGITS) > 0:
                raise ValidationError(
                    self.env._(
                        "Competitors would hold %(total)s %% of the demand of "
                        "%(account)s (%(category)s). Correct one of the shares first.",
                        total=formatLang(self.env, total, digits=1),
                        account=account.display_name,
                        category=category.display_name or self.env._("all products"),
                    )
                )

    @api.model
    def _current_sql(self, accounts):
        """Build the statement that marks the latest entries of some accounts."""
        return SQL(
            """
            UPDATE key_account_share entry
               SET is_current = found.is_current,
                   previous_share = found.previous, gain = found.gain
              FROM (
                SELECT id, LEAD(id) OVER history IS NULL AS is_current,
                       LAG(known) OVER history AS previous,
                       COALESCE(known - LAG(known) OVER history, 0) AS gain
                  FROM (
                    SELECT *, CASE WHEN is_known THEN share END AS known
                      FROM key_account_share
                     WHERE account_id = ANY(%s)) dated
                WINDOW history AS (
                       PARTITION BY account_id, competitor_id, category_id
                       ORDER BY date, id)) found
             WHERE entry.id = found.id
               AND (entry.is_current, entry.previous_share, entry.gain)
                   IS DISTINCT FROM (found.is_current, found.previous, found.gain)
            """,
            accounts.ids,
        )

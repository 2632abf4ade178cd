# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class KeyAccount(models.Model):
    """The hub: one commercial partner, in one company, that is managed individually."""

    _name = "key.account"
    _description = "Key Account"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "tier_sequence, partner_name, id"
    _rec_names_search = ["partner_id.name", "partner_id.ref", "partner_id.vat"]
    _check_company_auto = True
    _mail_post_access = "read"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The company (or self-employed person) as such, not one of its contacts.",
    )
    partner_name = fields.Char(related="partner_id.name", store=True, string="Name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True, tracking=True)
    state = fields.Selection(
        [
            ("candidate", "Candidate"),
            ("active", "Active"),
            ("at_risk", "At Risk"),
            ("ended", "Ended"),
        ],
        required=True,
        default="active",
        index=True,
        tracking=True,
        group_expand=True,
    )
    phase = fields.Selection(
        [
            ("win", "Win"),
            ("build", "Build Up"),
            ("keep", "Keep"),
            ("grow", "Grow"),
            ("recover", "Win Back"),
        ],
        default="keep",
        tracking=True,
        group_expand=True,
        help="Where the customer stands in the work cycle of account management.",
    )
    segment_id = fields.Many2one("key.account.segment", index="btree_not_null")
    tier_change_ids = fields.One2many("key.account.tier.change", "account_id")
    tier_id = fields.Many2one(
        "key.account.tier",
        compute="_compute_tier_id",
        store=True,
        index=True,
        tracking=True,
        check_company=True,
        group_expand="_read_group_tier_id",
        help="Changes only through a tier change, so that the history is complete.",
    )
    tier_sequence = fields.Integer(
        related="tier_id.sequence", store=True, string="Rank of the Tier"
    )
    tier_color = fields.Integer(related="tier_id.color", string="Colour of the Tier")
    pending_tier_change_id = fields.Many2one(
        "key.account.tier.change", compute="_compute_pending_tier_change_id"
    )
    manager_id = fields.Many2one(
        "res.users",
        string="Account Manager",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        check_company=True,
        tracking=True,
    )
    deputy_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id), "
        "('id', '!=', manager_id)]",
        check_company=True,
        tracking=True,
        help="Stands in while the account manager is absent.",
    )
    team_member_ids = fields.One2many(
        "key.account.team.member", "account_id", string="Account Team"
    )
    next_review_date = fields.Date(tracking=True)
    preferences = fields.Html(
        help="What one should know when dealing with this customer: habits, "
        "likes and dislikes, house rules, agreements by word of mouth."
    )
    user_in_team = fields.Boolean(
        compute="_compute_user_in_team",
        help="Whether you are the account manager, the deputy or in the team.",
    )
    confidential_note = fields.Html(
        compute="_compute_confidential_note",
        inverse="_inverse_confidential_note",
        help="Shown to the account manager, the deputy and the account team alone.",
    )
    # Read and written by the two methods above only, hence closed to everybody.
    # Not copied: a copy would belong to whoever makes it.
    confidential_body = fields.Html(groups=fields.NO_ACCESS, copy=False)

    _partner_company_uniq = models.Constraint(
        "unique (partner_id, company_id)",
        "This customer is a key account of the company already (it may be ended or "
        "archived: open it again instead).",
    )
    _deputy_not_manager = models.Constraint(
        "CHECK (deputy_id IS NULL OR deputy_id != manager_id)",
        "The deputy must be somebody else than the account manager.",
    )

    @api.depends("partner_name")
    def _compute_display_name(self):
        # The bare name: the customer's own display name follows the context of forms
        # that want its address, too.
        for account in self:
            account.display_name = account.partner_name

    @api.depends(
        "tier_change_ids.state",
        "tier_change_ids.effective_date",
        "tier_change_ids.to_tier_id",
    )
    def _compute_tier_id(self):
        changes = self.env["key.account.tier.change"].search(
            [("account_id", "in", self.ids), ("state", "=", "approved")],
            order="effective_date, id",
        )
        latest = {change.account_id.id: change.to_tier_id for change in changes}
        for account in self:
            account.tier_id = latest.get(account.id, False)

    @api.depends("tier_change_ids.state")
    def _compute_pending_tier_change_id(self):
        for account in self:
            account.pending_tier_change_id = account.tier_change_ids.filtered(
                lambda change: change.state == "proposed"
            )[:1]

    @api.depends_context("uid")
    @api.depends("manager_id", "deputy_id", "team_member_ids.user_id")
    def _compute_user_in_team(self):
        for account in self:
            team = (
                account.manager_id | account.deputy_id | account.team_member_ids.user_id
            )
            account.user_in_team = self.env.user in team

    @api.depends_context("uid")
    @api.depends("confidential_body", "user_in_team")
    def _compute_confidential_note(self):
        for account in self:
            # sudo: the only reader of a closed field; user_in_team decides.
            account.confidential_note = (
                account.user_in_team and account.sudo().confidential_body
            )

    def _inverse_confidential_note(self):
        for account in self:
            if not account.user_in_team:
                raise UserError(
                    self.env._(
                        "Confidential notes on %(account)s are for its account team. "
                        "Ask the account manager to add you.",
                        account=account.display_name,
                    )
                )
            # sudo: the only writer of a closed field, after the check above.
            account.sudo().confidential_body = account.confidential_note

    @api.model
    def _read_group_tier_id(self, tiers, domain):
        """Show every tier as a column of the board, those without accounts too."""
        return self.env["key.account.tier"].search(
            [("company_id", "in", [False, *self.env.companies.ids])]
        )

    @api.constrains("partner_id", "active", "state")
    def _check_partner(self):
        for account in self:
            partner = account.partner_id
            if partner.commercial_partner_id != partner:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s. Make the company "
                        "%(customer)s the key account instead.",
                        contact=partner.display_name,
                        customer=partner.commercial_partner_id.display_name,
                    )
                )
            if account.active and account.state != "ended" and not partner.active:
                raise ValidationError(
                    self.env._(
                        "The customer %s is archived. Restore the customer before "
                        "you manage it as a key account.",
                        partner.display_name,
                    )
                )

    @api.constrains("manager_id", "deputy_id")
    def _check_responsible_users(self):
        for account in self:
            for user in account.manager_id | account.deputy_id:
                if user.share:
                    raise ValidationError(
                        self.env._(
                            "%s is a portal user and can't be responsible for a key "
                            "account.",
                            user.name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create key accounts; a ``tier_id`` becomes the first entry of its history.

        Where the user may not approve the tier, the account starts without one and
        the change waits for approval.
        """
        # A column of the board passes its tier as a default: it takes the same way.
        default_tier_id = self.env.context.get("default_tier_id", False)
        tiers = [vals.get("tier_id", default_tier_id) for vals in vals_list]
        bare_vals_list = [{**vals, "tier_id": False} for vals in vals_list]
        accounts = super().create(bare_vals_list)
        self.env["res.partner"]._forget_pricelists()
        accounts._join_group_of_parent_company(vals_list)
        accounts.pricelist_id._bind_to_key_accounts()
        accounts.action_refresh_figures()
        by_tier = {}
        for account, tier_id in zip(accounts, tiers, strict=True):
            if tier_id:
                by_tier.setdefault(tier_id, []).append(account.id)
        for tier_id, account_ids in by_tier.items():
            self.browse(account_ids)._propose_tier(
                self.env["key.account.tier"].browse(tier_id),
                self.env._("First tier of the key account"),
            )
        return accounts

    def write(self, vals):
        vals = dict(vals)
        new_tier = vals.pop("tier_id", None)
        result = super().write(vals) if vals else True
        self.env["res.partner"]._forget_pricelists()
        if vals.get("pricelist_id"):
            self.pricelist_id._bind_to_key_accounts()
        if new_tier is not None:
            self._write_tier(self.env["key.account.tier"].browse(new_tier or []))
        return result

    def _write_tier(self, tier):
        """Turn a written tier (a card dragged, an import) into an approved change."""
        accounts = self.filtered(lambda account: account.tier_id != tier)
        if not accounts:
            return
        if not (tier | accounts.tier_id)._user_may_approve():
            raise UserError(
                self.env._(
                    "You may not decide on this tier yourself. Open the key account "
                    "and propose the change with the button “Change Tier”."
                )
            )
        accounts._propose_tier(tier, self.env._("Tier set directly"))

    def _propose_tier(self, tier, reason, effective_date=None):
        """Propose a tier for these accounts, and approve it where the user may.

        :param tier: record of ``key.account.tier``, empty for no tier
        :param str reason: why, kept in the history
        :param effective_date: date from which it holds, today without it
        :return: the new ``key.account.tier.change`` records
        """
        changes = self.env["key.account.tier.change"].create(
            [
                {
                    "account_id": account.id,
                    "to_tier_id": tier.id,
                    "reason": reason,
                    "effective_date": effective_date
                    or fields.Date.context_today(account),
                }
                for account in self
            ]
        )
        approvable = changes.filtered(lambda change: change.user_may_approve)
        approvable.action_approve()
        return changes

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if self.sudo().with_context(active_test=False).tier_change_ids:
            raise UserError(
                self.env._(
                    "A key account with a tier history can't be deleted. End it or "
                    "archive it instead."
                )
            )

    def action_end(self):
        """End the individual management: terms of the tier no longer apply."""
        self.write({"state": "ended"})

    def action_activate(self):
        """Manage the customer (again) as an active key account."""
        self.write(
            {
                "state": "active",
                "active": True,
                "risk_reason": False,
                "risk_automatic": False,
            }
        )

    def action_set_at_risk(self):
        """Flag the account as at risk of being lost."""
        self.write({"state": "at_risk"})

    def action_change_tier(self):
        """Open the form in which a change of tier is proposed or made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Tier"),
            "res_model": "key.account.tier.change",
            "view_mode": "form",
            "views": [
                (
                    self.env.ref(
                        "key_account_management.key_account_tier_change_view_form_propose"
                    ).id,
                    "form",
                )
            ],
            "target": "new",
            "context": {"default_account_id": self.id},
        }

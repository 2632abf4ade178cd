# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountCreate(models.TransientModel):
    """Make one customer or many key accounts, with the same tier and people."""

    _name = "key.account.create"
    _description = "Make Key Account"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        check_company=True,
        default=lambda self: self._default_partner_ids(),
    )
    skipped_partner_ids = fields.Many2many(
        "res.partner",
        string="Key Accounts Already",
        compute="_compute_skipped_partner_ids",
    )
    state = fields.Selection(
        [("candidate", "Candidate"), ("active", "Active")],
        required=True,
        default="active",
    )
    phase = fields.Selection(
        selection=lambda self: self.env["key.account"]._fields["phase"].selection,
        default="keep",
    )
    segment_id = fields.Many2one("key.account.segment")
    manager_id = fields.Many2one(
        "res.users",
        string="Account Manager",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    deputy_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('company_ids', 'in', company_id), "
        "('id', '!=', manager_id)]",
    )

    @api.model
    def _default_partner_ids(self):
        """Take the selected customers; a contact stands for its company."""
        if self.env.context.get("active_model") != "res.partner":
            return self.env["res.partner"]
        ids = self.env.context.get("active_ids") or []
        return self.env["res.partner"].browse(ids).commercial_partner_id

    @api.depends("partner_ids", "company_id")
    def _compute_skipped_partner_ids(self):
        # sudo: finds the accounts of colleagues, ended and archived ones too; the
        # customers shown are those that the user has selected.
        KeyAccount = self.env["key.account"].sudo().with_context(active_test=False)
        for wizard in self:
            accounts = KeyAccount.search(
                [
                    ("partner_id", "in", wizard.partner_ids._origin.ids),
                    ("company_id", "=", wizard.company_id.id),
                ]
            )
            wizard.skipped_partner_ids = accounts.partner_id.sudo(self.env.su)

    def action_create_accounts(self):
        """Create the key accounts and open them.

        :raise UserError: where every customer is a key account already
        """
        self.ensure_one()
        partners = self.partner_ids - self.skipped_partner_ids
        if not partners:
            raise UserError(
                self.env._(
                    "All selected customers are already key accounts of %s.",
                    self.company_id.name,
                )
                if self.partner_ids
                else self.env._("Select at least one customer.")
            )
        accounts = self.env["key.account"].create(
            [self._prepare_account_values(partner) for partner in partners]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.key_account_action"
        )
        if len(accounts) == 1:
            action.update(views=[(False, "form")], res_id=accounts.id)
        else:
            action.update(domain=[("id", "in", accounts.ids)])
        action["context"] = {}
        return action

    def _prepare_account_values(self, partner):
        """Return the values of a customer's account; rooms above add theirs."""
        return {
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "state": self.state,
            "phase": self.phase,
            "segment_id": self.segment_id.id,
            "manager_id": self.manager_id.id,
            "deputy_id": self.deputy_id.id,
        }

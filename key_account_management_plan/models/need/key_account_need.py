# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountNeed(models.Model):
    """A need, wish or objection of a stakeholder, and what we make of it."""

    _name = "key.account.need"
    _description = "Need of a Stakeholder"
    _inherit = ["mail.thread", "mail.activity.mixin", "key.account.server.written"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _scope_fields = ("account_id", "stakeholder_id")

    account_id = fields.Many2one(
        "key.account",
        compute="_compute_account_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    stakeholder_id = fields.Many2one(
        "key.account.stakeholder",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('account_id', '=?', account_id)]",
    )
    kind = fields.Selection(
        [("need", "Need"), ("wish", "Wish"), ("objection", "Objection")],
        required=True,
        default="need",
    )
    name = fields.Char(string="What", required=True, tracking=True)
    note = fields.Text()
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_key_account_today(),
    )
    product_id = fields.Many2one("product.product", ondelete="set null")
    category_id = fields.Many2one(
        "product.category", string="Product Category", ondelete="set null"
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('type', '=', 'opportunity')]",
    )
    answer = fields.Char(help="What we answered or did.")
    state = fields.Selection(
        [("open", "Open"), ("worked_on", "Worked On"), ("done", "Met")],
        compute="_compute_state",
        store=True,
        help="Met when it was answered, or when its opportunity is won.",
    )

    @api.depends("stakeholder_id")
    def _compute_account_id(self):
        for need in self:
            need.account_id = need.stakeholder_id.account_id or need.account_id

    @api.depends("answer", "lead_id.won_status")
    def _compute_state(self):
        for need in self:
            # sudo: whether it was won, for every user who reads the need.
            status = need.lead_id.sudo().won_status
            if need.answer or status == "won":
                need.state = "done"
            else:
                need.state = "worked_on" if status == "pending" else "open"

    def action_new_opportunity(self):
        """Open a new opportunity about the need.

        :return: action with the form as a dialog
        :raise UserError: where there is one
        """
        self.ensure_one()
        self.check_access("write")
        if self.lead_id:
            raise UserError(self.env._("There is an opportunity for this already."))
        category = self.category_id or self.product_id.categ_id
        action = self.account_id._new_opportunity_action(
            category, self.env["key.account.competitor"]
        )
        context = {
            **action["context"],
            "default_name": self.name,
            "default_key_account_need_ids": [(4, self.id)],
        }
        if self.stakeholder_id.partner_id:
            context["default_partner_id"] = self.stakeholder_id.partner_id.id
        return {**action, "context": context}

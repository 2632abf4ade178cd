# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain

READERS = (
    "key_account_management.group_key_account_user,"
    "key_account_management.group_key_account_complaint"
)
OPEN = Domain("stage_kind", "not in", ("done", "cancelled"))


class KeyAccount(models.Model):
    """The complaints of an account, and what a critical one holds up."""

    _inherit = "key.account"

    complaint_ids = fields.One2many("key.account.complaint", "account_id")
    complaint_count = fields.Integer(
        compute="_compute_complaint_count", string="Open Complaints"
    )
    critical_complaint_count = fields.Integer(
        compute="_compute_critical_complaint_count",
        string="Open Critical Complaints",
    )

    @api.depends("complaint_ids.stage_kind")
    def _compute_complaint_count(self):
        counts = dict(
            self.env["key.account.complaint"]._read_group(
                OPEN & Domain("account_id", "in", self.ids),
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.complaint_count = counts.get(account, 0)

    @api.depends("complaint_ids.stage_kind", "complaint_ids.severity")
    def _compute_critical_complaint_count(self):
        counts = self._count_critical_complaints()
        for account in self:
            account.critical_complaint_count = counts.get(account.id, 0)

    def _count_critical_complaints(self):
        """Count the open critical complaints in one query.

        :return: dict of account id -> number
        """
        if not self.ids:
            return {}
        # sudo: that there is one holds things up, whoever asks; not what it is.
        groups = (
            self.env["key.account.complaint"]
            .sudo()
            ._read_group(
                OPEN
                & Domain(
                    [("account_id", "in", self.ids), ("severity", "=", "critical")]
                ),
                ["account_id"],
                ["__count"],
            )
        )
        return {account.id: count for account, count in groups}

    def action_view_complaints(self):
        """Open the complaints of the account."""
        self.ensure_one()
        return self.env["key.account.complaint"]._action_for(
            Domain("account_id", "=", self.id),
            {"default_partner_id": self.partner_id.id},
        )


class KeyAccountComplaint(models.Model):
    _inherit = "key.account.complaint"

    @api.model
    def _action_for(self, domain, context):
        """Return the action that opens some complaints, new ones prefilled."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.key_account_complaint_action"
        )
        action["domain"] = list(domain)
        action["context"] = context
        return action


class KeyAccountDocumentMixin(models.AbstractModel):
    _inherit = "key.account.document.mixin"

    complaint_count = fields.Integer(
        compute="_compute_complaint_count", groups=READERS, string="Complaints"
    )
    has_critical_complaint = fields.Boolean(
        compute="_compute_has_critical_complaint",
        groups="base.group_user",
        help="A critical complaint of the customer is open.",
    )

    def _complaint_field(self):
        """Return the complaint's field that names this kind of document."""
        raise NotImplementedError

    def _compute_complaint_count(self):
        fname = self._complaint_field()
        counts = dict(
            self.env["key.account.complaint"]._read_group(
                [(fname, "in", self.ids)], [fname], ["__count"]
            )
            if self.ids
            else ()
        )
        for doc in self:
            doc.complaint_count = counts.get(doc._origin, 0)

    def _compute_has_critical_complaint(self):
        # sudo: the clerk shall know that there is one, not read it.
        accounts = self.sudo().key_account_id
        counts = accounts._count_critical_complaints()
        for doc in self:
            doc.has_critical_complaint = counts.get(doc.sudo().key_account_id.id, 0) > 0

    def action_view_complaints(self):
        """Open the complaints about this document; a new one is about it, too."""
        self.ensure_one()
        fname = self._complaint_field()
        return self.env["key.account.complaint"]._action_for(
            Domain(fname, "=", self.id),
            {
                f"default_{fname}": self.id,
                "default_partner_id": self.partner_id.id,
            },
        )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    key_account_complaint_id = fields.Many2one(
        "key.account.complaint",
        string="Replacement for Complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=READERS,
    )

    def _complaint_field(self):
        return "order_id"

    @api.depends("key_account_id")
    def _compute_has_critical_complaint(self):
        return super()._compute_has_critical_complaint()


class AccountMove(models.Model):
    _inherit = "account.move"

    def _complaint_field(self):
        return "move_id"

    @api.depends("key_account_id")
    def _compute_has_critical_complaint(self):
        return super()._compute_has_critical_complaint()


class ResPartner(models.Model):
    _inherit = "res.partner"

    complaint_count = fields.Integer(
        compute="_compute_complaint_count", groups=READERS, string="Complaints"
    )

    def _compute_complaint_count(self):
        counts = {}
        if self.ids:
            # A contact shows those of its company.
            counts = dict(
                self.env["key.account.complaint"]._read_group(
                    [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
                    ["commercial_partner_id"],
                    ["__count"],
                )
            )
        for partner in self:
            partner.complaint_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_complaints(self):
        """Open the complaints of the customer's company."""
        self.ensure_one()
        return self.env["key.account.complaint"]._action_for(
            Domain("commercial_partner_id", "=", self.commercial_partner_id.id),
            {"default_partner_id": self.id},
        )


class KeyAccountTier(models.Model):
    _inherit = "key.account.tier"

    complaint_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours for Complaints",
        help="Deadlines of complaints count in these hours, those of the company "
        "where empty.",
    )


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_complaint_response_hours = fields.Float(
        string="Complaint Response (h)",
        default=8.0,
        help="Working hours until a complaint is answered, where no tier says so.",
    )
    key_account_complaint_resolution_hours = fields.Float(
        string="Complaint Resolution (h)",
        default=40.0,
        help="Working hours until a complaint is resolved, where no tier says so.",
    )
    key_account_complaint_check_days = fields.Integer(
        string="Check of Effectiveness after (Days)", default=30
    )

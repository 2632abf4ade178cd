# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain

#: Where a preference of a kind matters, unless a user says otherwise.
PLACES = {
    "delivery": ("on_order", "on_delivery"),
    "papers": ("on_order", "on_delivery"),
    "language": ("on_order", "on_invitation"),
    "gifts": ("on_invitation",),
    "dislike": ("on_invitation",),
    "other": (),
}


class KeyAccountPreference(models.Model):
    """What the customer, or one of its people, wants: told where it matters."""

    _name = "key.account.preference"
    _description = "Preference of a Key Account"
    _inherit = ["key.account.server.written"]
    _order = "sequence, id"
    _scope_fields = ("account_id",)

    account_id = fields.Many2one(
        "key.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    customer_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("delivery", "Delivery"),
            ("papers", "Papers"),
            ("language", "Language"),
            ("gifts", "Gifts"),
            ("dislike", "Dislikes"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    name = fields.Char(string="What to Know", required=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        ondelete="cascade",
        domain="[('commercial_partner_id', '=', customer_id)]",
        help="Whose preference it is. Empty: that of the whole customer.",
    )
    on_order = fields.Boolean(
        string="Orders",
        compute="_compute_places",
        store=True,
        readonly=False,
        precompute=True,
        help="Shown to everyone who writes an order of the customer.",
    )
    on_delivery = fields.Boolean(
        string="Deliveries",
        compute="_compute_places",
        store=True,
        readonly=False,
        precompute=True,
        help="Shown to everyone who prepares a delivery to the customer.",
    )
    on_invitation = fields.Boolean(
        string="Invitations",
        compute="_compute_places",
        store=True,
        readonly=False,
        precompute=True,
        help="Shown to those who invite people of the customer.",
    )

    @api.depends("kind")
    def _compute_places(self):
        for preference in self:
            for place in ("on_order", "on_delivery", "on_invitation"):
                preference[place] = place in PLACES.get(preference.kind, ())

    @api.depends("kind", "name", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for preference in self:
            text = f"{kinds.get(preference.kind, '')}: {preference.name or ''}"
            if preference.partner_id:
                text = f"{text} ({preference.partner_id.name})"
            preference.display_name = text

    @api.model
    def _find(self, accounts, place):
        """Return what is to be told of accounts at a place, in one query.

        :param accounts: ``key.account`` records
        :param str place: ``on_order``, ``on_delivery`` or ``on_invitation``
        :return: dict of account id -> preferences (sudo)
        """
        if not accounts:
            return {}
        # sudo: marked by those who know the customer as what others are to know here.
        found = self.sudo().search(
            Domain("account_id", "in", accounts.ids) & Domain(place, "=", True)
        )
        grouped = found.grouped("account_id").items()
        return {account.id: preferences for account, preferences in grouped}

    def _as_text(self):
        """Return one line for each preference."""
        return "\n".join(self.mapped("display_name"))

    def _of_person(self, partner):
        """Return what concerns a contact: the person's own, and the customer's."""
        return self.filtered(
            lambda each: not each.partner_id or each.partner_id == partner
        )

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .ledger_flow import BY_ORDER, current_flow

KINDS = [
    ("earn", "Earned"),
    ("spend", "Spent"),
    ("unspend", "Spending Reversed"),
    ("expire", "Expired"),
    ("claw_back", "Clawed Back"),
    ("gift", "Gift"),
    ("correction", "Correction"),
    ("referral", "Referral"),
]
#: What can change on an entry of the ledger after it was booked.
FREE_FIELDS = {"description", "key_account_reminded"}
#: What a line that core writes says about a movement of points.
CORE_FIELDS = ("description", "order_model", "order_id")


class LoyaltyHistory(models.Model):
    """The ledger of points: what happened, why, and what is left of it.

    For programs without settings for key accounts these are core's history lines.
    """

    _name = "loyalty.history"
    _inherit = ["loyalty.history", "key.account.server.written"]

    key_account_kind = fields.Selection(KINDS, string="Kind", readonly=True, index=True)
    key_account_date = fields.Date(
        string="Date",
        readonly=True,
        index=True,
        default=lambda self: self.env.company._get_key_account_today(),
        help="Day that counts for the expiry of these points.",
    )
    # Decimal, not binary: sums over thousands of entries are exact.
    key_account_points = fields.Float(
        compute="_compute_key_account_points",
        store=True,
        string="Points",
        digits=(16, 2),
        help="Positive if points came in.",
    )
    key_account_remaining = fields.Float(
        string="Remaining",
        readonly=True,
        digits=(16, 2),
        help="What is left to spend of these points. Negative: points that were "
        "taken back and not yet covered by other points.",
    )
    key_account_expiry_date = fields.Date(
        string="Expiry Date",
        readonly=True,
        index="btree_not_null",
        help="Last day to spend these points.",
    )
    key_account_move_id = fields.Many2one(
        "account.move",
        string="Invoice or Credit Note",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The document that caused the movement.",
    )
    key_account_cause = fields.Char(
        string="Cause",
        readonly=True,
        copy=False,
        help="Identifies the event, so that it is booked only once.",
    )
    key_account_origin_id = fields.Many2one(
        "loyalty.history",
        string="Belongs To",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The earning or spending that this movement takes back.",
    )
    # {product key: points} and {product key: amount} as they were when earned, so that
    # a later change of rules doesn't change what a credit note takes back.
    key_account_point_detail = fields.Json(string="Point Detail", readonly=True)
    # [[id of the entry, points]]: what a spending took, and from where.
    key_account_allocation = fields.Json(string="Allocation", readonly=True)
    key_account_is_open = fields.Boolean(
        string="Is Open",
        readonly=True,
        help="Points still follow their document: credits and payments change them.",
    )
    key_account_reminded = fields.Boolean(string="Reminded", readonly=True)
    key_account_ledger = fields.Boolean(
        related="card_id.program_id.key_account_ledger", store=True, index=True
    )
    key_account_program_id = fields.Many2one(
        related="card_id.program_id", store=True, index=True, precompute=True
    )
    key_account_partner_id = fields.Many2one(
        related="card_id.partner_id", store=True, index=True, string="Holder"
    )
    key_account_id = fields.Many2one(
        "key.account",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The key account that earned or spent the points; in a group with one "
        "balance it isn't the holder.",
    )
    key_account_source_name = fields.Char(
        compute="_compute_key_account_source_name", string="Source Document"
    )

    _cause_uniq = models.UniqueIndex(
        "(card_id, key_account_kind, COALESCE(order_model, ''), "
        "COALESCE(order_id, 0), key_account_cause) "
        "WHERE key_account_cause IS NOT NULL",
        "This movement of points is already in the ledger.",
    )

    _open_lots = models.Index("(card_id) WHERE key_account_remaining != 0")

    @api.model
    def _server_written_fields(self):
        ours = {name for name in self._fields if name.startswith("key_account_")}
        return super()._server_written_fields() | ours

    @api.model
    def _add_server_values(self, vals_list):
        """Give core's lines a kind, too."""
        return [
            {
                "key_account_kind": self._choose_core_kind(
                    vals.get("issued", 0.0), vals.get("used", 0.0), vals.get("order_id")
                ),
                **vals,
            }
            for vals in super()._add_server_values(vals_list)
        ]

    @api.depends("issued", "used")
    def _compute_key_account_points(self):
        for entry in self:
            entry.key_account_points = round(
                (entry.issued or 0.0) - (entry.used or 0.0), 2
            )

    @api.depends("order_model", "order_id", "key_account_move_id")
    def _compute_key_account_source_name(self):
        for model, entries in self.grouped("order_model").items():
            ids = [entry.order_id for entry in entries if entry.order_id]
            documents = self._readable_documents(model, ids)
            names = {document.id: document.display_name for document in documents}
            for entry in entries:
                entry.key_account_source_name = (
                    names.get(entry.order_id)
                    # sudo: readers of the ledger can know the number of the invoice.
                    or entry.sudo().key_account_move_id.name
                    or False
                )

    @api.model
    def _readable_documents(self, model, ids):
        """Return the documents behind entries that the reader has access to.

        :param model: as the entry says; an unknown one has no documents
        """
        if not ids or model not in self.env or self.env[model]._abstract:
            return self.browse()
        return self.env[model].browse(ids).exists()._filtered_access("read")

    @api.model
    def _search_by_document(self, documents, domain):
        """Return entries by the orders or invoices they come from, oldest first (sudo).

        :param domain: which of them
        """
        # sudo: points follow the document whatever rights its user has.
        return self.sudo().search(
            [
                ("order_model", "=", documents._name),
                ("order_id", "in", documents.ids),
                *domain,
            ],
            order="id",
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Create core's lines; those of a card with a ledger go through the ledger.

        Core's wizards write a line and the balance: here the line books itself, and
        the balance they write afterwards is the one that is there already.
        """
        Card = self.env["loyalty.card"]
        cards = Card.browse([vals["card_id"] for vals in vals_list])
        # sudo: to look at the program alone.
        ledger_ids = set(cards.sudo().filtered("key_account_ledger").ids)
        if not ledger_ids:
            return super().create(vals_list)
        if not self.env.su:
            self._check_client_entries(
                [vals for vals in vals_list if vals["card_id"] in ledger_ids]
            )
        entries = self.browse()
        for vals in vals_list:
            if vals["card_id"] not in ledger_ids:
                entries += super().create([vals])
            elif current_flow() is None:
                points = vals.get("issued", 0.0) - vals.get("used", 0.0)
                entries += Card.browse(vals["card_id"])._book(
                    points,
                    "gift" if points > 0 else "correction",
                    **{name: vals[name] for name in CORE_FIELDS if name in vals},
                )
        return entries

    @api.model
    def _check_client_entries(self, vals_list):
        """Refuse movements that the user isn't allowed to make.

        :param vals_list: of lines for cards with a ledger
        :raise AccessError: where the user can't write a card or its document
        """
        self.check_access("create")
        for vals in vals_list:
            self._refuse_server_written(self._server_written_fields() & vals.keys())
            card = self.env["loyalty.card"].browse(vals["card_id"])
            card.check_access("write")
            if current_flow() is None:
                card._check_points_by_hand(vals.get("issued", 0) - vals.get("used", 0))
            model, order_id = vals.get("order_model"), vals.get("order_id")
            if order_id and not self._readable_documents(model, [order_id]):
                raise AccessError(
                    self.env._("The movement names a document that you can't read.")
                )

    @api.model
    def _create_ledger(self, vals_list):
        """Write new entries of the ledger, which :meth:`create` doesn't let in."""
        return super().create(vals_list)

    def write(self, vals):
        if not FREE_FIELDS.issuperset(vals):
            self._refuse_change()
        return super().write(vals)

    def _write_ledger(self, vals):
        """Change entries of the ledger, which :meth:`write` doesn't allow."""
        return super().write(vals)

    def unlink(self):
        if current_flow() is BY_ORDER:
            # An order that is cancelled takes its points back by new entries.
            return super(
                LoyaltyHistory,
                self.filtered(lambda entry: not entry.sudo().key_account_ledger),
            ).unlink()
        self._refuse_change()
        return super().unlink()

    def _refuse_change(self):
        # sudo: to look at the program alone.
        ledger = self.sudo().filtered("key_account_ledger")
        if ledger:
            raise UserError(
                self.env._(
                    "Entries of the points ledger are never changed or deleted "
                    "(%(entry)s). Correct the balance on the card instead: the "
                    "difference becomes an entry of its own.",
                    entry=ledger[0].description,
                )
            )

    def _take_into_ledger(self):
        """Make lines of core's part of a ledger that opens: all of them are over."""
        for kind, entries in self.grouped(
            lambda entry: entry.key_account_kind or entry._get_core_kind()
        ).items():
            entries._write_ledger(
                {
                    "key_account_kind": kind,
                    "key_account_remaining": 0,
                    "key_account_is_open": False,
                }
            )

    def _get_core_kind(self):
        """Return what a line of core's would be in the ledger."""
        self.ensure_one()
        return self._choose_core_kind(self.issued, self.used, self.order_id)

    @api.model
    def _choose_core_kind(self, issued, used, order_id):
        """Choose the kind of a line of core's.

        :param float issued: points that came in
        :param float used: points that went out
        :param order_id: id of the order behind it, nothing by hand
        """
        incoming = (issued or 0.0) >= (used or 0.0)
        if order_id:
            return "earn" if incoming else "spend"
        return "gift" if incoming else "correction"

    def action_open_source(self):
        """Open the order, invoice or credit note behind the entry.

        :return: a window action
        :raise UserError: for a movement without a document
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: the document checks for itself, below.
        document = self.sudo().key_account_move_id.sudo(False)
        if self.order_id:
            document = self._readable_documents(self.order_model, [self.order_id])
        if not document:
            raise UserError(
                self.env._(
                    "This movement has no source document, or none that you can read."
                )
            )
        document.check_access("read")
        return document._get_records_action(context={})

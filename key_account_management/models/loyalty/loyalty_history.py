# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError

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
#: What may change on an entry of the ledger after it was booked, by anybody.
FREE_FIELDS = {"description", "reminded"}


class LoyaltyHistory(models.Model):
    """The ledger of points: what happened, why, and what is left of it.

    For programs without settings of key accounts these are core's history lines.
    """

    _inherit = "loyalty.history"

    kind = fields.Selection(KINDS, readonly=True, index=True)
    date = fields.Date(
        readonly=True,
        index=True,
        default=fields.Date.context_today,
        help="Day that counts for the expiry of these points.",
    )
    # Decimal, not binary: sums over thousands of entries are exact.
    points = fields.Float(
        compute="_compute_points",
        store=True,
        digits=(16, 2),
        help="Positive where points came in.",
    )
    remaining = fields.Float(
        readonly=True,
        digits=(16, 2),
        help="What is left to spend of these points. Below zero: clawed back and not "
        "covered by any points so far.",
    )
    expiry_date = fields.Date(
        readonly=True, index="btree_not_null", help="Last day to spend these points."
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice or Credit Note",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The document that caused the movement.",
    )
    cause = fields.Char(
        readonly=True,
        copy=False,
        help="Names the event, so that it is never booked twice.",
    )
    origin_id = fields.Many2one(
        "loyalty.history",
        string="Belongs To",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The earning or spending that this movement takes back.",
    )
    # {product key: points} and {product key: amount} as they were when earned, so that
    # a later change of rules doesn't change what a credit note takes back.
    point_detail = fields.Json(readonly=True)
    # [[id of the entry, points]]: what a spending took, and from where.
    allocation = fields.Json(readonly=True)
    is_open = fields.Boolean(
        readonly=True,
        help="Points still follow their document: credits and payments change them.",
    )
    reminded = fields.Boolean(readonly=True)
    is_point_ledger = fields.Boolean(
        related="card_id.program_id.is_point_ledger", store=True, index=True
    )
    program_id = fields.Many2one(
        related="card_id.program_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
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
    source_name = fields.Char(compute="_compute_source_name", string="Source Document")

    _cause_uniq = models.UniqueIndex(
        "(card_id, kind, COALESCE(order_model, ''), COALESCE(order_id, 0), cause) "
        "WHERE cause IS NOT NULL",
        "This movement of points is in the ledger already.",
    )

    _open_lots = models.Index("(card_id) WHERE remaining != 0")

    @api.depends("issued", "used")
    def _compute_points(self):
        for entry in self:
            entry.points = round((entry.issued or 0.0) - (entry.used or 0.0), 2)

    @api.depends("order_model", "order_id", "move_id")
    def _compute_source_name(self):
        for model, entries in self.grouped("order_model").items():
            ids = [entry.order_id for entry in entries if entry.order_id]
            # sudo: the number of a document is no secret to who reads the ledger.
            documents = (
                self.env[model].sudo().browse(ids).exists() if model else self.browse()
            )
            names = {document.id: document.display_name for document in documents}
            for entry in entries:
                entry.source_name = (
                    names.get(entry.order_id) or entry.sudo().move_id.name or False
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create entries; those of a ledger that come from outside go through it.

        Core's wizards write a line and the balance: here the line books itself, and
        the balance they write afterwards is the one that is there already.
        """
        if self.env.context.get("loyalty_ledger_booking"):
            return super().create(vals_list)
        Card = self.env["loyalty.card"]
        cards = Card.browse([vals["card_id"] for vals in vals_list])
        # sudo: who may write the line may have its program looked up.
        ledger_ids = set(cards.sudo().filtered("is_point_ledger").ids)
        if not ledger_ids:
            return super().create([self._with_kind(vals) for vals in vals_list])
        entries = self.browse()
        for vals in vals_list:
            if vals["card_id"] not in ledger_ids:
                entries += super().create([self._with_kind(vals)])
            elif not self.env.context.get("loyalty_ledger_by_order"):
                points = vals.get("issued", 0.0) - vals.get("used", 0.0)
                entries += Card.browse(vals["card_id"])._book(
                    points,
                    "gift" if points > 0 else "correction",
                    **{
                        name: vals[name]
                        for name in ("description", "order_model", "order_id")
                        if name in vals
                    },
                )
        return entries

    @api.model
    def _with_kind(self, vals):
        """Name the kind of a line of core's, too."""
        if vals.get("kind"):
            return vals
        incoming = vals.get("issued", 0.0) >= vals.get("used", 0.0)
        if vals.get("order_id"):
            kind = "earn" if incoming else "spend"
        else:
            kind = "gift" if incoming else "correction"
        return {**vals, "kind": kind}

    def write(self, vals):
        if not self.env.context.get("loyalty_ledger_booking") and not (
            FREE_FIELDS.issuperset(vals)
        ):
            self._refuse_change()
        return super().write(vals)

    def unlink(self):
        if self.env.context.get("loyalty_ledger_by_order"):
            # An order that is cancelled takes its points back by new entries.
            return super(
                LoyaltyHistory,
                self.filtered(lambda entry: not entry.sudo().is_point_ledger),
            ).unlink()
        self._refuse_change()
        return super().unlink()

    def _refuse_change(self):
        # sudo: to look at the program alone.
        ledger = self.sudo().filtered("is_point_ledger")
        if ledger:
            raise UserError(
                self.env._(
                    "Entries of the points ledger are never changed or deleted "
                    "(%(entry)s). Correct the balance on the card instead: the "
                    "difference becomes an entry of its own.",
                    entry=ledger[0].description,
                )
            )

    def action_open_source(self):
        """Open the order, invoice or credit note behind the entry."""
        self.ensure_one()
        model = self.order_model if self.order_id else "account.move"
        res_id = self.order_id or self.move_id.id
        if not model or not res_id:
            raise UserError(self.env._("This movement has no source document."))
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.terms.pricelist_xlsx import (
    KINDS,
    NUMBERS,
    NotAWorkbook,
    read_rows,
    to_day,
    to_number,
)
from ...models.terms.recheck_once import recheck_once
from ...models.tools.company_day import start_of_day


class KeyAccountPricelistImport(models.TransientModel):
    """Read a price list back from a workbook: a preview first, then all or nothing."""

    _name = "key.account.pricelist.import"
    _description = "Import a Price List"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    file = fields.Binary(string="Workbook", attachment=False)
    filename = fields.Char()
    remove_missing = fields.Boolean(
        string="Remove Rules That Are Not in the Workbook",
        help="Formula rules aren't in the workbook and are kept.",
    )
    state = fields.Selection(
        [("upload", "Upload"), ("preview", "Preview")], default="upload"
    )
    line_ids = fields.One2many("key.account.pricelist.import.line", "import_id")
    error_count = fields.Integer(readonly=True)
    change_count = fields.Integer(readonly=True)

    def action_preview(self):
        """Show what the workbook would change, and which rows are wrong."""
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a workbook first."))
        try:
            rows = read_rows(base64.b64decode(self.file))
        except NotAWorkbook as error:
            raise UserError(
                self.env._(
                    "This file can't be read as a workbook (.xlsx). Export the price "
                    "list, change it, and upload that file."
                )
            ) from error
        if not rows:
            raise UserError(self.env._("The workbook has no rows below its header."))
        self.line_ids.unlink()
        lines = self._check_rows(rows)
        if self.remove_missing:
            lines += self._missing_rules({line.get("item_id") for line in lines})
        self.line_ids = self.env["key.account.pricelist.import.line"].create(lines)
        self.write(
            {
                "state": "preview",
                "error_count": sum(line["kind"] == "error" for line in lines),
                "change_count": sum(
                    line["kind"] in ("new", "change", "remove") for line in lines
                ),
            }
        )
        return self._get_records_action(
            name=self.env._("Import a Price List"), target="new"
        )

    def _check_rows(self, rows):
        """Turn rows into previews; each names what is wrong with it."""
        items = {item.id: item for item in self._own_rules()}
        codes = {str(row["code"]).strip() for _number, row in rows if row["code"]}
        products = self.env["product.product"].search(
            [
                ("default_code", "in", list(codes)),
                ("company_id", "in", [False, self._get_company().id]),
            ]
        )
        by_code = products.grouped("default_code")
        seen, lines = {}, []
        for number, row in rows:
            values = {
                "import_id": self.id,
                "row": number,
                "product_text": row["product"],
            }
            try:
                values.update(self._check_row(row, items, by_code))
                key = values.pop("key")
                if key in seen:
                    raise ValueError(self.env._("Row %s has the same rule.", seen[key]))
                seen[key] = number
            except ValueError as error:
                values.pop("key", None)
                values.update(kind="error", message=str(error))
            lines.append(values)
        return lines

    def _check_row(self, row, items, by_code):
        """Return the values of one row's preview.

        :raise ValueError: with what is wrong, in words
        """
        numbers = {name: self._check_number(row[name]) for name in NUMBERS}
        try:
            start, end = to_day(row["start"]), to_day(row["end"])
        except ValueError:
            raise ValueError(self.env._("A date can't be read.")) from None
        if start and end and end < start:
            raise ValueError(self.env._("The rule ends before it begins."))
        price, discount = numbers["price"], numbers["discount"]
        if (price is None) == (discount is None):
            raise ValueError(self.env._("Enter either a price or a discount."))
        if (discount or 0) > 100:
            raise ValueError(self.env._("A discount can't be more than 100 %."))
        item, product = self._find_target(row, items, by_code)
        values = {
            "price": price or 0.0,
            "discount": discount or 0.0,
            "is_fixed": price is not None,
            "quantity": numbers["quantity"] or 0.0,
            "start": start,
            "end": end,
            "item_id": item.id,
            "product_id": product.id,
        }
        target = product.id or (item.product_tmpl_id.id, item.categ_id.id, item.id)
        changed = "change" if item and self._differs(item, values) else "same"
        return {
            **values,
            "kind": changed if item else "new",
            "old": item.price if item else False,
            "key": (target, values["quantity"], start, end),
        }

    def _check_number(self, cell):
        """Return the number of a cell, None where it is empty.

        :raise ValueError: with what is wrong, in words
        """
        try:
            number = to_number(cell)
        except ValueError:
            raise ValueError(self.env._("“%s” is not a number.", cell)) from None
        if (number or 0) < 0:
            raise ValueError(self.env._("“%s” is negative.", cell))
        return number

    def _find_target(self, row, items, by_code):
        """Return the rule and the product of a row."""
        product = self.env["product.product"]
        code = str(row["code"] or "").strip()
        if row["id"] not in (None, ""):
            try:
                item = items.get(int(row["id"]))
            except (TypeError, ValueError):
                item = None
            if not item:
                raise ValueError(
                    self.env._("This price list has no rule %s.", row["id"])
                )
            own = (item.product_id or item.product_tmpl_id).default_code or ""
            if code and code != own:
                raise ValueError(
                    self.env._(
                        "Rule %(rule)s is for “%(own)s”, not for “%(code)s”. Leave the "
                        "number of the rule empty for a new rule.",
                        rule=item.id,
                        own=own or item.name,
                        code=code,
                    )
                )
            return item, item.product_id
        found = by_code.get(code, product)
        if not code or not found:
            raise ValueError(self.env._("There is no product with code “%s”.", code))
        if len(found) > 1:
            raise ValueError(self.env._("Several products have the code “%s”.", code))
        return self.env["product.pricelist.item"], found

    def _own_rules(self):
        return self.pricelist_id.item_ids.filtered(
            lambda item: item.compute_price in KINDS
        )

    def _item_values(self, values):
        """Return the values of the rule for a row."""
        tz = self._get_company()._get_key_account_tz()
        start, end = values["start"], values["end"]
        return {
            "compute_price": "fixed" if values["is_fixed"] else "percentage",
            "fixed_price": values["price"],
            "percent_price": values["discount"],
            "min_quantity": values["quantity"],
            "date_start": start and start_of_day(start, tz),
            # The last second of the day.
            "date_end": end
            and start_of_day(end + timedelta(days=1), tz) - timedelta(seconds=1),
        }

    def _get_company(self):
        return self.pricelist_id.company_id or self.env.company

    def _differs(self, item, values):
        new = self._item_values(values)
        relevant = "fixed_price" if values["is_fixed"] else "percent_price"
        day_of = self._get_company()._to_key_account_day
        same_days = (
            day_of(item.date_start) if item.date_start else None,
            day_of(item.date_end) if item.date_end else None,
        ) == (values["start"], values["end"])
        return not same_days or any(
            item[name] != new[name]
            for name in ("compute_price", "min_quantity", relevant)
        )

    def _missing_rules(self, present):
        return [
            {
                "import_id": self.id,
                "kind": "remove",
                "item_id": item.id,
                "product_text": item.name,
                "old": item.price,
            }
            for item in self._own_rules()
            if item.id not in present
        ]

    def action_import(self):
        """Import the whole workbook, or nothing of it.

        :raise AccessError: for lists that aren't the user's to edit
        :raise UserError: while a row is wrong
        """
        self.ensure_one()
        self.pricelist_id.check_access("write")
        self.pricelist_id._check_key_account_editable()
        if self.line_ids.filtered(lambda line: line.kind == "error"):
            raise UserError(
                self.env._(
                    "Nothing was imported: %s rows are wrong. Correct them in the "
                    "workbook and upload it again.",
                    self.error_count,
                )
            )
        with recheck_once(self.pricelist_id):
            self._import_lines()
        self.pricelist_id.message_post(
            body=self.env._(
                "Imported from %(file)s: %(changes)s changes.",
                file=self.filename or self.env._("a workbook"),
                changes=self.change_count,
            )
        )
        return {"type": "ir.actions.act_window_close"}

    def _import_lines(self):
        """Write, create and delete the rules."""
        new = []
        for line in self.line_ids:
            values = self._item_values(line)
            if line.kind == "new":
                new.append(
                    {
                        **values,
                        "pricelist_id": self.pricelist_id.id,
                        "applied_on": "0_product_variant",
                        "product_tmpl_id": line.product_id.product_tmpl_id.id,
                        "product_id": line.product_id.id,
                    }
                )
            elif line.kind == "change":
                line.item_id.write(values)
        self.env["product.pricelist.item"].create(new)
        self.line_ids.filtered(lambda line: line.kind == "remove").item_id.unlink()


class KeyAccountPricelistImportLine(models.TransientModel):
    _name = "key.account.pricelist.import.line"
    _description = "Row of an Imported Price List"
    _order = "is_error desc, row, id"

    import_id = fields.Many2one(
        "key.account.pricelist.import", required=True, ondelete="cascade"
    )
    row = fields.Integer()
    kind = fields.Selection(
        [
            ("same", "Unchanged"),
            ("new", "New"),
            ("change", "Changed"),
            ("remove", "Removed"),
            ("error", "Wrong"),
        ],
        required=True,
    )
    is_error = fields.Boolean(compute="_compute_is_error", store=True)
    product_text = fields.Char(string="Product in the Workbook")
    item_id = fields.Many2one("product.pricelist.item", ondelete="cascade")
    product_id = fields.Many2one("product.product", ondelete="cascade")
    old = fields.Char(string="Now")
    is_fixed = fields.Boolean()
    price = fields.Float(digits="Product Price")
    discount = fields.Float()
    quantity = fields.Float(string="From Quantity")
    start = fields.Date()
    end = fields.Date()
    message = fields.Char(string="What Is Wrong")

    @api.depends("kind")
    def _compute_is_error(self):
        for line in self:
            line.is_error = line.kind == "error"

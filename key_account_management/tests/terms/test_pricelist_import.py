# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import base64
import io
from datetime import date

from openpyxl import Workbook, load_workbook

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from ...models.terms.pricelist_xlsx import write_rules
from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestPricelistImport(KeyAccountCommon, HttpCase):
    """A special price list is exported as a workbook and imported again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drill.default_code = "BS-18"
        cls.gloves.default_code = "=HS-1"
        cls.special = cls.env["product.pricelist"].create(
            {
                "name": "Sonderpreise",
                "company_id": cls.env.company.id,
                "key_account_only": True,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": cls.gloves.id,
                            "compute_price": "fixed",
                            "fixed_price": 8.0,
                            "min_quantity": 10,
                        }
                    ),
                    Command.create(
                        {"compute_price": "percentage", "percent_price": 4.0}
                    ),
                ],
            }
        )

    def wizard(self, rows, **values):
        book = Workbook()
        book.active.append(["head"])
        for row in rows:
            book.active.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        return self.as_user(
            self.director, self.env["key.account.pricelist.import"]
        ).create(
            {
                "pricelist_id": self.special.id,
                "file": base64.b64encode(buffer.getvalue()),
                **values,
            }
        )

    def test_there_and_back_changes_nothing(self):
        """Importing an unchanged export changes nothing; codes stay text."""
        new_test_user(
            self.env,
            login="d.preise",
            password="d.preise.2026",
            groups="key_account_management.group_key_account_director,"
            "base.group_allow_export",
        )
        self.authenticate("d.preise", "d.preise.2026")
        answer = self.url_open(f"/key_account/pricelist/{self.special.id}.xlsx")
        sheet = load_workbook(io.BytesIO(answer.content)).active
        cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        self.assertIn("=HS-1", [row[1] for row in cells])
        self.assertTrue(
            all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        )
        wizard = self.wizard(cells, remove_missing=True)
        wizard.action_preview()
        self.assertEqual(wizard.line_ids.mapped("kind"), ["same", "same"])

    def test_preview_then_import(self):
        """The preview shows a changed, a new and a removed price before the import."""
        fixed, percent = self.special.item_ids.sorted("compute_price")
        wizard = self.wizard(
            [
                [fixed.id, None, None, None, 10, 7.5, None, None, None],
                [None, "BS-18", None, None, None, None, 12.5, "2026-01-01", None],
            ],
            remove_missing=True,
        )
        wizard.action_preview()
        self.assertEqual(
            sorted(wizard.line_ids.mapped("kind")), ["change", "new", "remove"]
        )
        self.assertEqual(fixed.fixed_price, 8.0)
        wizard.action_import()
        self.assertEqual(fixed.fixed_price, 7.5)
        self.assertFalse(percent.exists())
        new = self.special.item_ids - fixed
        self.assertEqual((new.product_id, new.percent_price), (self.drill, 12.5))

    def test_every_bad_row_is_named_and_nothing_imported(self):
        """Every wrong row is named, and none of the good rows is imported."""
        fixed = self.special.item_ids.filtered(lambda i: i.compute_price == "fixed")
        foreign = self.gold_list.item_ids.id
        wizard = self.wizard(
            [
                [fixed.id, None, None, None, 10, 7.5, None, None, None],
                [None, "XX-99", None, None, 1, 5.0, None, None, None],
                [foreign, None, None, None, 1, 5.0, None, None, None],
                [None, "BS-18", None, None, 1, "billig", None, None, None],
                [None, "BS-18", None, None, 1, -5.0, None, None, None],
                [None, "BS-18", None, None, 1, 5.0, 5.0, None, None],
                [None, "BS-18", None, None, 1, None, 101.0, None, None],
                [None, "BS-18", None, None, 1, 5.0, None, "gestern", None],
                [None, "BS-18", None, None, 2, 5.0, None, "2026-02-01", "2026-01-01"],
                [None, "BS-18", None, None, 3, 5.0, None, None, None],
                [None, "BS-18", None, None, 3, 6.0, None, None, None],
            ]
        )
        wizard.action_preview()
        wrong = wizard.line_ids.filtered(lambda line: line.kind == "error")
        self.assertEqual(sorted(wrong.mapped("row")), [3, 4, 5, 6, 7, 8, 9, 10, 12])
        self.assertTrue(all(wrong.mapped("message")))
        with self.assertRefused("Nothing was imported: 9 rows"):
            wizard.action_import()
        self.assertEqual(fixed.fixed_price, 8.0)

    def test_no_workbook(self):
        """A text file is refused with a clear error."""
        wizard = self.wizard([])
        wizard.file = base64.b64encode(b"Preis;5,00")
        with self.assertRefused("can't be read as a workbook"):
            wizard.action_preview()

    def test_import_goes_through_the_approval(self):
        """A cheaper price imported by an account manager reopens the approval."""
        fixed = self.special.item_ids.filtered(lambda i: i.compute_price == "fixed")
        self.assertEqual(self.special.key_account_approval_state, "approved")
        file = self.wizard(
            [[fixed.id, None, None, None, 10, 2.0, None, None, None]]
        ).file
        Import = self.as_user(self.kam, self.env["key.account.pricelist.import"])
        wizard = Import.create({"pricelist_id": self.special.id, "file": file})
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(fixed.fixed_price, 2.0)
        self.assertEqual(self.special.key_account_approval_state, "draft")

    def test_ordinary_lists_are_not_the_managers(self):
        """An account manager can't import into an ordinary list."""
        file = self.wizard([[None, "BS-18", None, None, 1, 5.0, None, None, None]]).file
        Import = self.as_user(self.kam, self.env["key.account.pricelist.import"])
        wizard = Import.create({"pricelist_id": self.pricelist.id, "file": file})
        wizard.action_preview()
        with self.assertRaises(AccessError):
            wizard.action_import()

    def test_row_and_rule_disagree(self):
        """A row whose product isn't that of its rule is wrong."""
        item = self.special.item_ids.filtered("product_id")
        for code, kind in (("BS-18", "error"), ("=HS-1", "change"), ("", "change")):
            wizard = self.wizard([[item.id, code, "Handschuhe", None, 10, 7.5]])
            wizard.action_preview()
            self.assertEqual(wizard.line_ids.kind, kind, code)
        wizard = self.wizard([[item.id, "BS-18", "Handschuhe", None, 10, 7.5]])
        wizard.action_preview()
        self.assertIn("BS-18", wizard.line_ids.message)
        with self.assertRefused("Nothing was imported"):
            wizard.action_import()

    def test_days_are_those_of_the_company(self):
        """A rule from the last hour of the year in Greenwich begins on 1 January."""
        self.env.company.resource_calendar_id.tz = "Europe/Berlin"
        item = self.special.item_ids.filtered("product_id")
        item.write(
            {"date_start": "2026-12-31 23:00:00", "date_end": "2027-01-31 22:59:59"}
        )
        days = [date(2027, 1, 1), date(2027, 1, 31)]
        labels = [str(number) for number in range(9)]
        content = write_rules("Preise", labels, item, self.env.company)
        sheet = load_workbook(io.BytesIO(content)).active
        cells = [cell.value for cell in sheet[2]]
        self.assertEqual([day.date() for day in cells[7:9]], days)
        row = [item.id, "=HS-1", None, None, 10, 8.0, None, *days]
        wizard = self.wizard([row])
        wizard.action_preview()
        self.assertEqual(wizard.line_ids.kind, "same")
        new = [None, "BS-18", None, None, 5, 150.0, None, *days]
        wizard = self.wizard([row, new])
        wizard.action_preview()
        wizard.action_import()
        added = self.special.item_ids.filtered(lambda i: i.product_id == self.drill)
        self.assertEqual(
            (added.date_start, added.date_end), (item.date_start, item.date_end)
        )

    def test_one_check_and_one_note(self):
        """All rules of a list that change in one go are checked together."""
        self.special.item_ids.unlink()
        items = self.env["product.pricelist.item"].create(
            [
                {
                    "pricelist_id": self.special.id,
                    "applied_on": "0_product_variant",
                    "product_id": self.drill.id,
                    "compute_price": "fixed",
                    "fixed_price": 190.0,
                    "min_quantity": number,
                }
                for number in range(1, 61)
            ]
        )
        mine = self.as_user(self.kam, self.special)
        self.assertEqual(mine.key_account_approval_state, "approved")
        notes = len(self.special.message_ids)
        mine.item_ids = [
            Command.update(item.id, {"fixed_price": 100.0}) for item in items
        ]
        self.assertEqual(mine.key_account_approval_state, "draft")
        self.assertEqual(len(self.special.message_ids), notes + 1)
        wizard = self.wizard(
            [[item.id, "BS-18", None, None, item.min_quantity, 80.0] for item in items]
        )
        wizard.action_preview()
        wizard.action_import()
        # Saying what was imported; the approval was open already.
        self.assertEqual(len(self.special.message_ids), notes + 2)
        self.assertEqual(set(items.mapped("fixed_price")), {80.0})

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import base64
import io
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...wizards.tools import key_account_export
from ..common import KeyAccountCommon


class ExportCommon(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.manager_id = cls.kam
        cls.foreign = cls.make_account(cls.bergmann, tier_id=cls.silver.id)
        cls.foreign.manager_id = cls.kam2
        cls.kam.password = "jonas.reuter"

    def export(self, records, user=None, **context):
        """Call the list's action as a user; return its answer and the export."""
        model = self.as_user(user or self.kam)["key.account.export"]
        action = model.with_context(
            active_model=records._name, active_ids=records.ids, **context
        ).action_export()
        export_id = action.get("res_id") or action["url"].split("/")[-1][:-5]
        return action, self.env["key.account.export"].sudo().browse(int(export_id))

    def rows(self, content):
        book = load_workbook(io.BytesIO(content))
        return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


@tagged("post_install", "-at_install")
class TestExport(ExportCommon, HttpCase):
    """The workbook contains what the list shows, and nothing else."""

    def test_download(self):
        """The file has the list's columns, names for references, and no formulas."""
        self.account.partner_id.name = "=SUM(A1)"
        action, _export = self.export(self.account)
        self.authenticate("jonas.reuter", "jonas.reuter")
        answer = self.url_open(action["url"])
        self.assertIn("spreadsheet", answer.headers["Content-Type"])
        head, row = self.rows(answer.content)
        line = dict(zip(head, row, strict=True))
        self.assertEqual(line["Customer"], "=SUM(A1)")
        self.assertEqual(line["Account Manager"], "Jonas Reuter")
        self.assertEqual(line["Tier"], "Gold")
        book = load_workbook(io.BytesIO(answer.content))
        kinds = {cell.data_type for cell in book.worksheets[0][2]}
        self.assertNotIn("f", kinds)

    def test_action_of_every_list(self):
        """Every list has the export action, even if the user can't edit records."""
        actions = self.env["ir.actions.server"].search(
            [("code", "ilike", '["key.account.export"].action_export()')]
        )
        self.assertGreaterEqual(len(actions), 14)
        self.account.action_refresh_figures()
        for action in actions:
            name = action.model_id.model
            found = self.as_user(self.director, self.env[name]).search([], limit=3)
            answer = (
                action.with_user(self.director)
                .with_context(active_model=name, active_ids=found.ids)
                .run()
            )
            self.assertTrue(answer["url"].endswith(".xlsx"), name)

    def test_name_in_the_readers_language(self):
        """File and sheet are named in the user's language."""
        self.env["res.lang"]._activate_lang("de_DE")
        model = self.env["ir.model"]._get("key.account")
        model.with_context(lang="de_DE").name = "Kunden: Schlüssel/Gold"
        self.kam.lang = "de_DE"
        _action, export = self.export(self.account.with_context(lang="de_DE"))
        export.name = model.with_context(lang="de_DE").name
        book = load_workbook(io.BytesIO(export._get_content()))
        self.assertEqual(book.sheetnames, ["Kunden  Schlüssel Gold"])

    def test_own_accounts_only(self):
        """Users export only their own accounts, and can't open others' exports."""
        action, export = self.export(self.account | self.foreign)
        self.assertEqual(len(self.rows(export._get_content())), 2)
        with self.assertRaises(AccessError):
            self.as_user(self.kam2, export).read(["domain"])
        self.kam2.password = "miriam.vogt"
        self.authenticate("miriam.vogt", "miriam.vogt")
        self.assertEqual(self.url_open(action["url"]).status_code, 404)

    def test_closed_fields(self):
        """A request can't export a field that the user can't read."""
        export = self.as_user(self.kam)["key.account.export"].create(
            {
                "name": "Trial",
                "model_name": "key.account",
                "domain": "[]",
                "field_names": '["partner_id", "confidential_body"]',
            }
        )
        with self.assertRaises(AccessError):
            export._get_content()
        with self.assertRaises(AccessError):
            foreign = self.as_user(self.kam)["key.account.export"].create(
                {
                    "name": "Trial",
                    "model_name": "key.account",
                    "domain": "[]",
                    "field_names": '["partner_id"]',
                    "company_ids": self.other_company.ids,
                }
            )
            foreign._get_content()

    def test_kinds_of_values(self):
        """Amounts are written as numbers, and days as dates."""
        self.invoice_of(self.account)
        _action, export = self.export(self.env["key.account.kpi"].search([]))
        head, *rows = self.rows(export._get_content())
        self.assertTrue(rows)
        line = dict(zip(head, rows[0], strict=True))
        self.assertIsInstance(line["Revenue"], (int, float))
        self.assertEqual(line["Month"].day, 1)

    def invoice_of(self, account):
        self.make_invoice(account.partner_id, 120.0)
        account.action_refresh_figures()


@tagged("post_install", "-at_install")
class TestLongExport(ExportCommon):
    """Long exports are written by the scheduled action."""

    def run_cron(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "key_account_management.ir_cron_export"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_long_export_in_the_background(self):
        """A long export runs in the scheduled action and shows its progress."""
        with patch.object(key_account_export, "AT_ONCE", 0):
            action, export = self.export(self.account)
            self.assertEqual(action["res_model"], "key.account.export")
            self.assertEqual((export.state, export.progress), ("waiting", 0))
            self.run_cron()
        self.assertEqual((export.state, export.progress), ("done", 100))
        self.assertEqual(len(self.rows(base64.b64decode(export.content))), 2)

    def test_failure_is_shown(self):
        """A failed export says so; others continue."""
        with patch.object(key_account_export, "AT_ONCE", 0):
            _action, export = self.export(self.account)
            export.field_names = '["confidential_body"]'
            with mute_logger(key_account_export.__name__):
                self.run_cron()
        self.assertEqual(export.state, "failed")
        self.assertTrue(export.error)

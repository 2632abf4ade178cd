# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from pathlib import Path

from odoo.modules.migration import load_script
from odoo.tests import BaseCase, tagged

SCRIPT = "migrations/19.0.1.2.0/pre-migration.py"


@tagged("post_install", "-at_install")
class TestMigrationTexts(BaseCase):
    """Views, code and templates of users follow when our fields get other names."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = Path(__file__).parents[2] / SCRIPT
        cls.script = load_script(str(path), "key_account_rename_migration")

    def check(self, model, *texts, old=None, quote=None):
        """Check that texts come out of the migration, and stay so in a second run.

        They go in as ``old``, by default without the prefix of the new names.
        """
        for new in texts:
            with self.subTest(model=model, text=new):
                for text in (old or new.replace("key_account_", ""), new):
                    renamed = self.script._rename_in_text(
                        model, text, quote or self.script.QUOTE
                    )
                    self.assertEqual(renamed, new)

    def check_view(self, model, *texts):
        self.check(model, *texts, quote=self.script.QUOTE_IN_VIEW)

    def test_views(self):
        """Fields, buttons, labels and the targets of inherited views are renamed."""
        self.check_view(
            "loyalty.history",
            '<field name="key_account_date"/><field name="key_account_points"/>',
            "<label for='key_account_expiry_date'/>",
            """<xpath expr="//field[@name='key_account_kind']" position="after"/>""",
            '<span t-if="record.key_account_is_open.raw_value"/>',
        )
        self.check_view(
            "sale.order",
            '<button name="action_view_key_account_complaints" type="object"/>',
            '<button type="object" name="action_view_key_account_complaints"/>',
            '<field widget="badge" name="key_account_complaint_count"/>',
        )

    def test_filters_in_views(self):
        """Filters keep their own name; what they filter and group by is renamed."""
        self.check_view(
            "loyalty.history",
            """<filter name="kind" domain="[('key_account_kind', '=', 'x')]"/>""",
            """<filter name="m" context="{'group_by': 'key_account_date:month'}"/>""",
            """<filter name="date" date="key_account_date"/>""",
        )

    def test_views_in_several_languages(self):
        """All languages of a view are renamed, with a backslash before the quotes."""
        self.check_view(
            "loyalty.history",
            r'{"en_US": "<field name=\"key_account_date\" string=\"Day\"/>",'
            r' "de_DE": "<field name=\"key_account_date\" string=\"Tag\"/>'
            r'<label for=\"key_account_points\"/>"}',
        )

    def test_code(self):
        """Code of server actions names fields behind a dot or in quotes."""
        self.check(
            "loyalty.history",
            "records.write({'key_account_reminded': True, \"description\": 'x'})",
            "record.key_account_program_id.key_account_expiry_months",
            "record.card_id.key_account_ledger_points",
            "records.filtered(lambda entry: entry.key_account_remaining)",
        )
        self.check("loyalty.card", "record.history_ids.key_account_points")
        self.check("account.move", "if record.key_account_has_critical_complaint: x")

    def test_templates(self):
        """Mail templates follow fields of the object, in any language."""
        new = (
            r'{"en_US": "<t t-out=\"object.key_account_expiring_points\"/>", "de_DE":'
            r' "<t t-out=\"object.key_account_expiring_points\"/> bis'
            r' <t t-out=\"object.program_id.key_account_expiry_months\"/>"}'
        )
        old = new.replace("key_account_expiring_points", "points_expiring_soon")
        self.check("loyalty.card", new, old=old.replace("key_account_", ""))
        self.check(
            "account.move",
            "{{ object.key_account_settlement_points }} points, {{ object.name }}",
            old="{{ object.loyalty_settlement_points }} points, {{ object.name }}",
        )

    def test_filters(self):
        """Saved filters follow in the domain, the groups and the order."""
        self.check(
            "loyalty.history",
            "['&', ('key_account_is_open', '=', True), (\"id\", '>', 1)]",
            "[('card_id.key_account_owes_points', '=', True)]",
            "[('key_account_partner_id.name', 'ilike', 'Nordwind')]",
            "{'group_by': ['key_account_date:month', 'key_account_kind']}",
            '["key_account_date desc", "key_account_points asc", "id"]',
        )

    def test_what_stays(self):
        """Words, longer names and fields of the same name elsewhere are left alone."""
        for model, text in (
            ("sale.order", "object.date, object.points, [('date', '=', 1)]"),
            ("loyalty.card", "object.points, object.program_id.date_to, 'points'"),
            ("loyalty.history", "object.card_id.points, object.dates, 'issued'"),
            ("loyalty.history", "[('date_from', '=', 1), ('update.date', '=', 1)]"),
            ("loyalty.history", "<p>Your points and their expiry date: see kind.</p>"),
            ("account.move", "my_object.complaint_count"),
        ):
            self.check(model, text)
        self.check_view(
            "loyalty.program", '<field name="date"/><field name="date_to"/>'
        )
        self.check_view(
            "loyalty.history",
            '<field name="dates"/><field name="my_points"/>',
            '<group name="date" string="points" class="kind"/>',
            '{"en_US": "<p>The date and the points</p>"}',
        )

    def test_names(self):
        """Names are unambiguous: ours by the prefix, once, and never an old one."""
        for model, names in self.script.RENAMES.items():
            with self.subTest(model=model):
                for old, new in names.items():
                    prefix = "action_view_" if old.startswith("action_") else ""
                    self.assertTrue(new.startswith(f"{prefix}key_account_"), new)
                self.assertEqual(len(set(names.values())), len(names))
                self.assertFalse(set(names.values()) & set(names))
        self.assertLessEqual(set(self.script.PATHS.values()), set(self.script.RENAMES))

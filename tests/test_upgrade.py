# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Upgrade from the first version to this one with all its data."""

import ast
import re
import tarfile
from pathlib import Path

import pytest
from kamtool import database, postgres

NAME = "kam_pytest_upgrade"
MODULE = "key_account_management"
FIRST = Path(__file__).parent / "data" / f"{MODULE}-19.0.1.0.0.tar.xz"
# What users entered or the addon booked, which no update may change. Fields that are
# renamed by the upgrade have their new names here.
KEPT = """
    SELECT 'account', account.id::text, account.state, account.tier_id::text,
           account.manager_id::text, account.revenue_12m::text, account.phase
      FROM key_account account
     UNION ALL
    SELECT 'tier change', id::text, state, to_tier_id::text, reason,
           effective_date::text, ''
      FROM key_account_tier_change
     UNION ALL
    SELECT 'month', account_id::text, month::text, revenue::text, margin::text,
           order_count::text, ''
      FROM key_account_kpi
     UNION ALL
    SELECT 'agreement', id::text, name, state, date_start::text, date_end::text, ''
      FROM key_account_agreement
     UNION ALL
    SELECT 'complaint', id::text, name, stage_id::text, cost::text,
           response_deadline::text, resolution_type
      FROM key_account_complaint
     UNION ALL
    SELECT 'points', id::text, issued::text, used::text, key_account_kind,
           key_account_expiry_date::text,
           concat_ws(' ', key_account_date, key_account_points, key_account_remaining,
                     key_account_move_id, key_account_origin_id, key_account_cause,
                     key_account_is_open, key_account_program_id,
                     key_account_partner_id, key_account_allocation,
                     key_account_point_detail)
      FROM loyalty_history
     UNION ALL
    SELECT 'card', id::text, points::text, key_account_ledger::text,
           key_account_statement_date::text, '', ''
      FROM loyalty_card
     UNION ALL
    SELECT 'program', id::text, accrual_moment, key_account_expiry_months::text,
           key_account_settlement_value::text, key_account_balance_scope,
           concat_ws(' ', key_account_reminder_days, key_account_enrolment,
                     key_account_statement_interval, key_account_settlement_minimum,
                     key_account_referral_points, key_account_ledger)
      FROM loyalty_program
     UNION ALL
    SELECT 'field', id::text, model, ttype, '', '', ''
      FROM ir_model_fields
     WHERE model = 'loyalty.history'
           AND name IN ('key_account_kind', 'key_account_move_id')
     UNION ALL
    SELECT 'selection', option.id::text, option.value, '', '', '', ''
      FROM ir_model_fields_selection option
      JOIN ir_model_fields field ON field.id = option.field_id
     WHERE field.model = 'loyalty.history' AND field.name = 'key_account_kind'
     UNION ALL
    SELECT 'order', id::text, state, key_account_id::text, amount_total::text, '', ''
      FROM sale_order
     UNION ALL
    SELECT 'invoice', id::text, state, key_account_id::text,
           key_account_cost::text, amount_total::text, ''
      FROM account_move
"""
MIGRATION = Path(__file__).parents[1] / MODULE / "migrations/19.0.1.2.0"
RULES = f"""
    SELECT data.name, replace(rule.domain_force, '|', 'or') FROM ir_rule rule
      JOIN ir_model_data data ON data.model = 'ir.rule' AND data.res_id = rule.id
     WHERE data.module = '{MODULE}' AND data.name LIKE '%portal'
"""


MANAGERS = f"""
    SELECT COUNT(*) FROM rule_group_rel
      JOIN ir_model_data rule ON rule.model = 'ir.rule'
           AND rule.res_id = rule_group_rel.rule_group_id
           AND rule.module = '{MODULE}'
           AND rule.name LIKE 'rule_product_pricelist%_sale_manager'
      JOIN ir_model_data managers ON managers.model = 'res.groups'
           AND managers.res_id = rule_group_rel.group_id
           AND managers.name = 'group_product_manager'
"""


# Rules of the team ask whether the account manager has accepted its members.
TEAM_RULES = """
    SELECT COUNT(*) FILTER (WHERE domain_force LIKE '%team_member_ids.user_id%'),
           COUNT(*) FILTER (WHERE domain_force LIKE '%is_accepted%') > 20
      FROM ir_rule
"""
LEFT_OUT = "SELECT COUNT(*) FROM key_account_team_member WHERE NOT is_accepted"


@pytest.fixture
def first_version(tmp_path):
    """Make a database with the first version and its demo data."""
    with tarfile.open(FIRST) as archive:
        archive.extractall(tmp_path, filter="data")
    database.copy(database.ensure_core(), NAME)
    command, env = database.odoo_command("server")
    path = next(part for part in command if part.startswith("--addons-path="))
    folders = path.partition("=")[2].split(",")
    old = [str(tmp_path), *(f for f in folders if not (Path(f) / MODULE).exists())]
    # Addons newer than the first version were unknown to its database.
    for table, prefix in (("ir_model_data", "module_"), ("ir_module_module", "")):
        postgres.sql(
            f"DELETE FROM {table} WHERE starts_with(name, '{prefix}{MODULE}_')", NAME
        )
    run(["-i", MODULE, "--with-demo"], ",".join(old))
    yield
    database.drop(NAME)


def run(arguments, path=None):
    """Run Odoo until it ends, optionally with another addons path."""
    said = database.run_odoo(
        [
            "server",
            "-d",
            NAME,
            *arguments,
            "--stop-after-init",
            "--no-http",
        ],
        "upgrading",
        addons_path=path,
    )
    wrong = [line for line in said.splitlines() if " ERROR " in line]
    assert not wrong, wrong[:3]


def renames():
    """Return the fields that the migration renames: model -> old -> new name."""
    tree = ast.parse((MIGRATION / "pre-migration.py").read_text())
    [value] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "RENAMES"
    ]
    return ast.literal_eval(value)


def kept(is_old=False):
    query = KEPT
    if is_old:
        # The first version knows the fields by their old names.
        for names in renames().values():
            for old, new in names.items():
                query = re.sub(rf"\b{new}\b", old, query)
    return {tuple(row) for row in postgres.sql(query, NAME)}


def put_names_into_texts():
    """Store field names in a filter, a view and an export, as users would."""
    postgres.sql(
        """
        INSERT INTO ir_filters (name, model_id, domain, context, sort, active)
             VALUES ('Mine', 'loyalty.history', $$[('kind', '=', 'earn')]$$,
                     $${'group_by': ['date:month', 'card_id.is_point_ledger']}$$,
                     '["expiry_date desc"]', TRUE);
        INSERT INTO ir_ui_view (name, model, type, mode, priority, active, arch_db)
             VALUES ('Mine', 'loyalty.history', 'list', 'primary', 99, TRUE,
                     jsonb_build_object('en_US',
                         '<list><field name="date" widget="date" /></list>'));
        WITH export AS (
            INSERT INTO ir_exports (name, resource) VALUES ('Mine', 'loyalty.program')
            RETURNING id
        )
        INSERT INTO ir_exports_line (export_id, name)
        SELECT id, 'expiry_months' FROM export
        """,
        NAME,
    )


def check_new_names():
    """The old names are gone from columns, fields and texts; data are kept."""
    for model, names in renames().items():
        gone = "', '".join(names)
        for query in (
            "SELECT column_name FROM information_schema.columns WHERE table_name = "
            f"'{model.replace('.', '_')}' AND column_name IN ('{gone}')",
            f"SELECT name FROM ir_model_fields WHERE model = '{model}'"
            f" AND name IN ('{gone}')",
        ):
            assert postgres.sql(query, NAME) == []
    [[domain, context, sort]] = postgres.sql(
        "SELECT domain, context, sort FROM ir_filters WHERE name = 'Mine'", NAME
    )
    assert domain == "[('key_account_kind', '=', 'earn')]"
    assert "['key_account_date:month', 'card_id.key_account_ledger']" in context
    assert sort == '["key_account_expiry_date desc"]'
    [[arch]] = postgres.sql(
        "SELECT arch_db->>'en_US' FROM ir_ui_view WHERE name = 'Mine'", NAME
    )
    assert '"key_account_date"' in arch and 'widget="date"' in arch
    assert postgres.sql("SELECT name FROM ir_exports_line", NAME) == [
        ["key_account_expiry_months"]
    ]
    texts = str(postgres.sql("SELECT body_html, subject FROM mail_template", NAME))
    assert "entry.key_account_points" in texts
    assert "object.key_account_expiring_points" in texts
    assert not re.search(r"entry\.(date|points)|\.expiry_reminder_days", texts)
    indexes = str(
        postgres.sql(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'loyalty_history'", NAME
        )
    )
    assert indexes.count("(key_account_move_id)") == 1, indexes


def test_data_survives(first_version):
    """All figures, terms, points and complaints are kept; access rules are new."""
    before = kept(is_old=True)
    assert len(before) > 500
    put_names_into_texts()
    assert not any("portal_role" in rule[1] for rule in postgres.sql(RULES, NAME))
    run(["-u", MODULE])
    after = kept()
    assert sorted(before - after) == []
    assert sorted(after - before) == []
    rules = dict(postgres.sql(RULES, NAME))
    for name in (
        "rule_key_account_agreement_portal",
        "rule_key_account_commitment_portal",
    ):
        assert "portal_role" in rules[name], name
    assert "is_own_key_account_list" in rules["rule_product_pricelist_portal"]
    assert postgres.sql(MANAGERS, NAME) == [["2"]]
    assert postgres.sql(TEAM_RULES, NAME) == [["0", "t"]]
    assert postgres.sql(LEFT_OUT, NAME) == [["0"]]
    check_new_names()
    version = postgres.sql(
        f"SELECT latest_version FROM ir_module_module WHERE name = '{MODULE}'", NAME
    )
    manifest = (Path(__file__).parents[1] / MODULE / "__manifest__.py").read_text()
    assert f'"version": "{version[0][0]}"' in manifest

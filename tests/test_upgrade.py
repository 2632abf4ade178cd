# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""From the first version to this one, with everything that was in it."""

import tarfile
from pathlib import Path

import pytest
from kamtool import database, postgres

NAME = "kam_pytest_upgrade"
MODULE = "key_account_management"
FIRST = Path(__file__).parent / "data" / f"{MODULE}-19.0.1.0.0.tar.xz"
# Whatever users entered or the addon booked; written over by no update.
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
    SELECT 'points', id::text, issued::text, used::text, kind, expiry_date::text, ''
      FROM loyalty_history
     UNION ALL
    SELECT 'order', id::text, state, key_account_id::text, amount_total::text, '', ''
      FROM sale_order
     UNION ALL
    SELECT 'invoice', id::text, state, key_account_id::text,
           key_account_cost::text, amount_total::text, ''
      FROM account_move
"""
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


@pytest.fixture
def first_version(tmp_path):
    """A database made by the first version, with its demo data."""
    with tarfile.open(FIRST) as archive:
        archive.extractall(tmp_path, filter="data")
    database.copy(database.ensure_core(), NAME)
    command, env = database.odoo_command("server")
    path = next(part for part in command if part.startswith("--addons-path="))
    folders = path.partition("=")[2].split(",")
    old = [str(tmp_path), *(f for f in folders if not (Path(f) / MODULE).exists())]
    # Addons that came later than the first version were unknown to its database.
    for table, prefix in (("ir_model_data", "module_"), ("ir_module_module", "")):
        postgres.sql(
            f"DELETE FROM {table} WHERE starts_with(name, '{prefix}{MODULE}_')", NAME
        )
    run(["-i", MODULE, "--with-demo"], ",".join(old))
    yield
    database.drop(NAME)


def run(arguments, path=None):
    """Run Odoo to its end, with another addons path where one is given."""
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


def kept():
    return {tuple(row) for row in postgres.sql(KEPT, NAME)}


def test_data_survives(first_version):
    """Every figure, term, point and complaint is there as it was; the rules are new."""
    before = kept()
    assert len(before) > 500
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
    version = postgres.sql(
        f"SELECT latest_version FROM ir_module_module WHERE name = '{MODULE}'", NAME
    )
    manifest = (Path(__file__).parents[1] / MODULE / "__manifest__.py").read_text()
    assert f'"version": "{version[0][0]}"' in manifest

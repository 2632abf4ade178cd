# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Install, uninstall, install again, and add Inventory later."""

import pytest
from kamtool import database, postgres

NAME = "kam_pytest_install"
MODULE = "key_account_management"
# All parts of a database, read from the tables of Odoo and PostgreSQL.
SCHEMA = """
    SELECT 'column', table_name || '.' || column_name || ' ' || udt_name || ' '
           || is_nullable
      FROM information_schema.columns WHERE table_schema = 'public'
     UNION ALL
    SELECT 'constraint', conrelid::regclass || '.' || conname
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
     UNION ALL
    SELECT 'index', tablename || '.' || indexname
      FROM pg_indexes WHERE schemaname = 'public'
     UNION ALL
    SELECT 'trigger', tgrelid::regclass || '.' || tgname
      FROM pg_trigger WHERE NOT tgisinternal
     UNION ALL
    SELECT 'function', proname
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace
     UNION ALL
    SELECT 'view', view_name FROM (
        SELECT COALESCE(data.module || '.' || data.name, ui.name) AS view_name
          FROM ir_ui_view ui LEFT JOIN ir_model_data data
            ON data.model = 'ir.ui.view' AND data.res_id = ui.id) seen
     UNION ALL
    SELECT 'record', model || ' ' || module || '.' || name
      FROM ir_model_data WHERE module != '__export__'
     UNION ALL
    SELECT 'cron', cron_name FROM ir_cron
     UNION ALL
    SELECT 'parameter', key FROM ir_config_parameter
     UNION ALL
    SELECT 'selection', field.model || '.' || field.name || '=' || selection.value
      FROM ir_model_fields_selection selection
      JOIN ir_model_fields field ON field.id = selection.field_id
"""

# What Odoo leaves behind for every addon: its list of modules, what its data check
# wrote, and names that Odoo's mixins gave to deleted records.
BOOKKEEPING = (
    "parameter ",
    "record ir.module.module ",
    "record ir.model.inherit ",
    "record ir.model.fields.selection ",
)


def content():
    """Return everything that the database contains."""
    return {" ".join(row) for row in postgres.sql(SCHEMA, NAME)}


@pytest.fixture
def fresh():
    """Drop the test's database, even after a failure."""
    yield
    database.drop(NAME)


def uninstall():
    script = f"""
env["ir.module.module"].search([("name", "=", "{MODULE}")]).button_immediate_uninstall()
"""
    return database.run_odoo(
        ["shell", "-d", NAME, "--no-http"], "uninstalling the addon", script=script
    )


SPECIAL = """
tier = env["key.account.tier"].search([], limit=1)
Pricelist, Program = env["product.pricelist"], env["loyalty.program"]
special = Pricelist.create({"name": "Nur für uns", "key_account_only": True})
usual = Pricelist.create({"name": "Alle"})
values = {"program_type": "loyalty", "applies_on": "both", "trigger": "auto"}
Program.create({"name": "Gold", "key_account_tier_ids": tier.ids, **values})
Program.create({"name": "Jeder", **values})
for model, domain in (
    ("sale.order", [("key_account_id", "!=", False)]),
    ("crm.lead", [("partner_id.key_account_manager_id", "=", 2)]),
    ("loyalty.program", [("accrual_moment", "=", "invoice_paid")]),
    ("key.account", [("state", "=", "active")]),
    ("sale.order", [("name", "like", "S")]),
):
    env["ir.filters"].create(
        {"name": f"Meine {model}", "model_id": model, "domain": str(domain)}
    )
env.cr.commit()
"""


HISTORY = """
program = env["loyalty.program"].create({"name": "Alt", "program_type": "loyalty"})
card = env["loyalty.card"].create({"program_id": program.id})
lines = env["loyalty.history"].create(
    [
        {"card_id": card.id, "description": "Alt", "issued": 5.0},
        {"card_id": card.id, "description": "Alt", "used": 2.0, "order_id": 7,
         "order_model": "sale.order"},
    ]
)
env.flush_all()
env.cr.execute(
    "UPDATE loyalty_history SET create_date = '2024-05-17 10:00' WHERE id = ANY(%s)",
    [lines.ids],
)
env.cr.commit()
"""


def run(script, failure):
    database.run_odoo(["shell", "-d", NAME, "--no-http"], failure, script=script)


def check_history():
    """History that is there at the installation has its own day and kind."""
    rows = postgres.sql(
        "SELECT key_account_date, key_account_kind FROM loyalty_history "
        "WHERE description = 'Alt' ORDER BY id",
        NAME,
    )
    assert rows == [["2024-05-17", "gift"], ["2024-05-17", "spend"]]


def check_nothing_is_opened():
    """What was for key accounts alone is archived; filters that would break go."""
    lists = postgres.sql(
        "SELECT active FROM product_pricelist WHERE name->>'en_US' IN "
        "('Nur für uns', 'Alle') ORDER BY name->>'en_US'",
        NAME,
    )
    assert lists == [["t"], ["f"]]
    programs = postgres.sql(
        "SELECT active FROM loyalty_program WHERE name->>'en_US' IN ('Gold', 'Jeder') "
        "ORDER BY name->>'en_US'",
        NAME,
    )
    assert programs == [["f"], ["t"]]
    filters = postgres.sql(
        "SELECT domain FROM ir_filters WHERE name LIKE 'Meine %'", NAME
    )
    assert filters == [["[('name', 'like', 'S')]"]]
    told = postgres.sql(
        "SELECT COUNT(*) FROM mail_message WHERE body LIKE '%was uninstalled%'", NAME
    )
    assert int(told[0][0]) == 2


def test_uninstalling_leaves_core_as_it_was(fresh):
    """Uninstalling removes everything of ours only, and reinstalling works.

    It opens nothing that was for key accounts alone. Without demo data: a company and
    its posted documents can't be deleted.
    """
    database.copy(database.ensure_core(demo=False), NAME)
    run(HISTORY, "making a history")
    before = content()
    database.install(NAME, demo=False)
    assert len(content() - before) > 1000
    check_history()
    run(SPECIAL, "making special terms")
    said = uninstall()
    assert [line for line in said.splitlines() if " ERROR " in line] == []
    check_nothing_is_opened()
    after = content()
    assert sorted(before - after) == []
    left = {line for line in after - before if not line.startswith(BOOKKEEPING)}
    assert sorted(left) == []
    database.install(NAME, demo=False)
    assert postgres.sql("SELECT COUNT(*) FROM key_account_tier", NAME) != [["0"]]


def add(*modules):
    database.run_odoo(
        ["server", "-d", NAME, "-i", ",".join(modules), "--stop-after-init"]
        + ["--with-demo", "--no-http"],
        f"installing {modules[0]}",
    )


@pytest.mark.parametrize("first", ["addon", "inventory"])
def test_demo_company_ships_its_year(fresh, first):
    """The demo company has deliveries, whichever of addon and Inventory is first."""
    if first == "addon":
        database.copy(database.ensure_addon(), NAME)
        add("sale_stock")
    else:
        # Odoo installs both at once, Inventory first.
        database.copy(database.ensure_core(), NAME)
        add("sale_stock", MODULE)
    states = postgres.sql(
        f"SELECT state FROM ir_module_module WHERE name = '{MODULE}_stock'", NAME
    )
    assert states == [["installed"]]
    done, waiting, unplanned = postgres.sql(
        """
        SELECT COUNT(*) FILTER (WHERE picking.state = 'done'),
               COUNT(*) FILTER (WHERE picking.state = 'assigned'),
               (SELECT COUNT(*) FROM sale_order_line line
                 WHERE line.company_id = warehouse.company_id AND line.state = 'sale'
                   AND line.qty_delivered_method = 'stock_move'
                   AND NOT EXISTS (
                       SELECT 1 FROM stock_move WHERE sale_line_id = line.id))
          FROM stock_warehouse warehouse
          JOIN stock_picking picking ON picking.company_id = warehouse.company_id
         WHERE warehouse.code = 'HANSA'
      GROUP BY warehouse.id
        """,
        NAME,
    )[0]
    assert int(done) > 100 and int(waiting) > 0 and int(unplanned) == 0
    rates = postgres.sql(
        "SELECT otif_rate_12m FROM key_account WHERE due_line_count_12m > 0", NAME
    )
    assert len(rates) > 5

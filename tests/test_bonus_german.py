# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""With the German charts bonuses come with their accounts."""

import json
import subprocess

import pytest
from kamtool import database

NAME = "kam_pytest_bonus_german"
SCRIPT = """
import json
found = {}
for template in ("de_skr03", "de_skr04"):
    company = env["res.company"].create(
        {"name": template, "country_id": env.ref("base.de").id})
    env.user.company_ids += company
    env["account.chart.template"].try_loading(template, company=company)
    Tax = env["account.tax"].with_company(company)
    accounts = [company.key_account_rebate_account_id,
                company.key_account_rebate_accrual_account_id]
    for rate in (19, 7):
        tax = Tax.search([("company_id", "=", company.id), ("amount", "=", rate),
                          ("type_tax_use", "=", "sale")], order="sequence, id", limit=1)
        accounts.append(company._get_rebate_account(tax))
    accounts.append(company._get_rebate_account(Tax))
    found[template] = [account.with_company(company).code for account in accounts]
print("FOUND " + json.dumps(found))
"""


@pytest.fixture
def german_database():
    """A database with Odoo's German localisation."""
    database.copy(database.ensure_addon(demo=False), NAME)
    database.run_odoo(
        ["server", "-d", NAME, "-i", "l10n_de", "--stop-after-init", "--no-http"],
        "installing l10n_de",
    )
    yield
    database.drop(NAME)


def test_accounts_of_the_german_charts(german_database):
    """Granted volume discounts by tax, other provisions for what is owed."""
    command, env = database.odoo_command("shell", "-d", NAME, "--no-http")
    done = subprocess.run(
        command, input=SCRIPT, capture_output=True, text=True, env=env
    )
    line = next(
        (line for line in done.stdout.splitlines() if line.startswith("FOUND ")), None
    )
    assert line, done.stderr[-2000:]
    assert json.loads(line.removeprefix("FOUND ")) == {
        "de_skr03": ["8769", "0970", "8760", "8750", "8769"],
        "de_skr04": ["4700", "3070", "4760", "4750", "4700"],
    }

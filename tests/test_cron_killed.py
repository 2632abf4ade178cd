# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The nightly figures recover from being killed, and count nothing twice."""

import subprocess
import time

import pytest
from kamtool import database, postgres

NAME = "kam_pytest_cron_killed"
# Batches of one, so that the job can be killed halfway.
RUN = """
from odoo.addons.key_account_management.models.figures import key_account_kpi
key_account_kpi.BATCH = 1
env.ref("key_account_management.ir_cron_update_figures").method_direct_trigger()
env.cr.commit()
"""
# The sum of the invoices themselves, and the sum of the monthly rows.
BY_INVOICES = """
    SELECT account.id, COALESCE(SUM(move.amount_untaxed_signed), 0)::text
      FROM key_account account
 LEFT JOIN account_move move ON move.commercial_partner_id = account.partner_id
       AND move.company_id = account.company_id AND move.state = 'posted'
       AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
  GROUP BY account.id ORDER BY account.id"""
BY_MONTHS = """
    SELECT account.id, COALESCE(SUM(kpi.revenue), 0)::text
      FROM key_account account
 LEFT JOIN key_account_kpi kpi ON kpi.account_id = account.id
  GROUP BY account.id ORDER BY account.id"""


def amounts(query):
    """Return account -> revenue, as exact text without trailing zeros."""
    return {row[0]: float(row[1]) for row in postgres.sql(query, NAME)}


def left_in_queue():
    return int(postgres.sql("SELECT COUNT(*) FROM key_account_kpi_queue", NAME)[0][0])


@pytest.fixture
def stale_database():
    """Make a copy of the demo data with all figures wrong and queued."""
    database.copy(database.ensure_addon(), NAME)
    postgres.sql("UPDATE key_account_kpi SET revenue = 1, margin = 1", NAME)
    postgres.sql("DELETE FROM key_account_kpi_queue", NAME)
    postgres.sql(
        """INSERT INTO key_account_kpi_queue (account_id, month)
           SELECT account.id, month FROM key_account account, generate_series(
               date_trunc('month', now()) - interval '15 months',
               date_trunc('month', now()), '1 month') month""",
        NAME,
    )
    yield
    database.drop(NAME)


def start():
    command, env = database.odoo_command("shell", "-d", NAME, "--no-http")
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=env,
        text=True,
    )
    process.stdin.write(RUN)
    process.stdin.close()
    return process


def test_killed_cron_goes_on(stale_database):
    """After a kill, finished work stays, the rest follows, and the sums are right."""
    whole = left_in_queue()
    process = start()
    deadline = time.monotonic() + 120
    while left_in_queue() > whole * 0.8:
        assert process.poll() is None, "the cron ended before it could be killed"
        assert time.monotonic() < deadline, "the cron makes no progress"
    process.kill()
    process.wait()
    left = left_in_queue()
    assert 0 < left < whole, "not killed in the middle"
    assert amounts(BY_MONTHS) != amounts(BY_INVOICES)

    assert start().wait(timeout=300) == 0
    assert left_in_queue() == 0
    assert amounts(BY_MONTHS) == amounts(BY_INVOICES)
    doubled = postgres.sql(
        """SELECT COUNT(*) FROM (SELECT 1 FROM key_account_kpi
           GROUP BY account_id, month HAVING COUNT(*) > 1) doubled""",
        NAME,
    )
    assert int(doubled[0][0]) == 0

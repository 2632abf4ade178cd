# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Two servers with scheduled actions on one database do nothing twice."""

import time

import pytest
from kamtool import database, postgres, server

NAME = "kam_pytest_two_servers"
MODULE = "key_account_management"
# Work for every scheduled action of the addon, recognised by its results.
PREPARE = """
from dateutil.relativedelta import relativedelta
from odoo import fields
today = fields.Date.today()
accounts = env["key.account"].search([("state", "=", "active")])
queue = env["key.account.kpi.queue"]
env.cr.execute("UPDATE key_account_kpi SET revenue = 1, margin = 1")
env.cr.execute(\"\"\"INSERT INTO key_account_kpi_queue (account_id, month)
    SELECT account.id, month FROM key_account account, generate_series(
        date_trunc('month', now()) - interval '15 months',
        date_trunc('month', now()), '1 month') month\"\"\")
for account in accounts:
    account.write(dict(report_to_manager=True))
env["res.company"].search([]).write(dict(key_account_report_day=1))
crons = env["ir.cron"].browse(env["ir.model.data"].search([
    ("module", "=", "key_account_management"), ("model", "=", "ir.cron"),
]).mapped("res_id"))
assert len(crons) > 6
crons.write(dict(nextcall=fields.Datetime.now() - relativedelta(minutes=5)))
for cron in crons:
    cron._trigger()
env.cr.commit()
"""
OURS = (
    f"SELECT res_id FROM ir_model_data WHERE module = '{MODULE}' AND model = 'ir.cron'"
)
BY_INVOICES = """
    SELECT account.id, COALESCE(SUM(move.amount_untaxed_signed), 0)::float
      FROM key_account account
 LEFT JOIN account_move move ON move.commercial_partner_id = account.partner_id
       AND move.company_id = account.company_id AND move.state = 'posted'
       AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
  GROUP BY account.id ORDER BY account.id"""
BY_MONTHS = """
    SELECT account.id, COALESCE(SUM(kpi.revenue), 0)::float
      FROM key_account account
 LEFT JOIN key_account_kpi kpi ON kpi.account_id = account.id
  GROUP BY account.id ORDER BY account.id"""


def rows(query):
    return postgres.sql(query, NAME)


@pytest.fixture
def two_servers(server_log):
    """Start both at once, each with two threads for scheduled actions."""
    database.copy(database.ensure_addon(), NAME)
    database.run_odoo(
        ["shell", "-d", NAME, "--no-http"], "preparing the work", script=PREPARE
    )
    processes = []
    try:
        for number in range(2):
            port = server.free_port()
            log = server_log.with_name(f"two-servers-{number}.log")
            log.unlink(missing_ok=True)
            process = server.launch(
                NAME, port, log, ["--max-cron-threads=2"], crons=True
            )
            processes.append((process, port, log))
        for process, port, log in processes:
            server.wait_until_up(process, port, log)
        yield [log for _process, _port, log in processes]
    finally:
        for process, _port, _log in processes:
            server.end_process(process.pid)
            process.wait()
        database.drop(NAME)


def wait_for_crons():
    """Wait until every scheduled action of the addon has run and finished its work."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        waiting = rows(
            f"SELECT cron_name FROM ir_cron WHERE id IN ({OURS})"
            " AND nextcall < now() at time zone 'utc'"
        )
        triggers = rows(
            f"SELECT cron_id FROM ir_cron_trigger WHERE cron_id IN ({OURS})"
            " AND call_at < now() at time zone 'utc'"
        )
        if not waiting and not triggers:
            return
        time.sleep(1)
    raise AssertionError(f"scheduled actions don't get done: {waiting}, {triggers}")


def test_nothing_is_done_twice(two_servers):
    """Figures are right, and months, reports and mails exist only once."""
    wait_for_crons()
    assert rows("SELECT COUNT(*) FROM key_account_kpi_queue") == [["0"]]
    assert rows(BY_MONTHS) == rows(BY_INVOICES)
    for table, columns in (
        ("key_account_kpi", "account_id, month"),
        ("key_account_monthly_report", "account_id, manager_id, month, edition"),
    ):
        doubled = rows(
            f"""SELECT COUNT(*) FROM (SELECT 1 FROM {table}
                GROUP BY {columns} HAVING COUNT(*) > 1) doubled"""
        )
        assert doubled == [["0"]], table
    reports = rows(
        """SELECT COUNT(*) FROM key_account_monthly_report report
             JOIN mail_message message ON message.res_id = report.id
              AND message.model = 'key.account.monthly.report'
             JOIN mail_notification reader ON reader.mail_message_id = message.id"""
    )
    assert int(reports[0][0]) > 0
    mails = rows(
        # Each language has its own mail, but no reader gets two.
        """SELECT message.res_id, reader.res_partner_id, COUNT(*)
             FROM mail_notification reader
             JOIN mail_message message ON message.id = reader.mail_message_id
             JOIN mail_message_subtype subtype ON subtype.id = message.subtype_id
            WHERE message.model = 'key.account.monthly.report'
              AND subtype.res_model = message.model
         GROUP BY 1, 2 HAVING COUNT(*) > 1"""
    )
    assert not mails, "a report was sent twice"
    changes = rows(
        """SELECT account_id, COUNT(*) FROM key_account_tier_change
            WHERE state = 'proposed' GROUP BY account_id HAVING COUNT(*) > 1"""
    )
    assert not changes, "a tier was proposed twice"
    assert any("Key Accounts: figures" in log.read_text() for log in two_servers)
    for log in two_servers:
        # PostgreSQL refuses the second server, and Odoo logs that and tries again; a
        # job that finally fails has a line of its own.
        wrong = [
            line
            for line in log.read_text().splitlines()
            if " ERROR " in line and "odoo.sql_db: bad query" not in line
        ]
        assert not wrong

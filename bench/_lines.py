# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Accounts with invoices of ten years, made by SQL: for benchmarks of figures."""

# Seeded rows made by SQL: ten years, ten lines per invoice, every tenth a credit note.
GENERATE = """
env.cr.execute("SELECT setseed(0.42)")
accounts, invoices = {accounts}, {invoices}
company = env.company
journal = env["account.journal"].search(
    [("type", "=", "sale"), ("company_id", "=", company.id)], limit=1)
income = env["account.account"].search(
    [("account_type", "=", "income"), ("company_ids", "in", company.id)], limit=1)
product = env["product.product"].create(dict(name="Bench", standard_price=7.0))
env.flush_all()
sql_defaults("key.account")
q = env.cr.execute
q('''INSERT INTO res_partner (name, complete_name, active, is_company, type,
            autopost_bills)
     SELECT 'Bench ' || n, 'Bench ' || n, TRUE, TRUE, 'contact', 'ask'
       FROM generate_series(1, %s) n RETURNING id''', [accounts])
first = min(row[0] for row in env.cr.fetchall())
q("UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s", [first])
q('''INSERT INTO key_account (partner_id, partner_name, company_id, manager_id, state,
            phase, active, create_date)
     SELECT id, name, %s, 2, 'active', 'keep', TRUE, now()
       FROM res_partner WHERE id >= %s''', [company.id, first])
q("UPDATE key_account SET parent_path = id || '/' WHERE parent_path IS NULL")
q('''INSERT INTO account_move (name, journal_id, company_id, currency_id, state,
            move_type, date, invoice_date, partner_id, commercial_partner_id,
            payment_state,
            auto_post, amount_untaxed_signed, invoice_currency_rate)
     SELECT 'BENCH/' || n, %s, %s, %s, 'posted',
            CASE WHEN n %% 10 = 0 THEN 'out_refund' ELSE 'out_invoice' END,
            day, day, partner, partner, 'not_paid', 'no',
            CASE WHEN n %% 10 = 0 THEN -1000 ELSE 1000 END, 1
       FROM (SELECT n, current_date - (random() * 3650)::int AS day,
                    %s + (random() * %s)::int AS partner
               FROM generate_series(1, %s) n) doc RETURNING id''',
  [journal.id, company.id, company.currency_id.id, first, accounts - 1, invoices])
first_move = min(row[0] for row in env.cr.fetchall())
q('''INSERT INTO account_move_line (move_id, journal_id, company_id,
            company_currency_id, currency_id, account_id, partner_id, display_type,
            parent_state, date,
            invoice_date, product_id, product_uom_id, quantity, balance,
            amount_currency, debit, credit, name, sequence)
     SELECT move.id, %s, %s, %s, %s, %s, move.partner_id, 'product', 'posted',
            move.date, move.date, %s, %s, 10,
            CASE WHEN move.move_type = 'out_refund' THEN 100 ELSE -100 END,
            CASE WHEN move.move_type = 'out_refund' THEN 100 ELSE -100 END,
            CASE WHEN move.move_type = 'out_refund' THEN 100 ELSE 0 END,
            CASE WHEN move.move_type = 'out_refund' THEN 0 ELSE 100 END, 'Bench', 10
       FROM account_move move, generate_series(1, 10)
      WHERE move.id >= %s''',
  [journal.id, company.id, company.currency_id.id, company.currency_id.id,
   income.id, product.id, product.uom_id.id, first_move])
env.cr.commit()
env.cr._cnx.autocommit = True
q("ANALYZE")
print("{{}}")
"""

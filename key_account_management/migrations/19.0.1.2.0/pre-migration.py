# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Fields of ours on core's models get our prefix, with everything that names them."""

import re

from odoo.tools import SQL, sql

MODULE = "key_account_management"
#: model -> old name -> new name, of fields with and without a column and of buttons.
RENAMES = {
    "account.move": {
        "action_view_complaints": "action_view_key_account_complaints",
        "complaint_count": "key_account_complaint_count",
        "has_critical_complaint": "key_account_has_critical_complaint",
        "loyalty_settlement_amount": "key_account_settlement_amount",
        "loyalty_settlement_card_id": "key_account_settlement_card_id",
        "loyalty_settlement_points": "key_account_settlement_points",
    },
    "loyalty.card": {
        "is_point_ledger": "key_account_ledger",
        "ledger_points": "key_account_ledger_points",
        "owes_points": "key_account_owes_points",
        "points_expiring_soon": "key_account_expiring_points",
        "statement_date": "key_account_statement_date",
    },
    "loyalty.history": {
        "allocation": "key_account_allocation",
        "cause": "key_account_cause",
        "date": "key_account_date",
        "expiry_date": "key_account_expiry_date",
        "is_open": "key_account_is_open",
        "is_point_ledger": "key_account_ledger",
        "kind": "key_account_kind",
        "move_id": "key_account_move_id",
        "origin_id": "key_account_origin_id",
        "partner_id": "key_account_partner_id",
        "point_detail": "key_account_point_detail",
        "points": "key_account_points",
        "program_id": "key_account_program_id",
        "remaining": "key_account_remaining",
        "reminded": "key_account_reminded",
        "source_name": "key_account_source_name",
    },
    "loyalty.program": {
        "balance_scope": "key_account_balance_scope",
        "enrolment": "key_account_enrolment",
        "expiry_months": "key_account_expiry_months",
        "expiry_reminder_days": "key_account_reminder_days",
        "is_point_ledger": "key_account_ledger",
        "referral_points": "key_account_referral_points",
        "settlement_minimum": "key_account_settlement_minimum",
        "settlement_value": "key_account_settlement_value",
        "statement_interval": "key_account_statement_interval",
    },
    "res.partner": {
        "action_view_complaints": "action_view_key_account_complaints",
        "complaint_count": "key_account_complaint_count",
    },
    "sale.order": {
        "action_view_complaints": "action_view_key_account_complaints",
        "complaint_count": "key_account_complaint_count",
        "has_critical_complaint": "key_account_has_critical_complaint",
    },
}
#: What leads to records of these models in templates, code and domains.
PATHS = {
    "card_id": "loyalty.card",
    "entry": "loyalty.history",
    "history_ids": "loyalty.history",
    "program_id": "loyalty.program",
}
MODEL_OF_ID = SQL("(SELECT model FROM ir_model WHERE ir_model.id = model_id)")
#: Tables whose texts name fields of a model: (table, its model, columns). Views and
#: actions of ours are among them, and are loaded afresh anyway.
TEXTS = (
    ("ir_act_server", MODEL_OF_ID, ("code",)),
    ("ir_act_window", SQL("res_model"), ("context", "domain")),
    ("ir_filters", SQL("model_id"), ("context", "domain", "sort")),
    ("ir_rule", MODEL_OF_ID, ("domain_force",)),
    ("ir_ui_view", SQL("model"), ("arch_db",)),
    ("mail_template", SQL("model"), ("body_html", "subject")),
)
#: What stands before the name of a field: a quote, in a view one that begins a field's
#: name. Texts in several languages are JSON, with a backslash before the quote.
QUOTE = r"""(['"])"""
QUOTE_IN_VIEW = (
    r"((?:(?:<(?:field|button|label)\b[^<>]*?\s(?:name|for)|@name|\bdate)="
    r"|\(|group_by': ?)"
    r"""\\?['"])"""
)
AFTER_NAME = r"""(?=\\?['":.]| (?:a|de)sc\b)"""


def migrate(cr, version):
    """Rename columns, indexes, fields and the names in what users have stored."""
    for model, names in RENAMES.items():
        table = model.replace(".", "_")
        for old, new in names.items():
            _rename_column(cr, table, old, new)
            _rename_field(cr, model, table, old, new)
    for table, model, columns in TEXTS:
        for column in columns:
            _rename_in_texts(cr, table, model, column)


def _rename_column(cr, table, old, new):
    if sql.column_exists(cr, table, old) and not sql.column_exists(cr, table, new):
        sql.rename_column(cr, table, old, new)
        cr.execute(
            SQL(
                "ALTER INDEX IF EXISTS %s RENAME TO %s",
                SQL.identifier(sql.make_index_name(table, old)),
                SQL.identifier(sql.make_index_name(table, new)),
            )
        )


def _rename_field(cr, model, table, old, new):
    """Keep the field's record, which tracked changes and defaults point to."""
    cr.execute(
        "UPDATE ir_model_fields SET name = %s WHERE model = %s AND name = %s",
        (new, model, old),
    )
    for prefix in ("field_", "selection__"):
        start = f"{prefix}{table}__"
        cr.execute(
            """
            UPDATE ir_model_data SET name = %(new)s || substr(name, length(%(old)s) + 1)
             WHERE module = %(module)s
                   AND (name = %(old)s OR starts_with(name, %(old)s || '__'))
            """,
            {"module": MODULE, "old": start + old, "new": start + new},
        )
    cr.execute(
        """
        UPDATE ir_exports_line line SET name = %s FROM ir_exports export
         WHERE export.id = line.export_id AND export.resource = %s AND line.name = %s
        """,
        (new, model, old),
    )


def _rename_in_texts(cr, table, model, column):
    cr.execute(
        SQL(
            "SELECT id, %(model)s, %(text)s::text FROM %(table)s"
            " WHERE %(model)s IN %(models)s AND %(text)s IS NOT NULL",
            table=SQL.identifier(table),
            model=model,
            text=SQL.identifier(column),
            models=tuple(RENAMES),
        )
    )
    for record_id, model_name, text in cr.fetchall():
        quote = QUOTE_IN_VIEW if table == "ir_ui_view" else QUOTE
        renamed = _rename_in_text(model_name, text, quote)
        if renamed != text:
            cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    renamed,
                    record_id,
                )
            )


def _rename_in_text(model, text, quote):
    """Return a text with the new names: behind a quote, and along known paths."""
    for start, owner in {**PATHS, "object": model, "record": model}.items():
        text = _replace(rf"(\b{start}\.)", RENAMES[owner], r"\b", text)
    return _replace(quote, RENAMES[model], AFTER_NAME, text)


def _replace(before, names, after, text):
    pattern = f"{before}({'|'.join(names)}){after}"
    return re.sub(pattern, lambda found: found[1] + names[found[2]], text)

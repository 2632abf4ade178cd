# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)


def migrate(cr, version):
    """Make the columns that are empty for nearly all documents, without computing."""
    for table in ("sale_order", "account_move"):
        cr.execute(
            f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS key_account_partner_id int4"
        )
    # Made again by what counts now.
    cr.execute("DROP INDEX IF EXISTS account_move__key_account_figures_idx")

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Each room extends the views of the rooms below: made again in this order."""

OURS = """
    view.mode = 'extension' AND view.id IN (
        SELECT res_id FROM ir_model_data
         WHERE model = 'ir.ui.view' AND module = 'key_account_management')
"""


def migrate(cr, version):
    """Remove our extensions of views, which the update brings again.

    Odoo applies extensions in the order of their creation, and checks them while the
    old ones still look for fields where these no longer are. What others have extended
    stays, empty until it is loaded.
    """
    deleted = True
    while deleted:
        cr.execute(f"""
            DELETE FROM ir_ui_view AS view
             WHERE {OURS}
               AND NOT EXISTS (SELECT FROM ir_ui_view WHERE inherit_id = view.id)
        """)
        deleted = cr.rowcount
    cr.execute(f"""
        UPDATE ir_ui_view AS view
           SET arch_db = jsonb_build_object('en_US', '<data/>')
         WHERE {OURS}
    """)
    cr.execute("""
        DELETE FROM ir_model_data AS data
         WHERE model = 'ir.ui.view'
           AND module = 'key_account_management'
           AND NOT EXISTS (SELECT FROM ir_ui_view WHERE id = data.res_id)
    """)

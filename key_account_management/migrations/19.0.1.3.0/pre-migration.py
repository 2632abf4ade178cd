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
    # Deliveries are followed without the stock app, too: what was there is ours now.
    cr.execute(
        """
        UPDATE ir_model_data moved
           SET module = 'key_account_management'
         WHERE module = 'key_account_management_stock'
           AND name IN ('sale_order_line_view_list_delivery',
                        'sale_order_line_view_search_delivery',
                        'sale_order_line_action_late', 'sale_order_line_action_otif',
                        'key_account_menu_late_delivery')
           AND NOT EXISTS (SELECT 1 FROM ir_model_data
                            WHERE module = 'key_account_management'
                              AND name = moved.name)
        """
    )
    # These views name what the addon for stock defined, and are not made any more.
    cr.execute(
        """
        DELETE FROM ir_ui_view
         WHERE id IN (SELECT res_id FROM ir_model_data
                       WHERE module = 'key_account_management_stock'
                         AND model = 'ir.ui.view'
                         AND name IN ('key_account_view_form',
                                      'key_account_kpi_view_list'))
        """
    )

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""An absence belongs to the account manager, no longer to each account."""

from odoo.tools import sql


def migrate(cr, version):
    """Carry absences that aren't over from the accounts over to their managers.

    A manager had one per account and has one now: that of today, else the next.
    """
    if not sql.column_exists(cr, "key_account", "absence_start"):
        return
    cr.execute(
        """
        UPDATE res_users SET key_account_absence_start = absence.absence_start,
               key_account_absence_end = absence.absence_end
          FROM (SELECT DISTINCT ON (manager_id)
                       manager_id, absence_start, absence_end
                  FROM key_account
                 WHERE absence_start IS NOT NULL
                   AND (absence_end IS NULL OR absence_end >= CURRENT_DATE)
              ORDER BY manager_id, GREATEST(absence_start, CURRENT_DATE),
                       absence_end DESC NULLS FIRST) absence
         WHERE absence.manager_id = res_users.id
        """
    )
    cr.execute(
        """
        ALTER TABLE key_account
         DROP COLUMN IF EXISTS absence_start, DROP COLUMN IF EXISTS absence_end
        """
    )

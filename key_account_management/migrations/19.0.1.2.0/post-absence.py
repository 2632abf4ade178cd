# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""An absence belongs to the account manager, no longer to each account."""


def migrate(cr, version):
    """Carry absences that aren't over from the accounts over to their managers."""
    cr.execute(
        """
        UPDATE res_users SET key_account_absence_start = absence.first_day,
               key_account_absence_end = absence.last_day
          FROM (SELECT manager_id, MIN(absence_start) AS first_day,
                       CASE WHEN bool_or(absence_end IS NULL) THEN NULL
                            ELSE MAX(absence_end) END AS last_day
                  FROM key_account
                 WHERE absence_start IS NOT NULL
                   AND (absence_end IS NULL OR absence_end >= CURRENT_DATE)
              GROUP BY manager_id) absence
         WHERE absence.manager_id = res_users.id
        """
    )
    cr.execute(
        """
        ALTER TABLE key_account
         DROP COLUMN IF EXISTS absence_start, DROP COLUMN IF EXISTS absence_end
        """
    )

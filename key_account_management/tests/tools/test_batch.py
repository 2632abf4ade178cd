# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ...models.tools.batch import do_batch

TOUCH = "UPDATE ir_config_parameter SET value = value WHERE key = 'database.uuid'"


@tagged("post_install", "-at_install")
class TestBatch(BaseCase):
    """Two real transactions: the slower one does its batch anew."""

    @mute_logger("odoo.sql_db")
    def test_somebody_was_faster(self):
        database = db_connect(get_db_name())
        tries = []
        with database.cursor() as mine, database.cursor() as others:
            env = api.Environment(mine, SUPERUSER_ID, {})

            def work():
                tries.append(len(tries))
                mine.execute("SELECT 1 FROM ir_config_parameter")
                if len(tries) == 1:
                    others.execute(TOUCH)
                    others.commit()
                mine.execute(TOUCH)
                return "done"

            self.assertEqual(do_batch(env, work), "done")
            mine.rollback()
        self.assertEqual(tries, [0, 1])

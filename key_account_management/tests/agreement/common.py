# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from ..common import KeyAccountCommon


class AgreementCommon(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.list_2026 = cls.make_pricelist("Rahmen 2026", 20, key_account_only=True)
        cls.list_2027 = cls.make_pricelist("Rahmen 2027", 25, key_account_only=True)

    def agreement(self, user=None, **values):
        return self.as_user(
            user or self.director, self.env["key.account.agreement"]
        ).create(
            {
                "title": "Rahmenvertrag Werkzeuge",
                "account_id": self.account.id,
                "date_start": self.today - relativedelta(months=6),
                "date_end": self.today + relativedelta(months=6),
                "pricelist_id": self.list_2026.id,
                **values,
            }
        )

    def in_force(self, **values):
        agreement = self.agreement(**values)
        agreement.action_submit_approval()
        self.assertEqual(agreement.state, "active")
        return agreement

    def price(self, days=0, partner=None):
        # Each order is written in a request of its own.
        self.env.invalidate_all()
        day = f"{self.today + timedelta(days=days)} 10:00:00"
        order = self.make_order(partner or self.nordwind, 1, date_order=day)
        return order.order_line.price_subtotal

    def run_cron(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "key_account_management.ir_cron_agreements"
            ).method_direct_trigger()
        self.env.invalidate_all()

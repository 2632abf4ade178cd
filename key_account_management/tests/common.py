# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextlib import contextmanager

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class KeyAccountCommon(AccountTestInvoicingCommon):
    """A wholesale company with its people, tiers, price lists and customers.

    ``self.env`` is an administrator and director. Use :meth:`as_user` to test what
    users see, without the context that mutes the chatter.
    """

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.quick_ref("key_account_management.group_key_account_director")
            | cls.quick_ref("sales_team.group_sale_manager")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.name = "Alpenhandel GmbH"
        # One day for all: around midnight in Greenwich the company's is another.
        cls.env.user.tz = cls.env.company._get_key_account_tz()
        cls.today = cls.env.company._get_key_account_today()
        cls._set_up_users()
        cls._set_up_products()
        cls._set_up_tiers()
        cls._set_up_customers()
        cls.account = cls.make_account(cls.nordwind, tier_id=cls.gold.id)

    @classmethod
    def _set_up_users(cls):
        def user(login, name, groups, **values):
            if groups != "base.group_user":
                groups += ",base.group_allow_export"
            return new_test_user(
                cls.env,
                login=login,
                name=name,
                groups=groups,
                email=f"{login}@alpenhandel.example",
                tz="Europe/Berlin",
                **{"company_id": cls.env.company.id, **values},
            )

        addon = "key_account_management.group_key_account_"
        cls.kam = user("jonas.reuter", "Jonas Reuter", addon + "user")
        cls.kam2 = user("miriam.vogt", "Miriam Vogt", addon + "user")
        cls.all_user = user("stefan.lindner", "Stefan Lindner", addon + "all")
        cls.director = user(
            "katharina.brenner", "Katharina Brenner", addon + "director"
        )
        cls.clerk = user(
            "petra.hahn", "Petra Hahn", "sales_team.group_sale_salesman_all_leads"
        )
        cls.accountant = user(
            "ute.kessler", "Ute Kessler", "account.group_account_invoice"
        )
        cls.outsider = user("max.ebert", "Max Ebert", "base.group_user")
        # The bare model: a second company with a chart of accounts takes long.
        cls.other_company = cls.env["res.company"].create(
            {"name": "Donauhandel GmbH", "currency_id": cls.env.company.currency_id.id}
        )
        cls.env.user.company_ids += cls.other_company
        cls.other_director = user(
            "leopold.gruber",
            "Leopold Gruber",
            addon + "director",
            company_id=cls.other_company.id,
        )

    @classmethod
    def _set_up_products(cls):
        cls.drill, cls.gloves = cls.env["product.product"].create(
            [
                {
                    "name": "Akkubohrschrauber 18 V",
                    "list_price": 200.0,
                    "standard_price": 120.0,
                    "invoice_policy": "order",
                    "taxes_id": [Command.clear()],
                },
                {
                    "name": "Arbeitshandschuhe",
                    "list_price": 10.0,
                    "standard_price": 4.0,
                    "invoice_policy": "order",
                    "taxes_id": [Command.clear()],
                },
            ]
        )

    @classmethod
    def make_pricelist(cls, name, discount, **values):
        """Create a list on which everything costs this many percent less."""
        return cls.env["product.pricelist"].create(
            {
                "name": name,
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": discount}
                    )
                ],
                **values,
            }
        )

    @classmethod
    def make_payment_term(cls, days):
        return cls.env["account.payment.term"].create(
            {
                "name": f"{days} Tage netto",
                "company_id": cls.env.company.id,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": days}
                    )
                ],
            }
        )

    @classmethod
    def _set_up_tiers(cls):
        # ProductCommon left one list in use: the one for ordinary customers.
        cls.pricelist.name = "Listenpreise"
        cls.gold_list = cls.make_pricelist("Goldpreise", 10)
        cls.silver_list = cls.make_pricelist("Silberpreise", 5)
        cls.term_45 = cls.make_payment_term(45)
        cls.gold, cls.silver, cls.prospect = cls.env["key.account.tier"].create(
            [
                {
                    "name": "Gold",
                    "sequence": 1,
                    "company_id": cls.env.company.id,
                    "approval_level": "director",
                    "pricelist_id": cls.gold_list.id,
                    "payment_term_id": cls.term_45.id,
                    "credit_limit": 5000.0,
                },
                {
                    "name": "Silber",
                    "sequence": 2,
                    "company_id": cls.env.company.id,
                    "approval_level": "all",
                    "pricelist_id": cls.silver_list.id,
                },
                {
                    "name": "Interessent",
                    "sequence": 3,
                    "company_id": cls.env.company.id,
                    "approval_level": "user",
                },
            ]
        )

    @classmethod
    def make_customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    @classmethod
    def _set_up_customers(cls):
        cls.nordwind = cls.make_customer("Nordwind Handels GmbH", ref="K-10042")
        cls.anna = cls.env["res.partner"].create(
            {
                "name": "Anna Seidel",
                "parent_id": cls.nordwind.id,
                "email": "anna.seidel@nordwind.example",
            }
        )
        cls.bergmann = cls.make_customer("Bergmann Werkzeuge KG")
        cls.rheintal = cls.make_customer("Rheintal Baumarkt Holding AG")
        cls.rheintal_sued = cls.make_customer(
            "Rheintal Baumarkt Süd GmbH", parent_id=cls.rheintal.id
        )
        cls.rheintal_lager = cls.make_customer(
            "Rheintal Lager Konstanz GmbH", parent_id=cls.rheintal_sued.id
        )

    @classmethod
    def make_account(cls, partner, **values):
        return cls.env["key.account"].create(
            {"partner_id": partner.id, "manager_id": cls.kam.id, **values}
        )

    @classmethod
    def make_order(cls, partner, *quantities, env=None, **values):
        """Write an order of drills: one line of 1 unit unless quantities are given."""
        return (env or cls.env)["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {"product_id": cls.drill.id, "product_uom_qty": quantity}
                    )
                    for quantity in quantities or (1,)
                ],
                **values,
            }
        )

    @classmethod
    def make_invoice(cls, partner, price, post=True, env=None, **values):
        """Write (and post) an invoice or credit note of one line without taxes."""
        invoice = (env or cls.env)["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": cls.gloves.id,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def make_due_invoice(cls, partner, price, day, due=None):
        """Post an invoice of a day, due on another or on the same one."""
        return cls.make_invoice(
            partner,
            price,
            invoice_date=day,
            invoice_date_due=due or day,
            invoice_payment_term_id=False,
        )

    @classmethod
    def as_user(cls, user, record=None):
        """Return the record or the environment with the user's access."""
        env = cls.env(user=user, context={})
        return env if record is None else record.with_env(env)

    @classmethod
    def change_tier(cls, account, tier, day=None):
        """Have a director move the account to a tier as of a date."""
        return cls.as_user(cls.director, account)._propose_tier(
            cls.as_user(cls.director, tier), "Jahresgespräch", effective_date=day
        )

    @contextmanager
    def assertRefused(self, *fragments, exception=UserError):
        """Expect an error whose text tells the user what is wrong."""
        with self.assertRaises(exception) as caught:
            yield
            self.env.flush_all()
        for fragment in fragments:
            self.assertIn(fragment, str(caught.exception))

    @contextmanager
    def assertConstraint(self, model, *fragments):
        """Expect the database to refuse, with a text that the user can read."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError) as caught:
            yield
            self.env.flush_all()
        message = self.env[model]._sql_error_to_message(caught.exception)
        for fragment in fragments:
            self.assertIn(fragment, message)

    def count_queries(self, function):
        """Return how many queries the function takes, including writes."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.cr.sql_log_count - before

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user, tagged

from ...models.tools.groups import ALL_ACCOUNTS, DIRECTOR
from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestDecision(KeyAccountCommon):
    """Which user is asked to decide, with order releases as the example."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Two directors decide in this company; the administrator makes the requests.
        cls.second = new_test_user(
            cls.env,
            login="ines.falk",
            name="Ines Falk",
            groups=DIRECTOR,
            company_id=cls.env.company.id,
        )
        directors = cls.director | cls.second | cls.other_director
        cls.env.ref(ALL_ACCOUNTS).user_ids += cls.env.user
        cls.env.ref(DIRECTOR).user_ids = [Command.set(directors.ids)]

    def choose(self, company=None, user=None):
        Users = self.as_user(user or self.kam, self.env["res.users"])
        if company is None:
            company = self.env.company
        return Users._choose_key_account_decider(DIRECTOR, company)

    def ask(self, user=None):
        order = self.make_order(self.nordwind)
        self.as_user(user or self.clerk, order).action_request_key_account_release()
        return order.activity_ids.user_id

    def test_company_chooses_who_is_asked(self):
        """The users chosen by the company are asked first, if their role allows it."""
        self.assertEqual(self.choose(), self.director)
        self.env.company.key_account_decider_ids = self.second | self.all_user
        self.assertEqual(self.choose(), self.second)
        self.env.company.key_account_decider_ids = self.all_user
        self.assertEqual(self.choose(), self.director)

    def test_requests_are_spread(self):
        """The user with the fewest open requests is asked next."""
        asked = [self.ask() for _number in range(4)]
        self.assertEqual(asked, 2 * [self.director, self.second])
        self.env["mail.activity"].search([("user_id", "=", self.second.id)]).unlink()
        self.assertEqual(self.ask(), self.second)

    def test_other_activities_do_not_count(self):
        """Other activities, such as meetings, don't count as requests."""
        for _number in range(3):
            self.account.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.director.id
            )
        self.assertEqual(self.ask(), self.director)

    def test_absent_users_are_passed_over(self):
        """Absent users are skipped, unless all users are absent."""
        self.env.company.key_account_decider_ids = self.director
        Users = type(self.env["res.users"])
        with patch.object(
            Users,
            "_filter_key_account_present",
            lambda users, company: users - self.director,
        ):
            self.assertEqual(self.choose(), self.second)
        with patch.object(
            Users, "_filter_key_account_present", lambda users, company: users.browse()
        ):
            self.assertEqual(self.choose(), self.director)

    def test_requester_is_not_asked(self):
        """Requesters aren't asked themselves, unless no other user can decide."""
        self.env.company.key_account_decider_ids = self.director
        self.assertEqual(self.choose(user=self.director), self.second)
        self.second.active = False
        self.assertEqual(self.choose(user=self.director), self.director)

    def test_users_of_other_companies_are_not_asked(self):
        """Each company asks its own directors; for shared lists, any can be asked."""
        self.assertEqual(self.choose(self.other_company), self.other_director)
        self.other_company.key_account_decider_ids = self.director
        self.assertEqual(self.choose(self.other_company), self.other_director)
        (self.director | self.second).active = False
        self.assertFalse(self.choose())
        self.assertEqual(self.choose(self.env["res.company"]), self.other_director)

    def test_no_second_request(self):
        """An open request stays with the user who was asked."""
        order = self.make_order(self.nordwind)
        for user in (self.clerk, self.kam):
            self.as_user(user, order).action_request_key_account_release()
        self.assertEqual(order.activity_ids.user_id, self.director)
        self.assertEqual(order.activity_ids.create_uid, self.clerk)

    def test_decisions_of_all_rooms_are_spread(self):
        """Requests of all kinds are shared evenly between the directors."""
        self.env["key.account.tier.change"].with_user(self.kam).create(
            {
                "account_id": self.make_account(self.bergmann).id,
                "to_tier_id": self.gold.id,
                "reason": "Umsatz",
            }
        )
        pricelist = self.env["product.pricelist"].with_user(self.kam)
        pricelist = pricelist.create({"name": "Sonder", "key_account_only": True})
        pricelist.item_ids = [
            Command.create({"compute_price": "percentage", "percent_price": 60.0})
        ]
        pricelist.action_submit_approval()
        agreement = self.env["key.account.agreement"].with_user(self.kam)
        agreement.create(
            {
                "title": "Rahmen",
                "account_id": self.account.id,
                "pricelist_id": pricelist.id,
            }
        ).action_submit_approval()
        self.ask()
        requests = self.env["mail.activity"].search(
            [("user_id", "in", (self.director | self.second).ids)]
        )
        self.assertEqual(
            requests.activity_type_id,
            self.env["mail.activity.type"].union(
                *(
                    self.env.ref(f"key_account_management.mail_activity_type_{name}")
                    for name in ("tier_approval", "terms_approval", "order_release")
                )
            ),
        )
        loads = [len(found) for found in requests.grouped("user_id").values()]
        self.assertEqual(loads, [2, 2])

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from .common import AgreementCommon

#: A transparent pixel.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
    "AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestAgreement(AgreementCommon):
    """An agreement from draft to approval, amendment, renewal and end."""

    def test_terms_hold_from_approval_and_for_their_time(self):
        """A draft doesn't count; an approved agreement counts between its dates."""
        agreement = self.agreement(self.kam)
        self.assertTrue(agreement.name.startswith("RV/"))
        self.assertAlmostEqual(self.price(), 180.0)
        agreement.action_submit_approval()
        self.assertEqual(agreement.state, "to_approve")
        self.assertAlmostEqual(self.price(), 180.0)
        self.as_user(self.director, agreement).action_approve_terms()
        self.assertEqual(agreement.state, "active")
        self.assertAlmostEqual(self.price(), 160.0)
        # Half a year ago there was no agreement, and the customer wasn't Gold.
        self.assertAlmostEqual(self.price(days=-200), 200.0)
        self.assertAlmostEqual(self.price(days=200), 180.0)
        order = self.make_order(self.nordwind)
        self.assertIn(agreement.name, order.key_account_pricelist_origin)
        self.assertIn(agreement.name, order.order_line.key_account_price_origin)

    def test_agreement_goes_before_own_list_and_holds_for_subsidiaries(self):
        """The agreement goes first, then own list, group's agreement, group's list."""
        self.account.pricelist_id = self.silver_list
        self.in_force()
        self.assertAlmostEqual(self.price(), 160.0)
        holding = self.make_account(self.rheintal)
        child = self.make_account(self.rheintal_sued)
        self.in_force(account_id=holding.id, pricelist_id=self.list_2027.id)
        self.assertAlmostEqual(self.price(partner=self.rheintal_sued), 150.0)
        child.pricelist_id = self.silver_list
        self.assertAlmostEqual(self.price(partner=self.rheintal_sued), 190.0)
        child.pricelist_mode = "inherit"
        self.assertAlmostEqual(self.price(partner=self.rheintal_sued), 150.0)

    def test_amendment_in_mid_year_keeps_the_old_terms_for_their_time(self):
        """An amendment replaces the price from its date on, but not before."""
        agreement = self.in_force()
        action = agreement.action_amend()
        amendment = agreement.browse(action["res_id"])
        amendment.write(
            {
                "date_start": self.today - timedelta(days=30),
                "pricelist_id": self.list_2027.id,
            }
        )
        self.assertAlmostEqual(self.price(), 160.0)
        amendment.action_submit_approval()
        self.assertEqual((amendment.version, amendment.name), (2, agreement.name))
        self.assertAlmostEqual(self.price(), 150.0)
        self.assertAlmostEqual(self.price(days=-30), 150.0)
        self.assertAlmostEqual(self.price(days=-31), 160.0)
        self.assertEqual(agreement.state, "expired")
        self.assertEqual(agreement.effective_end, self.today - timedelta(days=31))
        with self.assertRefused("Only an agreement in force"):
            agreement.action_amend()

    def test_what_is_agreed_stays(self):
        """In force, terms change by an amendment alone; a note is free."""
        agreement = self.in_force()
        mine = self.as_user(self.kam, agreement)
        mine.internal_note = "<p>Herr Seidel mag keine Anrufe am Montag.</p>"
        mine.write({"title": agreement.title, "date_end": agreement.date_end})
        other = self.make_account(self.bergmann)
        for user in (self.kam, self.director):
            for values in (
                {"date_end": agreement.date_end + timedelta(days=40)},
                {"date_start": agreement.date_start - timedelta(days=40)},
                {"title": "Etwas anderes"},
                {"terms": "<p>Alles umsonst</p>"},
                {"renewal": "automatic"},
                {"notice_months": 0},
                {"payment_term_id": self.make_payment_term(90).id},
                {"account_id": other.id},
                {"commitment_ids": [Command.create({"target": 5.0})]},
            ):
                with self.assertRefused("Amend it instead"):
                    self.as_user(user, agreement).write(values)
        self.assertEqual(agreement.state, "active")

    def test_lines_of_other_agreements_stay_there(self):
        """What was promised in a draft doesn't go into an agreement in force."""
        agreement = self.in_force()
        draft = self.agreement(
            user=self.kam,
            pricelist_id=False,
            commitment_ids=[Command.create({"target": 5.0})],
            obligation_ids=[
                Command.create({"name": "Bericht", "date_due": self.today})
            ],
        )
        with self.assertRefused("Amend it instead"):
            draft.commitment_ids.agreement_id = agreement.id
        with self.assertRefused("stays with its agreement"):
            draft.obligation_ids.agreement_id = agreement.id
        theirs = self.agreement(
            account_id=self.make_account(self.bergmann, manager_id=self.kam2.id).id
        )
        with self.assertRaises(AccessError):
            draft.commitment_ids.agreement_id = theirs.id

    def test_terminated_is_terminated(self):
        """An agreement that was in force is never approved a second time."""
        agreement = self.in_force()
        agreement.action_terminate("Insolvenz")
        self.assertEqual(agreement.state, "terminated")
        for method in ("action_approve_terms", "action_reject_terms"):
            with self.assertRefused("is decided"):
                getattr(self.as_user(self.director, agreement), method)()
        with self.assertRefused("nothing to approve"):
            self.as_user(self.director, agreement).action_submit_approval()
        self.assertEqual(agreement.state, "terminated")

    def test_list_is_approved_with_the_agreement_and_kept_by_the_signature(self):
        """One decision covers both; what is signed changes neither way."""
        pricelist = self.as_user(self.kam, self.env["product.pricelist"]).create(
            {
                "name": "Rahmen Nordwind",
                "key_account_only": True,
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 30.0,
                            "applied_on": "1_product",
                            "product_tmpl_id": self.drill.product_tmpl_id.id,
                        }
                    )
                ],
            }
        )
        agreement = self.agreement(self.kam, pricelist_id=pricelist.id)
        agreement.action_submit_approval()
        self.assertEqual(pricelist.key_account_approval_state, "draft")
        panel = str(self.as_user(self.director, agreement).key_account_effect)
        for text in ("Akkubohrschrauber", "30.0 %", "Goldpreise"):
            self.assertIn(text, panel)
        self.as_user(self.director, agreement).action_approve_terms()
        self.assertEqual(pricelist.key_account_approval_state, "approved")
        agreement._accept("Anna Seidel", PIXEL)
        self.assertTrue(agreement.is_signed_content)
        for percent in (25.0, 35.0):
            with self.assertRefused("are signed with"):
                self.as_user(self.director, pricelist).item_ids.percent_price = percent
        with self.assertRefused("are signed with"):
            self.as_user(self.director, pricelist).item_ids.unlink()
        agreement.sudo().title = "Untergeschoben"
        self.assertFalse(agreement.is_signed_content)

    def test_no_way_around_the_approval(self):
        """State and approval can't be written; each role approves within its limits."""
        agreement = self.agreement(self.kam)
        for values in (
            {"state": "active"},
            {"key_account_approval_state": "approved"},
            {"effective_end": self.today + relativedelta(years=9)},
            {"signed_by": "Eve", "signature": PIXEL},
        ):
            with self.assertRefused("can't enter", exception=AccessError):
                agreement.write(values)
            with self.assertRefused("can't enter", exception=AccessError):
                self.agreement(self.kam, **values)
        context = {"default_state": "active"}
        self.assertEqual(agreement.with_context(**context).copy().state, "draft")
        agreement.action_submit_approval()
        for user in (self.kam, self.all_user):
            with self.assertRefused("to decide on", exception=AccessError):
                self.as_user(user, agreement).action_approve_terms()
        with self.assertRaises(AccessError):
            self.as_user(self.kam2, agreement).title = "Meiner"
        with self.assertRaises(AccessError):
            self.as_user(self.other_director, agreement).action_approve_terms()
        self.assertEqual(agreement.state, "to_approve")

    def test_bad_input(self):
        """Crossed dates, overlapping agreements and deletion in force are refused."""
        with self.assertConstraint("key.account.agreement", "end before it begins"):
            self.agreement(date_end=self.today - relativedelta(years=1))
        agreement = self.in_force()
        with self.assertRefused("special prices for the same days"):
            self.agreement().action_submit_approval()
        with self.assertRefused("is kept"):
            agreement.unlink()
        amendment = agreement.browse(agreement.action_amend()["res_id"])
        amendment.date_start = agreement.date_start
        with self.assertRefused("has to begin after the version"):
            amendment.action_submit_approval()

    def test_termination(self):
        """After termination the tier's price applies; the agreement is kept."""
        agreement = self.in_force()
        agreement.action_terminate("Kündigung durch den Kunden", self.today)
        self.assertEqual(agreement.state, "terminated")
        self.assertAlmostEqual(self.price(), 160.0)
        self.assertAlmostEqual(self.price(days=1), 180.0)

    def test_calendar_expires_renews_and_reminds_once(self):
        """The job expires, renews and reminds once, even if it runs twice."""
        ending = self.in_force(
            date_end=self.today + relativedelta(months=1), notice_months=1
        )
        over = self.in_force(pricelist_id=False, date_end=self.today)
        renewed = self.in_force(
            pricelist_id=False,
            date_end=self.today,
            renewal="automatic",
            renewal_months=12,
        )
        (over | renewed).sudo().date_end = self.today - timedelta(days=1)
        for _night in range(2):
            self.run_cron()
        self.assertEqual(over.state, "expired")
        self.assertEqual(renewed.state, "active")
        self.assertEqual(
            renewed.date_end,
            self.today - timedelta(days=1) + relativedelta(months=12),
        )
        reminders = ending.activity_ids.filtered(lambda a: "Notice" in a.summary)
        self.assertEqual(len(reminders), 1)
        self.assertEqual(reminders.user_id, self.kam)

    def test_agreement_ends_at_midnight_of_the_company(self):
        """An agreement ends at midnight in the company's time zone, Auckland."""
        agreement = self.in_force(date_end=self.today)
        # After the approval: the test runs on any hour of the day.
        self.env.company.resource_calendar_id.tz = "Pacific/Auckland"
        obligation = agreement.obligation_ids.create(
            {
                "name": "Bonus melden",
                "agreement_id": agreement.id,
                "date_due": self.today,
            }
        )

        def source():
            benefits = self.account._resolve_benefit("pricelist_id")
            return benefits[self.account.id].origin

        with freeze_time(f"{self.today} 10:00:00"):
            self.assertEqual(source(), agreement)
            agreement.sudo()._take_a_day()
            self.assertEqual(agreement.state, "active")
            self.assertEqual(obligation.state, "open")
        obligation.invalidate_recordset()
        with freeze_time(f"{self.today} 23:30:00"):
            self.assertEqual(source(), self.gold)
            agreement.sudo()._take_a_day()
            self.assertEqual(agreement.state, "expired")
            self.assertEqual(obligation.state, "missed")
            self.assertIn(obligation, obligation.search([("state", "=", "missed")]))

    def test_obligations_have_owners_and_activities(self):
        """Obligations get an activity when the agreement starts, closed when done."""
        agreement = self.agreement(
            obligation_ids=[
                Command.create(
                    {
                        "name": "Regalpflege im Markt",
                        "department": "Außendienst",
                        "user_id": self.kam2.id,
                        "date_due": self.today - timedelta(days=2),
                    }
                )
            ]
        )
        obligation = agreement.obligation_ids
        self.assertFalse(obligation.activity_id)
        agreement.action_submit_approval()
        self.assertEqual(obligation.activity_id.user_id, self.kam2)
        self.assertEqual(obligation.state, "missed")
        self.assertIn(obligation, obligation.search([("state", "=", "missed")]))
        with self.assertRefused("can't enter", exception=AccessError):
            obligation.date_done = self.today
        obligation.action_done()
        self.assertEqual(obligation.state, "done")
        self.assertFalse(obligation.activity_id.active)

    def test_queries_do_not_grow_with_the_orders_of_an_account(self):
        """Resolving terms for twenty accounts takes as many queries as for two."""
        accounts = self.env["key.account"].union(
            *(
                self.make_account(self.make_customer(f"Filiale {number}"))
                for number in range(20)
            )
        )
        self.in_force(account_id=accounts[0].id)
        few = self.count_queries(lambda: accounts[:2]._resolve_benefit("pricelist_id"))
        many = self.count_queries(lambda: accounts._resolve_benefit("pricelist_id"))
        self.assertLessEqual(many, few)


@tagged("post_install", "-at_install")
class TestAgreementPortal(AgreementCommon, HttpCase):
    """Customers read and sign their own agreements, and see no others."""

    def setUp(self):
        super().setUp()
        self.mine = self.in_force()
        other_account = self.make_account(self.bergmann)
        self.others = self.in_force(account_id=other_account.id)
        self.draft = self.agreement(pricelist_id=False)
        self.portal = new_test_user(
            self.env,
            login="anna.seidel@nordwind.example",
            groups="base.group_portal",
            password="anna.seidel.2026",
        )
        self.portal.partner_id.parent_id = self.nordwind

    def test_customer_reads_and_signs(self):
        """The customer signs with a name; a second signature is refused."""
        self.authenticate(self.portal.login, "anna.seidel.2026")
        page = self.url_open("/my/agreements").text
        self.assertIn(self.mine.name, page)
        self.assertNotIn(self.others.name, page)
        self.assertNotIn(self.draft.name, page)
        page = self.url_open(f"/my/agreements/{self.mine.id}").text
        self.assertIn("Accept", page)
        self.assertNotIn("mag keine Anrufe", page)
        url = f"/my/agreements/{self.mine.id}/accept"
        answer = self.make_jsonrpc_request(url, {"name": " ", "signature": PIXEL})
        self.assertIn("missing", answer["error"])
        answer = self.make_jsonrpc_request(
            url, {"name": "Anna Seidel", "signature": PIXEL}
        )
        self.assertTrue(answer["force_refresh"])
        self.assertEqual(self.mine.signed_by, "Anna Seidel")
        self.assertTrue(self.mine.signature)
        answer = self.make_jsonrpc_request(url, {"name": "Eve", "signature": PIXEL})
        self.assertIn("can't be signed", answer["error"])

    def test_foreign_agreements_stay_closed(self):
        """Other customers' agreements and drafts can't be read by id, token or RPC."""
        self.authenticate(self.portal.login, "anna.seidel.2026")
        for agreement, token in (
            (self.others, ""),
            (self.others, "?access_token=wrong"),
            (self.draft, ""),
            (self.draft, f"?access_token={self.draft._portal_ensure_token()}"),
        ):
            answer = self.url_open(f"/my/agreements/{agreement.id}{token}")
            self.assertNotIn(agreement.title, answer.text)
            answer = self.make_jsonrpc_request(
                f"/my/agreements/{agreement.id}/accept{token}",
                {"name": "Eve", "signature": PIXEL},
            )
            self.assertIn("Invalid", answer["error"])
        Agreement = self.as_user(self.portal, self.env["key.account.agreement"])
        self.assertEqual(Agreement.search([]), self.as_user(self.portal, self.mine))
        with self.assertRaises(AccessError):
            Agreement.browse(self.others.id).read(["title"])
        with self.assertRaises(AccessError):
            Agreement.browse(self.mine.id).read(["internal_note"])
        with self.assertRaises(AccessError):
            Agreement.browse(self.mine.id).title = "Geschenkt"

    def test_contract_is_printed_in_the_customers_language(self):
        """The printed contract names prices and parties in the customer's language."""
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "key_account_management.report_key_account_agreement", self.mine.ids
            )[0]
            .decode()
        )
        for text in (self.mine.name, "Nordwind", "Alpenhandel", "20 %"):
            self.assertIn(text, html)

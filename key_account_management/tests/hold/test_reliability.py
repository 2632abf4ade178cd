# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestReliability(KeyAccountCommon):
    """Assessments by checklist and documents, for candidates and customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Question = cls.env["key.account.reliability.question"]
        cls.bank = Question.create({"name": "Bankauskunft", "weight": 3})
        Question.search([("id", "!=", cls.bank.id)]).active = False
        cls.market = Question.create({"name": "Ruf im Markt", "weight": 1})
        cls.overdue = Question.create(
            {
                "name": "Überfällig",
                "weight": 4,
                "source": "overdue_rate",
                "worst": 100,
                "best": 0,
            }
        )

    def assess(self, account, user=None, **answers):
        assessment = self.as_user(
            user or self.kam, self.env["key.account.reliability"]
        ).create({"account_id": account.id})
        for line in assessment.line_ids:
            for name, answer in answers.items():
                if line.question_id == self.as_user(self.kam, getattr(self, name)):
                    line.answer = answer
        return assessment

    def test_score_is_the_weighted_mean_of_what_is_known(self):
        """The score is the weighted mean; unanswered questions don't count."""
        candidate = self.make_account(self.bergmann, state="candidate")
        assessment = self.assess(candidate, bank="good", market="poor")
        assessment.action_done()
        self.assertAlmostEqual(assessment.score, 75.0)
        self.assertAlmostEqual(assessment.answered_share, 50.0)
        self.assertEqual(assessment.grade, "reliable")
        self.assertEqual(candidate.reliability_grade, "reliable")
        self.assertIn("75 of 100", candidate.message_ids[0].body)

    def test_facts_come_from_the_documents(self):
        """If half of the open amount is overdue, that row scores 50 of 100."""
        day = self.today
        for due in (day.replace(year=day.year - 1), day):
            self.make_due_invoice(self.nordwind, 500.0, due)
        assessment = self.assess(self.account, bank="poor")
        assessment.action_done()
        fact = assessment.line_ids.filtered(lambda line: line.source == "overdue_rate")
        self.assertAlmostEqual(fact.fact, 50.0)
        self.assertAlmostEqual(assessment.score, (3 * 0 + 4 * 50) / 7, places=1)
        self.assertEqual(assessment.grade, "unreliable")
        found = self.env["key.account"].search(
            [("reliability_grade", "=", "unreliable")]
        )
        self.assertIn(self.account, found)

    def test_nothing_known_and_closed_ones_are_refused(self):
        """An empty assessment can't be closed, and a closed one can't be changed."""
        assessment = self.assess(self.make_account(self.bergmann))
        with self.assertRefused("Answer at least one question"):
            assessment.action_done()
        assessment.line_ids[0].answer = "fair"
        assessment.action_done()
        with self.assertRefused("stays as it is"):
            assessment.line_ids[0].answer = "good"
        with self.assertRefused("stays as it is"):
            assessment.note = "<p>Nachtrag</p>"
        with self.assertRefused("is kept"):
            assessment.unlink()
        copy = assessment.copy()
        self.assertEqual((copy.state, copy.line_ids[0].answer), ("draft", "fair"))
        for record, values in (
            (copy, {"state": "done"}),
            (copy, {"user_id": self.director.id}),
            (copy.line_ids[0], {"fact": 100, "fact_known": True}),
        ):
            with self.assertRefused("can't enter", exception=AccessError):
                record.write(values)
        assessment.action_draft()
        assessment.note = "<p>Nachtrag</p>"

    def test_weight_of_the_day_is_kept(self):
        """A new weight of a question doesn't change old assessments."""
        assessment = self.assess(self.account, bank="good", market="poor")
        self.bank.weight = 0
        self.assertAlmostEqual(assessment.score, 75.0)

    def test_weights_that_add_up_to_nothing(self):
        """The weights can't be negative and must not add up to zero."""
        with self.assertRefused("add up to zero"):
            (self.bank | self.market | self.overdue).weight = 0
        with self.assertConstraint(
            "key.account.reliability.question", "can't be negative"
        ):
            self.bank.weight = -1

    def test_colleagues_accounts_stay_closed(self):
        """An account manager sees only the assessments of their own accounts."""
        mine = self.assess(self.account, bank="good")
        Assessment = self.env["key.account.reliability"]
        self.assertFalse(
            self.as_user(self.kam2, Assessment).search([("id", "=", mine.id)])
        )
        self.assertTrue(
            self.as_user(self.all_user, Assessment).search([("id", "=", mine.id)])
        )
        self.assertFalse(
            self.as_user(self.other_director, Assessment).search([("id", "=", mine.id)])
        )

    def test_grade_acts_on_orders_as_the_settings_say(self):
        """A customer who isn't reliable: warning, hold or payment in advance."""
        company, order = self.env.company, self.make_order(self.nordwind)
        company.key_account_order_check = "none"
        advance = self.make_payment_term(0)
        assessment = self.assess(self.account, bank="poor", market="poor")
        self.assertFalse(order.key_account_credit_issue, "a draft says nothing")
        assessment.action_done()
        clerk_order = self.as_user(self.clerk, order)
        order.invalidate_recordset()
        self.assertIn("not reliable", clerk_order.key_account_credit_issue)
        self.assertFalse(clerk_order.key_account_is_held)
        company.key_account_unreliable_check = "block"
        company.key_account_unreliable_term_id = advance
        order.invalidate_recordset()
        with self.assertRefused("not reliable", "0 of 100"):
            clerk_order.action_confirm()
        new = self.make_order(self.nordwind, env=clerk_order.env)
        self.assertEqual(new.payment_term_id.id, advance.id)
        new.sudo().partner_id = self.bergmann
        self.assertNotEqual(new.payment_term_id.id, advance.id)
        self.as_user(self.director, order).action_release_key_account("Bürgschaft da")
        clerk_order.action_confirm()
        self.assertEqual(order.state, "sale")
        # Grown since, it is one that no one has released.
        with self.assertRefused("can't be changed like this"):
            self.as_user(self.clerk, order).order_line[0].product_uom_qty += 5
        company.key_account_unreliable_check = "none"
        self.as_user(self.clerk, order).order_line[0].product_uom_qty += 5

    def test_an_assessment_that_ran_out_or_got_better_does_nothing(self):
        self.env.company.key_account_order_check = "none"
        self.env.company.key_account_unreliable_check = "block"
        assessment = self.assess(self.account, bank="poor", market="poor")
        assessment.valid_until = self.today - timedelta(days=1)
        assessment.action_done()
        order = self.make_order(self.nordwind)
        self.assertFalse(order.key_account_credit_issue)
        self.assess(self.account, bank="poor", market="poor").action_done()
        order.invalidate_recordset()
        self.assertTrue(order.key_account_is_held)
        self.assess(self.account, bank="good", market="good").action_done()
        order.invalidate_recordset()
        self.assertFalse(order.key_account_is_held)

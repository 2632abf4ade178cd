# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
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

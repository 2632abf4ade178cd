# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import io
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from lxml import etree
from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon

from ...models.plan.plan_xlsx import plan_workbook

SECRET = "Geheime Notiz"


class PlanCommon(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.key_account_data_minimum = 0
        # The account team writes and reads plans.
        cls.env.user.group_ids += cls.env.ref("base.group_allow_export")

    @classmethod
    def make_plan(cls, *goals, account=None, user=None, **values):
        """Return a plan of this year; objectives as (measure, target) pairs."""
        env = cls.as_user(user or cls.kam)
        return env["key.account.plan"].create(
            {
                "account_id": (account or cls.account).id,
                "date_from": cls.today.replace(month=1, day=1),
                "objective_ids": [
                    Command.create({"measure": measure, "target_value": target})
                    for measure, target in goals
                ],
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestPlan(PlanCommon):
    def test_the_situation_is_filled_in_and_dated(self):
        self.env["key.account.stakeholder"].create(
            {"account_id": self.account.id, "partner_id": self.anna.id}
        )
        plan = self.make_plan()
        self.assertIn("Anna Seidel", plan.situation)
        self.assertEqual(plan.situation_date, self.today)
        self.assertEqual(plan.date_to, self.today.replace(month=12, day=31))

    def test_measures_come_from_the_figures(self):
        year = self.today.year
        self.make_due_invoice(self.nordwind, 400, date(year - 1, 5, 10))
        self.make_due_invoice(self.nordwind, 700, self.today.replace(day=1))
        self.env["key.account.complaint"].create(
            {"subject": "Bruch", "partner_id": self.anna.id}
        )
        self.make_order(self.nordwind).action_confirm()
        members = self.env["key.account.stakeholder"].create(
            [
                {"account_id": self.account.id, "partner_id": self.anna.id},
                {"account_id": self.account.id, "name": "Technik"},
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE key_account_stakeholder SET coverage = 'deep' WHERE id = %s",
            [members[0].id],
        )
        self.env.invalidate_all()
        self.account.action_refresh_figures()
        plan = self.make_plan(
            ("revenue", 1000),
            ("margin", 500),
            ("complaints", 3),
            ("coverage", 80),
            ("new_sites", 2),
            ("other", 5),
        )
        values = {goal.measure: goal.current_value for goal in plan.objective_ids}
        self.assertEqual(
            values,
            {
                "revenue": 700,
                "margin": 696,
                "complaints": 1,
                "coverage": 50,
                "new_sites": 1,
                "other": 0,
            },
        )
        starts = {goal.measure: goal.start_value for goal in plan.objective_ids}
        self.assertEqual((starts["revenue"], starts["coverage"]), (400, 50))
        revenue = plan.objective_ids[0]
        days = (plan.date_to - plan.date_from).days + 1
        elapsed = ((self.today - plan.date_from).days + 1) / days
        self.assertAlmostEqual(revenue.forecast_value, 700 / elapsed, 2)
        self.assertEqual(revenue.progress, 70)
        by_hand = plan.objective_ids[-1]
        by_hand.manual_value = 5
        self.assertEqual((by_hand.current_value, by_hand.status), (5, "reached"))

    def test_fewer_complaints_are_better(self):
        plan = self.make_plan(("complaints", 3))
        goal = plan.objective_ids
        # None yet: on track, and reached only when the year is over.
        self.assertEqual(goal.status, "on_track")
        old = self.make_plan(
            ("complaints", 3), date_from=date(self.today.year - 1, 1, 1)
        )
        self.assertEqual(old.objective_ids.status, "reached")

    def test_a_share_wants_its_category(self):
        with self.assertRefused("category", exception=ValidationError):
            self.make_plan(("category_share", 20))
        category = self.env["product.category"].create({"name": "Werkzeuge"})
        plan = self.make_plan()
        goal = self.as_user(self.kam)["key.account.plan.objective"].create(
            {
                "plan_id": plan.id,
                "measure": "category_share",
                "category_id": category.id,
                "target_value": 20,
            }
        )
        self.assertEqual((goal.name, goal.unit), ("Share of Werkzeuge", "%"))

    def test_versions_keep_what_was(self):
        plan = self.make_plan(("revenue", 1000))
        plan.risk_ids.create({"plan_id": plan.id, "name": "Einkauf wechselt"})
        plan.strategy = "<p>Wachsen</p>"
        plan.action_start()
        action = plan.action_new_version()
        new = plan.browse(action["res_id"])
        self.assertEqual(
            (plan.state, new.state, new.version), ("superseded", "active", 2)
        )
        self.assertEqual(new.objective_ids.target_value, 1000)
        self.assertEqual(new.risk_ids.name, "Einkauf wechselt")
        self.assertIn("Wachsen", new.strategy)
        for change in (
            lambda: plan.write({"strategy": "x"}),
            lambda: plan.objective_ids.write({"target_value": 1}),
            lambda: plan.risk_ids.unlink(),
            lambda: plan.objective_ids.create(
                {"plan_id": plan.id, "measure": "margin", "target_value": 1}
            ),
            plan.action_refresh,
        ):
            with self.assertRefused("kept as it was"):
                change()
        with self.assertConstraint("key.account.plan", "new version"):
            self.make_plan()

    def test_next_year_takes_along_what_was_left_open(self):
        plan = self.make_plan(("revenue", 1000), ("other", 5))
        plan.objective_ids[1].manual_value = 5
        plan.risk_ids.create(
            [
                {"plan_id": plan.id, "name": "Bleibt"},
                {"plan_id": plan.id, "name": "Vorbei", "is_over": True},
            ]
        )
        plan.action_start()
        following = plan.browse(plan.action_copy_to_next()["res_id"])
        self.assertEqual(
            (following.date_from, following.date_to, following.previous_id),
            (
                date(self.today.year + 1, 1, 1),
                date(self.today.year + 1, 12, 31),
                plan,
            ),
        )
        self.assertEqual(following.objective_ids.mapped("measure"), ["revenue"])
        self.assertEqual(following.risk_ids.mapped("name"), ["Bleibt"])
        with self.assertRefused("already"):
            plan.action_copy_to_next()

    def test_plans_of_subsidiaries_roll_up_as_far_as_one_may_read(self):
        for partner, manager in (
            (self.bergmann, self.kam),
            (self.rheintal, self.kam2),
        ):
            child = self.make_account(
                partner, parent_id=self.account.id, manager_id=manager.id
            )
            self.make_plan(("revenue", 300), account=child, user=manager)
        plan = self.make_plan(("revenue", 1000))
        self.assertEqual(plan.objective_ids.group_target, 1300)
        self.assertEqual(
            plan.child_plan_ids.account_id.partner_id,
            self.as_user(self.kam, self.bergmann),
        )

    def test_the_account_team_alone(self):
        plan = self.make_plan(("revenue", 1000), strategy="<p>Geheimplan</p>")
        goal, risk = (
            plan.objective_ids,
            plan.risk_ids.create({"plan_id": plan.id, "name": "Geheim"}),
        )
        message = plan.message_post(body=SECRET)
        self.as_user(self.kam)["key.account.team.member"].create(
            {"account_id": self.account.id, "user_id": self.kam2.id}
        )
        self.assertTrue(self.as_user(self.kam2, plan).strategy, "in the team")
        for user in (self.director, self.all_user, self.env.user, self.clerk):
            for record in (plan, goal, risk):
                other = self.as_user(user, record)
                with self.assertRaises(AccessError):
                    other.read(["display_name"])
                with self.assertRaises(AccessError):
                    other.export_data(["display_name"])
                if user != self.clerk:
                    self.assertFalse(other.search([]))
                    self.assertFalse(other.name_search(""))
                    self.assertFalse(
                        other.formatted_read_group([], [], ["__count"])[0]["__count"]
                    )
            with self.assertRaises(AccessError):
                self.as_user(user, message).read(["body"])
            account = self.as_user(user, self.account)
            if user != self.clerk:
                self.assertEqual(account.plan_count, 0)
        with self.assertRaises(AccessError):
            self.make_plan(user=self.director, date_from=date(2031, 1, 1))
        with self.assertRaises(AccessError):
            self.as_user(self.director)["ir.actions.report"]._render_qweb_html(
                "key_account_management_plan.report_key_account_plan", plan.ids
            )

    def test_a_plan_doesnt_move_to_another_team(self):
        other = self.make_account(self.bergmann, manager_id=self.kam2.id)
        plan = self.make_plan(("revenue", 1))
        theirs = self.make_plan(("revenue", 1), account=other, user=self.kam2)
        risk = plan.risk_ids.create({"plan_id": plan.id, "name": "Bleibt"})
        with self.assertRefused("stays with its account"):
            plan.account_id = other.id
        for record in (plan.objective_ids, risk):
            with self.assertRefused("stays with its plan"):
                record.plan_id = theirs.id

    def test_what_the_server_writes(self):
        plan = self.make_plan(("revenue", 1000))
        for record, values in (
            (plan, {"state": "closed"}),
            (plan, {"version": 7}),
            (plan, {"situation": "<p>x</p>"}),
            (plan, {"previous_id": plan.id}),
            (plan.objective_ids, {"current_value": 5000.0}),
            (plan.objective_ids, {"taken_on": self.today}),
        ):
            with self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(UserError):
            self.make_plan(date_from=date(2032, 1, 1)).action_start()

    def test_my_day_wants_the_next_plan(self):
        first = self.today.replace(day=1) - timedelta(days=1)
        plan = self.make_plan(
            ("revenue", 1000),
            date_from=first.replace(day=1),
            date_to=self.today + relativedelta(day=31),
        )
        plan.action_start()
        day = self.as_user(self.kam)["key.account.day"]
        account = self.as_user(self.kam, self.account)

        def kinds():
            return [each.kind for each in day._day_signals(account, self.today)]

        self.assertIn("plan", kinds())
        plan.action_copy_to_next()
        self.assertNotIn("plan", kinds())

    def test_the_workbook_works_out_by_formulas(self):
        plan = self.make_plan(("revenue", 1000), ("coverage", 80))
        plan.objective_ids[0].name = "=1+1"
        book = load_workbook(io.BytesIO(plan_workbook(plan)))
        sheet = book["Objectives"]
        self.assertEqual(sheet["A5"].value, "=1+1")
        self.assertEqual(sheet["A5"].data_type, "s", "text, no formula")
        self.assertEqual(sheet["H5"].value, "=IF((D5-0)=0,0,(E5-0)/(D5-0))")
        self.assertEqual(sheet["H6"].value, "=IF((D6-C6)=0,0,(E6-C6)/(D6-C6))")
        self.assertIn("TODAY()-G5>$B$2", sheet["J5"].value)
        self.assertTrue(sheet.conditional_formatting)
        quarters = book["Quarters"]
        self.assertEqual(quarters["C5"].value, "=SUM(C2:C4)")
        self.assertEqual(quarters["C18"].value, "=C5+C9+C13+C17")

    def test_queries_are_constant(self):
        plan = self.make_plan(("revenue", 1), ("complaints", 1))
        goals = plan.objective_ids

        def take():
            goals._take_values()

        take()
        few = self.count_queries(take)
        goals |= goals.create(
            [
                {"plan_id": plan.id, "measure": measure, "target_value": 1}
                for measure in ("margin", "otif", "coverage", "new_sites", "other")
            ]
        )
        take()
        self.assertLessEqual(self.count_queries(take), few)


@tagged("post_install", "-at_install")
class TestPlanDownload(HttpCase, PlanCommon):
    def test_the_workbook_is_for_the_team(self):
        plan = self.make_plan(("revenue", 1000))
        self.authenticate(self.kam.login, self.kam.login)
        answer = self.url_open(plan.action_xlsx()["url"])
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.content.startswith(b"PK"))
        self.authenticate(self.director.login, self.director.login)
        answer = self.url_open(f"/key_account/plan/{plan.id}.xlsx")
        self.assertNotEqual(answer.status_code, 200)
        self.kam.group_ids -= self.env.ref("base.group_allow_export")
        self.authenticate(self.kam.login, self.kam.login)
        answer = self.url_open(f"/key_account/plan/{plan.id}.xlsx")
        self.assertNotEqual(answer.status_code, 200)

    def test_the_pdf_page(self):
        plan = self.make_plan(("revenue", 1000), strategy="<p>Wachsen</p>")
        html = self.as_user(self.kam)["ir.actions.report"]._render_qweb_html(
            "key_account_management_plan.report_key_account_plan", plan.ids
        )[0]
        text = " ".join(etree.HTML(html).itertext())
        for part in ("Confidential", "Wachsen", "Situation as of", "Revenue"):
            self.assertIn(part, text)

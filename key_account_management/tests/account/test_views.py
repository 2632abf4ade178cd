# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from ast import literal_eval

from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import KeyAccountCommon

BANNER = (
    "key_account_id",
    "key_account_tier_id",
    "key_account_manager_id",
    "key_account_acting_manager_id",
)


@tagged("post_install", "-at_install")
class TestViews(KeyAccountCommon):
    """The views load for each role, and all their filters work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = (cls.kam, cls.all_user, cls.director)

    def test_key_account_form(self):
        """Each role can make a key account in the form."""
        partners = self.bergmann | self.rheintal | self.rheintal_sued
        for user, partner in zip(self.roles, partners, strict=True):
            form = Form(self.as_user(user)["key.account"])
            form.partner_id = partner
            self.assertEqual(form.manager_id, user)
            form.tier_id = self.prospect
            form.next_review_date = self.today
            with form.team_member_ids.new() as member:
                member.user_id = self.kam2
            account = form.save()
            self.assertEqual(account.tier_id, self.prospect)
            self.assertEqual(account.team_member_ids.user_id, self.kam2)

    def test_key_account_form_edit(self):
        """The form of an existing account saves preferences and note."""
        with Form(self.as_user(self.kam, self.account)) as form:
            form.preferences = "Anrufe nur vormittags"
            form.confidential_note = "Neue Zentrale in Kiel"
            form.pricelist_id = self.silver_list
        self.assertIn("vormittags", self.account.preferences)
        self.assertIn("Kiel", self.as_user(self.kam, self.account).confidential_note)
        with Form(self.as_user(self.director, self.account)) as form:
            form.phase = "grow"
        self.assertIn("Kiel", self.as_user(self.kam, self.account).confidential_note)

    def test_tier_form(self):
        """A director can make a tier with its benefits in the form."""
        tiers = self.as_user(self.director)["key.account.tier"]
        form = Form(tiers.with_context(default_company_id=self.env.company.id))
        form.name = "Bronze"
        form.pricelist_id = self.silver_list
        form.payment_term_id = self.term_45
        tier = form.save()
        self.assertEqual(tier.pricelist_id, self.silver_list)
        self.assertEqual(tier.copy().name, "Bronze (copy)")

    def test_tier_change_form(self):
        """A director can decide on a proposal in its form."""
        account = self.as_user(self.kam)["key.account"].create(
            {"partner_id": self.bergmann.id, "tier_id": self.gold.id}
        )
        change = self.as_user(self.director, account.tier_change_ids)
        with Form(change) as form:
            form.decision_note = "Gern"
        change.action_approve()
        self.assertEqual(account.tier_id, self.gold)

    def test_order_form_with_banner(self):
        """The order form has the banner for account managers and for clerks."""
        for user in (self.kam, self.clerk):
            form = Form(self.as_user(user)["sale.order"])
            form.partner_id = self.anna
            for fname in BANNER:
                self.assertTrue(form[fname], fname)
            self.assertIn("Tier Gold", form.key_account_pricelist_origin)
            form.partner_id = self.rheintal
            self.assertFalse(form.key_account_id)
            self.assertFalse(form.key_account_pricelist_origin)

    def test_invoice_form_with_banner(self):
        """The invoice form has the banner; the bill form doesn't."""
        moves = self.as_user(self.accountant)["account.move"]
        form = Form(moves.with_context(default_move_type="out_invoice"))
        form.partner_id = self.anna
        for fname in BANNER:
            self.assertTrue(form[fname], fname)
        form = Form(
            self.env["account.move"].with_context(default_move_type="in_invoice")
        )
        form.partner_id = self.nordwind
        self.assertFalse(form.key_account_id)

    def test_customer_form_with_badge(self):
        """The customer form shows tier and manager to all internal users."""
        for user in (self.kam, self.clerk, self.outsider):
            view = self.as_user(user)["res.partner"].get_view(view_type="form")
            self.assertIn("key_account_tier_id", view["arch"])
            form_fields = etree.fromstring(view["arch"])
            buttons = form_fields.xpath("//button[@name='action_make_key_account']")
            self.assertEqual(bool(buttons), user == self.kam, user.name)
        form = Form(self.as_user(self.kam, self.nordwind))
        self.assertEqual(form.key_account_tier_id, self.gold)

    def test_every_view_loads(self):
        """Each view of our models loads for every role that can open it."""
        for model, kinds in (
            ("key.account", ("form", "list", "kanban", "search", "activity")),
            ("key.account.tier", ("form", "list", "search")),
            ("key.account.tier.change", ("form", "list", "search")),
            ("key.account.segment", ("list",)),
            ("key.account.create", ("form",)),
            ("key.account.handover", ("form",)),
            ("sale.report", ("search", "pivot")),
            ("account.invoice.report", ("search", "pivot")),
        ):
            for user in self.roles:
                for kind in kinds:
                    view = self.as_user(user)[model].get_view(view_type=kind)
                    self.assertTrue(view["arch"], f"{model} {kind}")

    def search_filters(self, model, user):
        """Search by every filter and field; group by every grouping."""
        records = self.as_user(user)[model]
        arch = etree.fromstring(records.get_view(view_type="search")["arch"])
        names = {"uid": user.id, "self": "a", "context_today": lambda: self.today}
        names["current_date"] = str(self.today)
        searched = set()
        for node in arch.iter("filter"):
            name = node.get("name") or ""
            if domain := node.get("domain"):
                if "relativedelta" in domain or "datetime" in domain:
                    continue  # Odoo's own, for the web client
                records.search(safe_eval(domain, dict(names)), limit=5)
                searched.add(name)
            if context := node.get("context"):
                group_by = literal_eval(context).get("group_by")
                if group_by and "key_account" in f"{model}{group_by}".replace(".", "_"):
                    records.formatted_read_group([], [group_by], ["__count"])
                    searched.add(name)
        for node in arch.iter("field"):
            if domain := node.get("filter_domain"):
                records.search(safe_eval(domain, dict(names)), limit=5)
            elif "key" in model or "key_account" in node.get("name"):
                records.search([(node.get("name"), "ilike", "a")], limit=5)
        return searched

    def test_filters_of_our_models(self):
        """Every filter, search field and grouping of our search views works."""
        for user in self.roles:
            searched = self.search_filters("key.account", user)
            self.assertLessEqual(
                {"my_accounts", "in_my_charge", "review_overdue", "group_by_tier"},
                searched,
            )
            self.search_filters("key.account.tier", user)
            searched = self.search_filters("key.account.tier.change", user)
            self.assertIn("to_approve", searched)

    def test_filters_on_documents(self):
        """The filters on orders, customers and analyses work for clerks, too."""
        for user in (*self.roles, self.clerk):
            self.assertIn("my_key_accounts", self.search_filters("sale.order", user))
            self.assertIn("key_accounts", self.search_filters("res.partner", user))
            self.search_filters("sale.report", user)
            self.search_filters("product.pricelist", user)
        searched = self.search_filters("account.invoice.report", self.kam)
        self.assertIn("group_by_key_account_tier", searched)

    def test_filters_find(self):
        """Each filter finds the records that its name promises."""
        mine = self.as_user(self.kam)["key.account"]
        arch = etree.fromstring(mine.get_view(view_type="search")["arch"])
        for name, expected in (
            ("my_accounts", self.account),
            ("in_my_charge", self.account),
            ("no_tier", mine.browse()),
            ("no_deputy", self.account),
            ("ended", mine.browse()),
        ):
            (node,) = arch.xpath(f"//filter[@name='{name}']")
            domain = safe_eval(node.get("domain"), {"uid": self.kam.id})
            self.assertEqual(mine.search(domain), expected, name)

    def test_board_shows_empty_tiers(self):
        """The board has a column for each tier of the company, even an empty one."""
        foreign = self.env["key.account.tier"].create(
            {"name": "Platin", "company_id": self.other_company.id}
        )
        for user in (self.kam, self.director):
            accounts = self.as_user(user)["key.account"]
            # The web client asks for the columns of a board in this way.
            accounts = accounts.with_context(read_group_expand=True)
            board = accounts.web_read_group([], ["tier_id"], ["__count"])
            counts = {
                group["tier_id"] and group["tier_id"][0]: group["__count"]
                for group in board["groups"]
            }
            self.assertEqual(counts[self.gold.id], 1)
            self.assertEqual(counts[self.silver.id], 0)
            self.assertNotIn(foreign.id, counts)

    def test_actions_and_menus(self):
        """Each visible menu opens a model that the user can read."""
        root = self.env.ref("key_account_management.key_account_menu_root")
        menus = self.env["ir.ui.menu"].search([("id", "child_of", root.id)])
        actions = [menu.action for menu in menus if menu.action]
        self.assertGreaterEqual(len(actions), 6)
        for user in self.roles:
            visible = self.as_user(user)["ir.ui.menu"]._visible_menu_ids()
            for menu in menus.filtered("action"):
                if menu.id in visible:
                    action = menu.action
                    if action._name == "ir.actions.client":
                        continue
                    runs_code = action._name == "ir.actions.server"
                    model = action.model_name if runs_code else action.res_model
                    records = self.as_user(user)[model]
                    self.assertTrue(records.has_access("read"), menu.name)
        visible = self.as_user(self.clerk)["ir.ui.menu"]._visible_menu_ids()
        self.assertNotIn(root.id, visible)

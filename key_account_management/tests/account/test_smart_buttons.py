# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import KeyAccountCommon

MODELS = (
    "key.account",
    "key.account.agreement",
    "key.account.complaint",
    "key.account.price.audit",
    "account.move",
    "crm.lead",
    "loyalty.program",
    "product.pricelist",
    "res.partner",
    "sale.order",
)


@tagged("post_install", "-at_install")
class TestSmartButtons(KeyAccountCommon):
    """What the buttons with a number on the forms open."""

    def buttons(self, model):
        """Return the names of the methods behind the buttons of a form."""
        arch = etree.fromstring(model.get_view(view_type="form")["arch"])
        return set(arch.xpath("//button[@type='object'][not(ancestor::field)]/@name"))

    def record(self, model):
        if model._name == "key.account":
            return self.as_user(self.director, self.account)
        if model._name == "res.partner":
            return self.as_user(self.director, self.nordwind)
        return model.search([], limit=1)

    def test_each_opens_a_list_or_form_that_can_be_read(self):
        """Each button of ours answers with an action whose domain and view exist."""
        self.make_order(self.nordwind)
        pressed = set()
        for name in MODELS:
            model = self.as_user(self.director, self.env[name])
            record = self.record(model)
            for button in self.buttons(model) if record else ():
                if not button.startswith("action_view_"):
                    continue
                with self.subTest(model=name, button=button):
                    action = getattr(record, button)()
                    if not action or action["type"] != "ir.actions.act_window":
                        continue
                    target = self.as_user(self.director, self.env[action["res_model"]])
                    domain = action.get("domain") or []
                    if isinstance(domain, str):
                        domain = safe_eval(domain)
                    target.search(domain, limit=1)
                    for view in action.get("view_mode", "form").split(","):
                        target.get_view(view_type=view)
                pressed.add((name, button))
        self.assertIn(("key.account", "action_view_open_quotations"), pressed)
        self.assertGreater(len(pressed), 12)

    def test_open_quotations(self):
        """Only what the customer hasn't answered is behind the open quotations."""
        quotation = self.make_order(self.nordwind)
        confirmed = self.make_order(self.nordwind)
        confirmed.action_confirm()
        foreign = self.make_order(self.bergmann)
        action = self.as_user(self.kam, self.account).action_view_open_quotations()
        found = self.env["sale.order"].search(action["domain"])
        self.assertIn(quotation, found)
        self.assertFalse(found & (confirmed | foreign))

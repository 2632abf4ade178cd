# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the tests of trust share: the roles, and a record of each model.

``PREPARE`` is run in Odoo's shell. It leaves ``ROLES``, ``account``, ``ours``,
``theirs``, ``user()``, ``models``, ``records``, ``RECIPES`` and ``problems``.
"""

PREPARE = """
import json
import uuid
from odoo import Command
ROLES = {
    "employee": "base.group_user",
    "clerk": "sales_team.group_sale_salesman",
    "complaints": "key_account_management.group_key_account_complaint",
    "accountant": "account.group_account_invoice",
    "manager": "key_account_management.group_key_account_user",
    "all accounts": "key_account_management.group_key_account_all",
    "director": "key_account_management.group_key_account_director",
    "portal": "base.group_portal",
    "public": "base.group_public",
}
portal = env["res.users"].search([("login", "=", "einkauf")])
account = env["key.account"].search(
    [("partner_id", "=", portal.partner_id.commercial_partner_id.id)])
ours = account.company_id
# In force, so that the customer reads it.
agreement = env["key.account.agreement"].create(dict(account_id=account.id,
    title="Rahmenvertrag", date_start="2026-01-01",
    commitment_ids=[Command.create(dict(kind="revenue", target=1000.0))]))
env.flush_all()
env.cr.execute("UPDATE key_account_agreement SET state = 'active' WHERE id = %s",
    [agreement.id])
env.invalidate_all()
theirs = env["res.company"].create(dict(name="Donauhandel GmbH"))
def user(role, company, password=None):
    login = "%s.%s" % (role, company.id)
    return env["res.users"].with_context(no_reset_password=True).create(dict(
        name=login, login=login, company_id=company.id,
        company_ids=[Command.set(company.ids)],
        group_ids=[Command.set(env.ref(ROLES[role]).ids)],
        **(dict(password=password) if password else {})))
MODULES = ("key_account_management", "key_account_management_bonus",
    "key_account_management_plan")
models = sorted(
    name for name, model in env.registry.items()
    if model._original_module in MODULES and not model._abstract)
AUDIT = env["key.account.price.audit"].search([], limit=1) or \\
    env["key.account.price.audit"].with_company(ours).create(dict(company_id=ours.id,
        date_from="2026-01-01", date_to="2026-12-31"))
line = env["account.move.line"].search([("move_id.key_account_id", "!=", False),
    ("display_type", "=", "product"), ("company_id", "=", ours.id)], limit=1)
complaint = env["key.account.complaint"].search([("account_id", "!=", False)], limit=1)
clock = env["key.account.complaint.clock"].search([], limit=1)
bonus = env["key.account.rebate"].create(dict(name="Bonus", account_id=account.id,
    date_start="2026-01-01",
    step_ids=[Command.create(dict(bound=1000.0, value=1.0))]))
rival = env["key.account.competitor"].create(dict(name="Mustermann AG"))
who = env["key.account.stakeholder"].create(dict(account_id=account.id, name="Chefin"))
review = env["key.account.review"].create(dict(account_id=account.id))
# Plans are read by the account team alone, whatever the role.
plan = env["key.account.plan"].create(dict(account_id=account.id,
    date_from="2031-01-01"))
occasion = env["key.account.occasion"].create(dict(name="Messe",
    start="2031-01-01 10:00:00", company_id=ours.id))
cell = env["product.category"].search([], limit=1)
review_plan = env["key.account.review.plan"].create(dict(account_id=account.id))
RECIPES = {
    # Names are unique, and each call makes one more.
    "key.account.competitor": lambda: dict(name="Muster AG " + uuid.uuid4().hex),
    # Made by the night; the server makes one here.
    "key.account.customer": lambda: dict(company_id=ours.id, account_id=account.id,
        partner_id=env["res.partner"].create(dict(name="Muster AG")).id),
    "key.account.tier.figure": lambda: dict(criterion="revenue_12m",
        change_id=env["key.account.tier.change"].search(
            [("account_id", "=", account.id)], limit=1).id),
    "key.account.price.audit.warning": lambda: dict(audit_id=AUDIT.id,
        account_id=account.id, kind="commitment"),
    "key.account.preference": lambda: dict(account_id=account.id, name="Tor 3"),
    "key.account.share": lambda: dict(account_id=account.id, competitor_id=rival.id),
    "key.account.stakeholder": lambda: dict(account_id=account.id, name="Einkauf"),
    "key.account.review": lambda: dict(account_id=account.id),
    "key.account.promise": lambda: dict(review_id=review.id, name="Muster",
        user_id=env.ref("base.user_admin").id, date="2026-12-31"),
    "key.account.plan": lambda: dict(account_id=account.id, date_from="2032-01-01"),
    "key.account.plan.objective": lambda: dict(plan_id=plan.id, measure="revenue",
        target_value=1.0),
    "key.account.plan.risk": lambda: dict(plan_id=plan.id, name="Risiko"),
    "key.account.need": lambda: dict(account_id=account.id, name="Bedarf"),
    "key.account.occasion": lambda: dict(name="Messe", start="2031-02-01 10:00:00"),
    "key.account.invitation": lambda: dict(occasion_id=occasion.id,
        stakeholder_id=who.id),
    "key.account.white.space": lambda: dict(account_id=account.id,
        company_id=ours.id, category_id=cell.id),
    "key.account.review.slot": lambda: dict(plan_id=review_plan.id,
        start="2031-01-02 10:00:00"),
    "res.partner": lambda: dict(name="Neuer Kontakt"),
    "key.account.rebate.settlement": lambda: dict(rebate_id=bonus.id, number=1,
        date_from="2026-01-01", date_to="2026-12-31", day="2026-11-01", amount=1.0),
    "key.account.rebate.accrual": lambda: dict(rebate_id=bonus.id, number=1,
        month="2026-10-31", amount=1.0),
    "key.account.rebate.exclusion": lambda: dict(rebate_id=bonus.id, reason="Test",
        line_id=env["account.move.line"].search([("display_type", "=", "product"),
            ("move_id.key_account_id", "=", account.id)], limit=1).id),
    "key.account.rebate.dispute": lambda: dict(rebate_id=bonus.id, text="Test",
        author_id=portal.partner_id.id),
    "key.account.price.audit.line": lambda: dict(
        audit_id=AUDIT.id, move_line_id=line.id,
        account_id=line.move_id.key_account_id.id),
    "key.account.monthly.report": lambda: dict(
        account_id=account.id, month="2026-10-01"),
    "key.account.complaint.why": lambda: dict(complaint_id=complaint.id, question="?",
        answer="!"),
    "key.account.complaint.action": lambda: dict(
        complaint_id=complaint.id, name="Bench", kind="corrective"),
    "key.account.complaint.escalation": lambda: dict(clock_id=clock.id, level=1),
    "key.account.complaint.pause": lambda: dict(
        clock_id=clock.id, start="2026-10-01 10:00:00"),
    "key.account.team.member": lambda: dict(
        account_id=account.id, user_id=env.ref("base.user_admin").id),
    "key.account.referral": lambda: dict(
        account_id=account.id, reward_type="credit", amount=10.0),
    "key.account.obligation": lambda: dict(agreement_id=agreement.id, name="Muster",
        user_id=env.ref("base.user_admin").id, date_due="2026-12-31"),
    "key.account.reliability": lambda: dict(account_id=account.id),
    "key.account.target": lambda: dict(account_id=account.id, target_revenue=1.0,
        date_from="2031-01-01"),
    "key.account.tier.change": lambda: dict(account_id=account.id, reason="Test",
        to_tier_id=False),
    "key.account.kpi.queue": lambda: dict(account_id=account.id),
    "key.account.day.skip": lambda: dict(account_id=account.id, company_id=ours.id,
        user_id=env.ref("base.user_admin").id, kind="contact", matter="Test",
        res_model="key.account", res_id=account.id, reason="Test"),
    "key.account.failure": lambda: dict(name="Test", model="key.account",
        res_id=account.id, reason="Test", date="2026-11-01 00:00:00",
        company_id=ours.id),
}
problems = {}
def pick(name):
    model = env[name]
    if model._transient:
        return model
    record = model.browse()
    if "account_id" in model._fields and model._fields["account_id"].store:
        record = model.search([("account_id", "=", account.id)], limit=1)
    if name == "key.account.agreement":
        record = agreement
    if not record and name in RECIPES:
        try:
            with env.cr.savepoint():
                record = model.create(RECIPES[name]())
        except Exception as error:
            problems[name] = str(error)[:150]
    if not record:
        record = model.search([("company_id", "in", (ours.id, False))]
            if "company_id" in model._fields and model._fields["company_id"].store
            else [], limit=1)
    return record
records = {name: pick(name) for name in models}
"""

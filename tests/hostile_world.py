# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the hostile client attacks: run in Odoo's shell, which gives ``env``.

``make_world`` makes users of each role in two companies, picks a record of each model
and lists the fields that only the server writes and the public methods. Its caller
gives it the globals of ``trust.PREPARE``.
"""

import inspect
import json

from odoo import Command

FAMILY = "key_account_management"
#: Arguments of public methods, by their names; all others get a text.
GUESSES = {
    "vals": {},
    "values": {},
    "vals_list": [{}],
    "fields_list": [],
    "fields": [],
    "ids": [],
    "domain": [],
    "groupby": [],
    "aggregates": [],
    "date": "2026-11-01",
    "day": "2026-11-01",
    "partner_ids": [],
    "view_id": None,
    "data": [],
    "specification": {},
    "msg_dict": {},
    "custom_values": {},
    "message": None,
    "default": None,
    "limit": 1,
    "offset": 0,
    "access_token": None,
}
#: The table of fields tries these, and core checks who may call them.
DOORS = {
    "create",
    "write",
    "unlink",
    "copy",
    "copy_data",
    "default_get",
    "read",
    "search",
    "fields_get",
}


def is_ours(field):
    """Tell whether no one but our addons defines a field."""
    return bool(field._modules) and all(
        module.startswith(FAMILY) for module in field._modules
    )


def guarded_fields(model):
    """Return the names of the stored fields of ours that clients are not to write."""
    names = {
        name
        for name, field in model._fields.items()
        if is_ours(field) and field.store and (field.readonly or field.compute)
    }
    if hasattr(model, "_server_written_fields"):
        names |= {
            name for name in model._server_written_fields() if model._fields[name].store
        }
    return sorted(name for name in names if model._fields[name].type != "one2many")


def hostile_value(env, field, used):
    """Return a value that differs from the one in use, None where there is no other."""
    kind = field.type
    if kind == "boolean":
        return not used
    if kind == "selection":
        others = [key for key in field.get_values(env) if key != used]
        return others[-1] if others else None
    if kind == "many2one":
        Comodel = env[field.comodel_name].with_context(active_test=False)
        others = [("id", "!=", used.id)]
        return Comodel.search(others, limit=1, order="id desc").id or None
    if kind == "many2many":
        return [Command.set(env[field.comodel_name].search([], limit=1).ids)]
    return {
        "char": "hostile",
        "text": "hostile",
        "html": "hostile",
        "float": 12345,
        "monetary": 12345,
        "integer": 12345,
        "many2one_reference": 12345,
        "date": "2001-01-01",
        "datetime": "2001-01-01 00:00:00",
        "json": {"hostile": 1},
        "binary": "aG9zdGlsZQ==",
    }[kind]


def plain_recipe(model, record):
    """Return the required values of a record, to create another one like it."""
    recipe = {}
    for name, field in model._fields.items():
        wanted = field.required and field.store and not field.readonly
        if wanted and not field.related and name != "company_id":
            value = record[name]
            recipe[name] = value.id if field.type == "many2one" else value
    return json.loads(json.dumps(recipe, default=str))


def list_fields(env, pick, recipes, problems):
    """Return id, recipe and hostile values for each model with guarded fields."""
    targets = {}
    for name in sorted(env.registry):
        model = env[name]
        names = guarded_fields(model)
        if model._abstract or model._transient or not model._auto or not names:
            continue
        record = pick(name)
        if not record:
            problems[name] = "no record"
            continue
        fields = {}
        for field_name in names:
            field = model._fields[field_name]
            default = model.sudo().default_get([field_name]).get(field_name)
            if field.type == "many2one":
                default = env[field.comodel_name].browse(default or [])
            fields[field_name] = {
                "type": field.type,
                "write": hostile_value(env, field, record.sudo()[field_name]),
                "create": hostile_value(env, field, default),
            }
        recipe = recipes.get(name) or plain_recipe(model, record)
        targets[name] = {"id": record.id, "fields": fields, "recipe": recipe}
    return targets


def is_public(model, name):
    """Tell whether clients can call a method that our code defines or overrides."""
    if name.startswith("_") or not callable(getattr(type(model), name, None)):
        return False
    classes = [cls for cls in type(model).mro() if name in vars(cls)]
    if any(getattr(vars(cls)[name], "_api_private", False) for cls in classes):
        return False
    return any(cls.__module__.startswith(f"odoo.addons.{FAMILY}") for cls in classes)


def guess_arguments(method):
    """Return a value for each argument that has to be given."""
    given = {}
    for name, parameter in inspect.signature(method).parameters.items():
        open_end = (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        if (
            name != "self"
            and parameter.default is parameter.empty
            and parameter.kind not in open_end
        ):
            given[name] = GUESSES.get(name, "Test")
    return given


def list_methods(env, pick):
    """Return a record and the public methods of ours, by model."""
    found = {}
    for name in sorted(env.registry):
        model = env[name]
        names = [n for n in dir(type(model)) if n not in DOORS and is_public(model, n)]
        if model._abstract or not names:
            continue
        methods = {}
        for method_name in sorted(names):
            method = getattr(type(model), method_name)
            methods[method_name] = {
                "kwargs": guess_arguments(method),
                "model": bool(getattr(method, "_api_model", False)),
            }
        record = None if model._transient else pick(name)
        found[name] = {
            "id": record.id if record else None,
            "transient": model._transient,
            "methods": methods,
        }
    return found


class World:
    """The records that the attacks need, beside those of ``trust.PREPARE``."""

    def __init__(self, env, account, agreement, complaint, records, recipes):
        # In the company of the account, which isn't the administrator's first one.
        self.env = env(context={"allowed_company_ids": account.company_id.ids})
        self.account, self.records = account.with_env(self.env), records
        self.agreement, self.complaint = agreement, complaint
        self.customer = self.account.partner_id
        self.company = account.company_id
        self.product = self.find("product.product", sale_ok=True)
        line = Command.create({"product_id": self.product.id})
        self.order = self.make(
            "sale.order",
            partner_id=self.customer.id,
            company_id=self.company.id,
            order_line=[line],
        )
        self.invoice = self.find(
            "account.move",
            key_account_id=account.id,
            move_type="out_invoice",
            state="posted",
        )
        self.program = self.find("loyalty.program", key_account_ledger=True)
        self.card = self.find("loyalty.card", program_id=self.program.id)
        self.pricelist = account.pricelist_id or self.find(
            "product.pricelist", key_account_only=True
        )
        self.newcomer = self.make("res.partner", name="Frisch GmbH")
        self.recipes = {
            name: json.loads(json.dumps(recipe(), default=str))
            for name, recipe in recipes.items()
        } | self.core_recipes()

    def make(self, model, **values):
        return self.env[model].create(values)

    def find(self, model, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env[model].search(domain, limit=1)

    def pick(self, name):
        """Return a record of the account, of the model's with our fields."""
        own = {
            "account.move": self.invoice,
            "account.move.line": self.invoice.invoice_line_ids[:1],
            "loyalty.card": self.card,
            "loyalty.history": self.card.history_ids[:1],
            "loyalty.program": self.program,
            "product.pricelist": self.pricelist,
            "res.partner": self.customer,
            "sale.order": self.order,
            "sale.order.line": self.order.order_line[:1],
        }
        model = self.env[name]
        if self.records.get(name) or name in own:
            return self.records.get(name) or own[name]
        of_company = "company_id" in model._fields and model._fields["company_id"].store
        domain = [("company_id", "=", self.company.id)] if of_company else []
        return model.search(domain, limit=1) or model.search([], limit=1)

    def core_recipes(self):
        """Return what each model needs for another record."""
        customer, account = self.customer.id, self.account.id
        invoice = {"move_type": "out_invoice", "partner_id": customer}
        return {
            "key.account": {"partner_id": self.newcomer.id},
            "account.move": invoice,
            "account.move.line": {
                "move_id": self.make("account.move", **invoice).id,
                "product_id": self.product.id,
            },
            "loyalty.card": {
                "program_id": self.program.id,
                "partner_id": self.newcomer.id,
            },
            "loyalty.history": {
                "card_id": self.card.id,
                "description": "Test",
                "issued": 1.0,
            },
            "loyalty.program": {"name": "Test", "program_type": "loyalty"},
            "product.pricelist": {"name": "Test", "key_account_only": True},
            "sale.order": {"partner_id": customer},
            "sale.order.line": {
                "order_id": self.order.id,
                "product_id": self.product.id,
            },
            "key.account.agreement": {
                "account_id": account,
                "title": "Test",
                "date_start": "2031-01-01",
            },
            "key.account.commitment": {
                "kind": "revenue",
                "target": 5.0,
                "agreement_id": self.agreement.copy().id,
            },
            "key.account.team.member": {
                "account_id": account,
                "user_id": self.env.ref("base.user_root").id,
            },
            "key.account.complaint": {"subject": "Test", "partner_id": customer},
            "key.account.tier": {"name": "Test"},
            "key.account.price.audit": {
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
            },
            "key.account.rebate": {"name": "Test", "account_id": account},
            # Another line than that of the record.
            "key.account.rebate.exclusion": {
                "rebate_id": self.records["key.account.rebate"].id,
                "reason": "Test",
                "line_id": self.env["account.move.line"]
                .search(
                    [
                        ("display_type", "=", "product"),
                        ("move_id.key_account_id", "=", account),
                    ],
                    offset=1,
                    limit=1,
                )
                .id,
            },
            "key.account.rebate.step": {
                "rebate_id": self.records["key.account.rebate"].id,
                "bound": 77.0,
                "value": 1.0,
            },
            "key.account.target": {
                "account_id": account,
                "target_revenue": 1.0,
                "date_from": "2032-01-01",
            },
        }

    def wizard_context(self):
        """Return defaults by which wizards open on the account's records."""
        account = self.account
        return {
            "active_model": "key.account",
            "active_id": account.id,
            "active_ids": account.ids,
            "default_account_id": account.id,
            "default_account_ids": account.ids,
            "default_agreement_id": self.agreement.id,
            "default_complaint_id": self.complaint.id,
            "default_order_ids": self.order.ids,
            "default_pricelist_id": self.pricelist.id,
            "default_card_id": self.card.id,
            "default_reason": "Test",
            "default_rebate_id": self.records["key.account.rebate"].id,
        }


def make_world(env, given, password):
    """Make the world, and print what the client has to know as a line of JSON.

    :param dict given: the globals of ``trust.PREPARE``
    :param str password: of all users
    """
    logins = {}
    for role in given["ROLES"]:
        # Without a session no one reaches the methods.
        if role != "public":
            companies = given["ours"], given["theirs"]
            users = [given["user"](role, company, password) for company in companies]
            if role == "portal":
                users[0] = given["portal"]
                users[0].password = password
            logins[role] = [user.login for user in users]
    names = ("account", "agreement", "complaint", "records")
    world = World(env, *(given[name] for name in names), given["RECIPES"])
    problems = given["problems"]
    facts = {
        "targets": list_fields(env, world.pick, world.recipes, problems),
        "methods": list_methods(env, world.pick),
        "logins": logins,
        "problems": problems,
        "wizard_context": world.wizard_context(),
    }
    env.flush_all()
    env.cr.execute("UPDATE key_account SET deputy_id = NULL")
    member = given["records"]["key.account.team.member"]
    env.cr.execute("DELETE FROM key_account_team_member WHERE id != %s", [member.id])
    env.cr.commit()
    print("HOSTILE" + json.dumps(facts, default=str))

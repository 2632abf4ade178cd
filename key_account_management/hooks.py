# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What installing does to data that is there, and what stays after uninstalling."""

import logging
import re

from odoo.tools import SQL

_logger = logging.getLogger(__name__)

MODULE = "key_account_management"


def post_init_hook(env):
    """Give the loyalty history from before its own days and kinds."""
    env.cr.execute(
        """
        UPDATE loyalty_history
           SET key_account_date = create_date::date,
               key_account_kind = CASE
                   WHEN COALESCE(issued, 0) >= COALESCE(used, 0)
                   THEN CASE WHEN order_id IS NULL OR order_id = 0
                             THEN 'gift' ELSE 'earn' END
                   WHEN order_id IS NULL OR order_id = 0 THEN 'correction'
                   ELSE 'spend' END
         WHERE key_account_kind IS NULL
        """
    )


def uninstall_hook(env):
    """Keep special terms from becoming those of everybody, and say what was done.

    Without the addon nothing says any more that a price list or a program is for key
    accounts alone, so those are archived. Saved filters and export templates that name
    our fields would raise errors, and go.
    """
    archived = [*_archive_pricelists(env), *_archive_programs(env)]
    _delete_filters(env)
    if archived:
        text = env._(
            "Key Account Management was uninstalled. Archived, as it was for key "
            "accounts only: %s",
            ", ".join(archived),
        )
        _logger.info("%s", text)
        env.user.partner_id.message_post(body=text)


def _archive_pricelists(env):
    """Archive special price lists; return their names."""
    lists = env["product.pricelist"].search([("key_account_only", "=", True)])
    names = lists.mapped("display_name")
    # By SQL: no check of ours is asked any more.
    if lists:
        env.cr.execute(
            SQL(
                "UPDATE product_pricelist SET active = FALSE WHERE id = ANY(%s)",
                lists.ids,
            )
        )
        lists.invalidate_recordset(["active"])
    for pricelist in lists:
        pricelist._message_log(
            body=env._(
                "Archived: Key Account Management, which kept the list for key "
                "accounts, was uninstalled."
            )
        )
    return names


def _archive_programs(env):
    """Archive programs for some key accounts or tiers; return their names."""
    programs = env["loyalty.program"].search([("key_account_restricted", "=", True)])
    names = programs.mapped("name")
    programs.active = False
    return names


def _delete_filters(env):
    """Delete saved filters and lines of export templates that name our fields."""
    names = _get_field_names(env)
    saved_filters = env["ir.filters"].with_context(active_test=False).search([])
    saved_filters.filtered(
        lambda saved: saved.model_id.startswith("key.account")
        or _names_ours(
            f"{saved.domain} {saved.context} {saved.sort}",
            names.get(saved.model_id, ()),
        )
    ).unlink()
    lines = env["ir.exports.line"].search([("name", "!=", False)])
    lines.filtered(
        lambda line: line.export_id.resource.startswith("key.account")
        or _names_ours(f"'{line.name}'", names.get(line.export_id.resource, ()))
    ).unlink()


def _get_field_names(env):
    """Return the fields that only we have on the models of others.

    :return: dict of model -> set of names
    """
    env.cr.execute(
        """
        SELECT field.model, field.name FROM ir_model_fields field
          JOIN ir_model_data data
            ON data.model = 'ir.model.fields' AND data.res_id = field.id
         WHERE field.model NOT LIKE 'key.account%%'
      GROUP BY field.id HAVING bool_and(data.module LIKE %s)
        """,
        [f"{MODULE}%"],
    )
    names = {}
    for model, name in env.cr.fetchall():
        names.setdefault(model, set()).add(name)
    return names


def _names_ours(text, names):
    """Tell whether a domain, context or path names one of our fields.

    Those with our prefix are found in any model, behind a path for example.
    """
    found = set(re.findall(r"\w+", text))
    return bool(found & set(names)) or any(
        word.startswith("key_account") for word in found
    )

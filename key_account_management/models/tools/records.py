# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What buttons do: count related records, open them, download a file."""

from odoo.exceptions import AccessError


def open_records(env, xml_id, domain, **values):
    """Return an action of a menu, narrowed down to some records.

    :param env: environment of the user
    :param str xml_id: of the window action
    :param domain: which records
    :param values: further keys of the action; without a context of their own, the
        filters and defaults of the menu are left out
    """
    action = env["ir.actions.act_window"]._for_xml_id(xml_id)
    return {**action, "domain": list(domain), "context": {}, **values}


def open_page(env, xml_id, name, **params):
    """Return the action of a page of ours, for one record.

    :param env: environment of the user
    :param str xml_id: of the client action
    :param str name: what the breadcrumb says
    :param params: what the page is told
    """
    action = env["ir.actions.client"]._for_xml_id(xml_id)
    return {**action, "name": name, "params": params}


def check_export(env):
    """Refuse colleagues who can't export: reading is not taking along.

    :param env: environment of the user
    :raise AccessError: for users without Odoo's right to export
    """
    user = env.user
    if not user.share and not env.su and not user.has_group("base.group_allow_export"):
        raise AccessError(
            env._(
                "You don't have the right to export data. Ask an administrator for "
                "“Access to export feature”."
            )
        )


def download(url):
    """Return an action that downloads a file from an address of Odoo."""
    return {"type": "ir.actions.act_url", "url": url, "target": "download"}


class Counts(dict):
    """Numbers by id, 0 for others; a record in a form counts as the saved one."""

    def __missing__(self, key):
        return self.get(getattr(key, "origin", None), 0)


def count_related(records, model, fname, domain=()):
    """Count the records of a model that name these records, in one query.

    :param records: whose related records are counted
    :param str model: name of the model that is counted, or its recordset with sudo
    :param str fname: its field that names the records
    :param domain: which of them count
    :return: :class:`Counts` of id -> number
    """
    if isinstance(model, str):
        model = records.env[model]
    groups = model._read_group(
        [(fname, "in", records.ids), *domain], [fname], ["__count"]
    )
    return Counts(
        (key if isinstance(key, int) else key.id, count) for key, count in groups
    )

# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Call a method as the web client does, tell what came of it, and take it back.

The call itself is that of ``/web/dataset/call_kw``: same session, same user, same
checks. Only the answer differs, and that the transaction is rolled back.
"""

import json

from odoo import http
from odoo.exceptions import AccessDenied, AccessError, MissingError
from odoo.http import request
from odoo.service.model import call_kw
from odoo.tools import SQL

REFUSALS = (AccessError, AccessDenied, MissingError)


def read_value(model, field, res_id):
    """Read the stored value of a field past all rights, as text."""
    column = request.env[model]._fields[field]
    if column.type == "many2many":
        query = SQL(
            "SELECT array_agg(%(second)s ORDER BY %(second)s) FROM %(table)s "
            "WHERE %(first)s = %(id)s",
            table=SQL.identifier(column.relation),
            first=SQL.identifier(column.column1),
            second=SQL.identifier(column.column2),
            id=res_id,
        )
    elif column.type == "binary" and column.attachment:
        query = SQL(
            "SELECT checksum FROM ir_attachment WHERE res_model = %s "
            "AND res_field = %s AND res_id = %s",
            model,
            field,
            res_id,
        )
    else:
        query = SQL(
            "SELECT %s FROM %s WHERE id = %s",
            SQL.identifier(field),
            SQL.identifier(request.env[model]._table),
            res_id,
        )
    request.env.cr.execute(query)
    row = request.env.cr.fetchone()
    value = row and row[0]
    return json.dumps(value, default=str, sort_keys=True)


class HostileClient(http.Controller):
    @http.route("/kam_test_hostile/call", type="jsonrpc", auth="user")
    def call(self, attempts):
        """Make attempts one after the other, each rolled back.

        :param attempts: list of dict with ``calls``, a list of (model, method, args,
            kwargs), in which the argument ``"$"`` stands for the ids that the call
            before returned, and ``look``: (model, fields, id) whose stored values are
            read afterwards; without an id those of the record which was returned;
            with ``result`` the outcome has what the last call returned
        :return: list of dict of ``error`` ("" for none, ``refused``, or the class of
            the exception), ``text``, ``wrote``, ``values`` by field and ``result``
        """
        # What serving the request itself has written isn't the attempt's.
        request.env.cr.rollback()
        return [self._attempt(**attempt) for attempt in attempts]

    def _attempt(self, calls, look=None, result=False):
        # Each attempt with an environment of its own, as each request has.
        env = request.env(su=False)
        outcome = {"error": "", "text": "", "wrote": False, "values": {}}
        returned = None
        try:
            for model, method, args, kwargs in calls:
                args = [returned if arg == "$" else arg for arg in args]
                returned = call_kw(env[model], method, args, kwargs)
            outcome["result"] = returned if result else None
            env.flush_all()
            env.cr.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
            outcome["wrote"] = env.cr.fetchone()[0]
            if look:
                outcome["values"] = self._look(returned, *look)
        except Exception as error:
            refused = isinstance(error, REFUSALS)
            outcome["error"] = "refused" if refused else type(error).__name__
            outcome["text"] = str(error)[:300]
        finally:
            env.cr.rollback()
            env.transaction.reset()
            # Caches that the call has cleared were filled again with what is gone.
            env.registry.reset_changes()
        return outcome

    def _look(self, result, model, fields, res_id):
        if not res_id:
            found = result.get("ids") if isinstance(result, dict) else result
            found = found[0] if isinstance(found, list) and found else found
            res_id = found["id"] if isinstance(found, dict) else found
        if not res_id:
            return {}
        return {field: read_value(model, field, res_id) for field in fields}

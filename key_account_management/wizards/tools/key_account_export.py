# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import base64
import json
import logging
import tempfile

import xlsxwriter
from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...models.tools.records import check_export, download
from ...models.tools.xlsx_export import OPTIONS
from ...models.tools.xlsx_records import RecordSheet

_logger = logging.getLogger(__name__)
#: Up to so many rows are written while the user waits for the download.
AT_ONCE = 20_000
#: Excel's own limit, less the head line.
MAX_ROWS = 1_048_575


class KeyAccountExport(models.TransientModel):
    """A workbook of records: small ones at once, large ones in the background."""

    _name = "key.account.export"
    _description = "Export to a Workbook"
    _order = "id"
    _transient_max_hours = 24.0

    name = fields.Char(required=True, readonly=True)
    model_name = fields.Char(required=True, readonly=True)
    domain = fields.Char(required=True, readonly=True)
    field_names = fields.Char(required=True, readonly=True)
    language = fields.Char(readonly=True)
    company_ids = fields.Many2many("res.company", readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Ready"), ("failed", "Failed")],
        default="waiting",
        required=True,
        readonly=True,
    )
    row_count = fields.Integer(string="Rows", readonly=True)
    done_count = fields.Integer(string="Rows Written", readonly=True)
    progress = fields.Float(compute="_compute_progress")
    attempts = fields.Integer(readonly=True)
    content = fields.Binary(string="Workbook", attachment=True, readonly=True)
    filename = fields.Char(compute="_compute_filename")
    error = fields.Char(readonly=True)

    @api.depends("row_count", "done_count")
    def _compute_progress(self):
        for export in self:
            total = export.row_count
            export.progress = 100.0 * export.done_count / total if total else 0.0

    @api.depends("name")
    def _compute_filename(self):
        for export in self:
            export.filename = f"{export.name}.xlsx"

    @api.model
    def action_export(self):
        """Export what is chosen in the list that the action was called from.

        :return: the download, or the dialog with the progress of a long export
        :raise UserError: for more rows than a worksheet has
        """
        check_export(self.env)
        model = self.env[self.env.context["active_model"]]
        model.check_access("read")
        domain = self._get_chosen_domain()
        count = model.search_count(domain)
        if count > MAX_ROWS:
            raise UserError(
                self.env._(
                    "A worksheet can hold %(limit)s rows, but the list has %(count)s. "
                    "Filter the list first.",
                    limit=MAX_ROWS,
                    count=count,
                )
            )
        export = self.create(
            {
                "name": self.env["ir.model"]._get(model._name).name,
                "model_name": model._name,
                "domain": json.dumps(list(domain), default=list),
                "field_names": json.dumps(self._list_columns(model)),
                "language": self.env.lang,
                "company_ids": [(6, 0, self.env.companies.ids)],
                "row_count": count,
            }
        )
        if count <= AT_ONCE:
            return download(f"/key_account/export/{export.id}.xlsx")
        export._start()
        return export.action_refresh()

    @api.model
    def _get_chosen_domain(self):
        """Return the domain of the records that are selected in the list."""
        context = self.env.context
        chosen = context.get("active_ids") or []
        limit = int(
            # sudo: the same limit that the web client has been given.
            self.env["ir.config_parameter"].sudo().get_param("web.active_ids_limit")
            or AT_ONCE
        )
        if len(chosen) >= limit and "active_domain" in context:
            return Domain(context["active_domain"])
        return Domain("id", "in", chosen)

    def _start(self):
        """Have long exports written in the background; the queue makes jobs of them."""
        # sudo: users start the work on their own export.
        self.env.ref("key_account_management.ir_cron_export").sudo()._trigger()

    def action_refresh(self):
        """Show how far the export is."""
        self.ensure_one()
        return self._get_records_action(name=self.name, target="new", context={})

    def _get_content(self, progress=None):
        """Write the workbook.

        :param progress: called with the number of rows written so far
        :return: bytes of the xlsx
        """
        with tempfile.TemporaryFile() as file:
            self._write_workbook(file, progress)
            file.seek(0)
            return file.read()

    @api.model
    def _list_columns(self, model):
        """Return the columns of the model's list, those hidden by choice too."""
        arch = etree.fromstring(model.get_view(view_type="list")["arch"])
        return [
            node.get("name")
            for node in arch.iterfind("field")
            if node.get("column_invisible") not in ("1", "True", "true")
            and model._fields[node.get("name")].type != "binary"
        ]

    def _as_its_user(self):
        """Return the export as its user, in their language and companies."""
        self.ensure_one()
        context = {
            "lang": self.language,
            "allowed_company_ids": self.company_ids.ids,
            "tz": self.create_uid.tz,
        }
        return self.with_env(self.env(user=self.create_uid.id, context=context))

    def _write_workbook(self, target, progress=None):
        """Write the workbook into a file.

        :param target: a binary file
        :param progress: called with the number of rows written so far
        """
        export = self._as_its_user()
        model = export.env[self.model_name]
        names = [n for n in json.loads(self.field_names) if n in model._fields]
        book = xlsxwriter.Workbook(target, OPTIONS)
        try:
            sheet = RecordSheet(book, self.name, model, names)
            sheet.write_all(Domain(json.loads(self.domain)), progress=progress)
        finally:
            book.close()

    @api.model
    def _cron_run(self):
        """Write the workbooks that wait, one after the other; a failure isn't fatal."""
        waiting = self.search([("state", "=", "waiting"), ("row_count", ">", AT_ONCE)])
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(waiting))
        for export in waiting:
            # Killed twice in the middle of it: it is the export that kills.
            if export.attempts >= 2:
                error = self.env._("The export was interrupted.")
                export.write({"state": "failed", "error": error})
                export._tell()
                commit(1)
                continue
            export.attempts += 1
            commit()
            export._run(commit)
            commit(1)

    def _run(self, commit):
        """Write one workbook, and say how far it is."""
        self.ensure_one()

        def progress(count):
            self.done_count = count
            commit()

        try:
            content = base64.b64encode(self._get_content(progress))
            self.write({"content": content, "state": "done"})
        except Exception as error:
            # Whatever is wrong with this one, the next one's owner waits as well.
            _logger.exception("export %s failed", self.id)
            self.env.cr.rollback()
            self.write({"state": "failed", "error": str(error)[:200]})
        self._tell()

    def _tell(self):
        """Notify the user, wherever in Odoo they are."""
        done = self.state == "done"
        export = self._as_its_user()
        export.env.user._bus_send(
            "simple_notification",
            {
                "type": "success" if done else "danger",
                "title": self.name,
                "message": export.env._("Your workbook is ready.")
                if done
                else export.env._("The workbook could not be written."),
                "sticky": True,
            },
        )

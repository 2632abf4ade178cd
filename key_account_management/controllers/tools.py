# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, http
from odoo.http import content_disposition, request

from ..models.tools.records import check_export

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def clean_text(text, limit=None):
    """Return text from a request as the database takes it.

    :param text: str or nothing
    :param int limit: number of characters at most
    """
    # PostgreSQL takes no NUL in a text.
    return str(text or "").replace("\x00", "").strip()[:limit]


def required_days(*texts):
    """Return days from a request; without one of them there is no such page.

    :param texts: such as "2026-11-27", or nothing
    :raise NotFound: where one is missing or no day
    """
    try:
        days = [fields.Date.to_date(text) for text in texts]
    except ValueError as error:
        raise request.not_found() from error
    if not all(days):
        raise request.not_found()
    return days


def xlsx_route(url):
    """Return the decorator of a method that answers with a workbook."""
    return http.route(url, type="http", auth="user", readonly=True)


def xlsx_response(content, name):
    """Answer with a workbook: the one way out, so here the right is asked for.

    :param bytes content: the xlsx
    :param str name: of the file
    :raise AccessError: for colleagues who can't export
    """
    check_export(request.env)
    disposition = content_disposition(name)
    return request.make_response(
        content, [("Content-Type", XLSX), ("Content-Disposition", disposition)]
    )


class XlsxDownload(http.Controller):
    """Workbooks of what the user can read."""

    def _find(self, model, record_id):
        """Return a record that the user may read, else there is no such page."""
        record = request.env[model].browse(record_id).exists()
        if not record or not record.has_access("read"):
            raise request.not_found()
        return record

    @http.route("/key_account/export/<int:export_id>.xlsx", type="http", auth="user")
    def export(self, export_id):
        """Answer with the user's own export, read with that user's rights."""
        export = self._find("key.account.export", export_id)
        return xlsx_response(export._get_content(), export.filename)

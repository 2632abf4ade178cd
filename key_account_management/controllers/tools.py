# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def clean_text(text, limit=None):
    """Return text from a request as the database takes it.

    :param text: str or nothing
    :param int limit: number of characters at most
    """
    # PostgreSQL takes no NUL in a text.
    return str(text or "").replace("\x00", "").strip()[:limit]


class XlsxDownload(http.Controller):
    """Workbooks of what the user can read."""

    def _answer(self, content, name):
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    @http.route("/key_account/export/<int:export_id>.xlsx", type="http", auth="user")
    def export(self, export_id):
        """Answer with the user's own export, read with that user's rights."""
        export = request.env["key.account.export"].browse(export_id).exists()
        if not export or not export.has_access("read"):
            raise request.not_found()
        return self._answer(export._get_content(), export.filename)

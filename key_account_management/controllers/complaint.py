# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import Counter
from datetime import datetime

from odoo import http, models
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import request
from odoo.tools import consteq, plaintext2html
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.tools.xlsx_export import Sheet, workbook
from .tools import XlsxDownload, clean_text

MAX_FILES = 5
MAX_FILE_SIZE = 10 * 1024 * 1024
MAX_TEXT = 20000
#: What a customer may send: photos and papers, by what is in the file, not its name.
MIMETYPES = (
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "application/pdf",
    "text/plain",
)


class ComplaintPortal(CustomerPortal):
    """Customers file complaints and follow them; each sees its own company's.

    Portal users have no right at all on the model: whatever they get, they get from
    here, after a look at whose it is.
    """

    def _complaint_domain(self):
        customer = request.env.user.partner_id.commercial_partner_id
        return [("commercial_partner_id", "=", customer.id)]

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            # sudo: counts those of the user's own company.
            values["complaint_count"] = (
                request.env["key.account.complaint"]
                .sudo()
                .search_count(self._complaint_domain())
            )
        if "complaint_new_count" in counters:
            values["complaint_new_count"] = int(self._may_complain())
        return values

    def _may_complain(self):
        """Tell whether the user's company is a key account or has bought something."""
        customer = request.env.user.partner_id.commercial_partner_id
        # sudo: whether there is one, for the user's own company.
        env = request.env(su=True)
        return bool(
            env["key.account"].search_count(
                [("partner_id", "=", customer.id), ("state", "!=", "ended")], limit=1
            )
            or env["sale.order"].search_count(
                [
                    ("partner_id.commercial_partner_id", "=", customer.id),
                    ("state", "=", "sale"),
                ],
                limit=1,
            )
        )

    def _get_complaint(self, complaint_id, access_token=None):
        """Return the complaint (sudo) where it is the user's, or the token is right.

        :raise MissingError: in every other case, so that nobody learns what exists
        """
        # sudo: portal users have no right on the model; ownership is checked here.
        Complaint = request.env["key.account.complaint"].sudo()
        complaint = Complaint.browse(complaint_id).exists()
        if complaint:
            if request.env.user.share:
                customer = request.env.user.partner_id.commercial_partner_id
                own = complaint.commercial_partner_id == customer
                allowed = own and not request.env.user._is_public()
            else:
                user_record = complaint.sudo(False)
                allowed = user_record.has_access("read")
            token = complaint.access_token
            if allowed or (
                access_token and token and consteq(token, str(access_token))
            ):
                return complaint
        raise MissingError(request.env._("This complaint does not exist."))

    @http.route(
        ["/my/complaints", "/my/complaints/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_complaints(self, page=1, **kw):
        # sudo: those of the user's own company.
        Complaint = request.env["key.account.complaint"].sudo()
        domain = self._complaint_domain()
        pager = portal_pager(
            url="/my/complaints",
            total=Complaint.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        complaints = Complaint.search(
            domain, order="id desc", limit=self._items_per_page, offset=pager["offset"]
        )
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "complaints": complaints,
                "page_name": "complaint",
                "pager": pager,
                "default_url": "/my/complaints",
                "may_complain": self._may_complain(),
            }
        )
        return request.render("key_account_management.portal_my_complaints", values)

    @http.route(
        "/my/complaints/<int:complaint_id>", type="http", auth="public", website=True
    )
    def portal_my_complaint(self, complaint_id, access_token=None, **kw):
        try:
            complaint = self._get_complaint(complaint_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        complaint._portal_ensure_token()
        values = self._get_page_view_values(
            complaint,
            access_token,
            {"complaint": complaint, "page_name": "complaint"},
            "my_complaints_history",
            False,
        )
        values["object"] = complaint
        # The conversation is reached by the token alone: there are no other rights.
        values["token"] = complaint.access_token
        values["message"] = kw.get("message")
        return request.render("key_account_management.portal_my_complaint", values)

    def _complaint_form_values(self, posted=None, error=None):
        customer = request.env.user.partner_id.commercial_partner_id
        # sudo: orders of the user's own company, and categories meant for customers.
        orders = (
            request.env["sale.order"]
            .sudo()
            .search(
                [
                    ("partner_id.commercial_partner_id", "=", customer.id),
                    ("state", "=", "sale"),
                ],
                order="date_order desc",
                limit=100,
            )
        )
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "page_name": "complaint_new",
                "orders": orders,
                "products": orders.order_line.product_id.sorted("display_name"),
                "categories": request.env["key.account.complaint.category"]
                .sudo()
                .search([("portal_visible", "=", True)]),
                "posted": posted or {},
                "error": error,
                "max_files": MAX_FILES,
                "max_size": MAX_FILE_SIZE // 1024 // 1024,
            }
        )
        return values

    @http.route(
        "/my/complaints/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_new_complaint(self, **post):
        if not self._may_complain():
            return request.redirect("/my")
        if request.httprequest.method == "GET":
            values = self._complaint_form_values(posted=post)
            return request.render("key_account_management.portal_complaint_new", values)
        try:
            with request.env.cr.savepoint():
                complaint = self._create_complaint(post)
        except (UserError, ValidationError) as error:
            values = self._complaint_form_values(posted=post, error=str(error))
            return request.render("key_account_management.portal_complaint_new", values)
        return request.redirect(f"{complaint.access_url}?message=thanks")

    def _create_complaint(self, post):
        """Make the complaint that a form describes.

        :raise UserError: where something is missing, foreign, too large or of a kind
            of file that isn't taken
        """
        form = self._complaint_form_values()
        files = self._read_files()
        subject = clean_text(post.get("subject"), 200)
        description = clean_text(post.get("description"), MAX_TEXT)
        if not subject or not description:
            raise UserError(
                request.env._("Please say in a few words and in detail what happened.")
            )
        order = self._choose(form["orders"], post.get("order_id"))
        product = self._choose(form["products"], post.get("product_id"))
        if order and product and product not in order.order_line.product_id:
            raise UserError(
                request.env._(
                    "“%(product)s” isn't on the order %(order)s. Choose another order, "
                    "or none.",
                    product=product.display_name,
                    order=order.name,
                )
            )
        category = self._choose(form["categories"], post.get("category_id"))
        partner = request.env.user.partner_id
        # sudo: of the user's own company.
        account = (
            request.env["key.account"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", partner.commercial_partner_id.id),
                    ("state", "!=", "ended"),
                ],
                limit=1,
            )
        )
        company = (
            order.company_id
            or account.company_id
            or form["orders"].company_id[:1]
            or request.env.company
        )
        # sudo: all values were checked; the customer is the user himself.
        complaint = (
            request.env["key.account.complaint"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "subject": subject,
                    "description": plaintext2html(description),
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "channel": "portal",
                    "order_id": order.id,
                    "product_id": product.id,
                    "quantity": self._read_quantity(post.get("quantity")),
                    "category_id": category.id,
                    "customer_reference": clean_text(post.get("reference"), 100),
                    "user_id": False,
                }
            )
        )
        complaint.message_post(
            body=plaintext2html(description),
            author_id=partner.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=files,
        )
        return complaint

    def _choose(self, records, value):
        """Return the record of an id out of those that may be chosen.

        :raise UserError: where it isn't one of them
        """
        if not value:
            return records.browse()
        chosen = records.filtered(lambda record: str(record.id) == str(value))
        if not chosen:
            raise UserError(request.env._("Please choose from the list."))
        return chosen

    def _read_quantity(self, value):
        try:
            quantity = float((value or "0").replace(",", "."))
        except ValueError:
            quantity = -1.0
        if not 0 <= quantity < 1e9:
            raise UserError(request.env._("Please enter the quantity as a number."))
        return quantity

    def _read_files(self):
        """Return the uploaded files as (name, content).

        :raise UserError: where there are too many, or one is too large or of a kind
            that isn't taken
        """
        uploads = [
            upload
            for upload in request.httprequest.files.getlist("files")
            if upload.filename
        ]
        if len(uploads) > MAX_FILES:
            raise UserError(request.env._("Please send %d files at most.", MAX_FILES))
        files = []
        for upload in uploads:
            content = upload.read(MAX_FILE_SIZE + 1)
            if len(content) > MAX_FILE_SIZE:
                raise UserError(
                    request.env._(
                        "“%(name)s” is larger than %(size)d MB.",
                        name=upload.filename,
                        size=MAX_FILE_SIZE // 1024 // 1024,
                    )
                )
            if guess_mimetype(content, default="") not in MIMETYPES:
                raise UserError(
                    request.env._(
                        "“%s” is no photo (JPEG, PNG, GIF, WebP), PDF or plain text.",
                        upload.filename,
                    )
                )
            files.append((upload.filename, content))
        return files


COLUMNS = (
    "name",
    "create_date",
    "subject",
    "partner_id",
    "account_id",
    "severity",
    "category_id",
    "product_id",
    "department_id",
    "root_cause_kind",
    "stage_id",
    "response_hours",
    "response_state",
    "resolution_hours",
    "resolution_state",
    "resolution_type",
    "cost",
    "closed_on",
)
BATCH = 2000
LAST_MONTH = 6


class ComplaintXlsx(XlsxDownload):
    """The complaints of a period with their Pareto, and how long they took."""

    @http.route(
        "/key_account/complaints/<int:wizard_id>.xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def complaints(self, wizard_id):
        """What the user may read of the complaints; the dialog is his own."""
        wizard = request.env["key.account.complaint.pareto"].browse(wizard_id).exists()
        if not wizard or not wizard.has_access("read"):
            raise request.not_found()
        with workbook() as (book, buffer):
            self._write_complaints(book, wizard)
            self._write_pareto(book, wizard)
            self._write_cohort(book, wizard)
        return self._answer(buffer.getvalue(), f"{request.env._('Complaints')}.xlsx")

    def _write_complaints(self, book, wizard):
        Complaint = request.env["key.account.complaint"]
        described = Complaint.fields_get(COLUMNS, ["string", "selection"])
        choices = {name: dict(d.get("selection", ())) for name, d in described.items()}
        labels = [described[name]["string"] for name in COLUMNS]
        sheet = Sheet(book, request.env._("Complaints"), labels)
        ids = Complaint.search(wizard._get_domain(), order="id").ids
        for start in range(0, len(ids), BATCH):
            # sudo: names on complaints that the user may read.
            for complaint in Complaint.browse(ids[start : start + BATCH]).sudo():
                sheet.append(
                    self._cell(complaint[name], choices[name]) for name in COLUMNS
                )
            Complaint.env.invalidate_all(flush=False)

    def _cell(self, value, choices):
        if isinstance(value, models.BaseModel):
            return value.display_name
        if isinstance(value, datetime):
            return request.env.company._to_key_account_time(value).replace(tzinfo=None)
        return choices.get(value, value)

    def _write_pareto(self, book, wizard):
        env = request.env
        title = env._("Pareto")
        labels = [
            env._("Cause"),
            env._("Number"),
            env._("Cost"),
            env._("Share (%)"),
            env._("Cumulative Share (%)"),
        ]
        sheet = Sheet(book, title, labels, [36, 12, 16, 12, 22])
        rows = wizard._get_rows()
        for row in rows:
            sheet.append(
                [row["label"], row["count"], row["cost"]]
                + [float(row["share"]), float(row["cumulative"])]
            )
        if not rows:
            return
        last, column = sheet.row, 2 if wizard.measure == "cost" else 1
        chart = book.add_chart({"type": "column"})
        chart.add_series(
            {
                "name": [title, 0, column],
                "categories": [title, 1, 0, last, 0],
                "values": [title, 1, column, last, column],
            }
        )
        line = book.add_chart({"type": "line"})
        line.add_series(
            {
                "name": [title, 0, 4],
                "categories": [title, 1, 0, last, 0],
                "values": [title, 1, 4, last, 4],
                "y2_axis": True,
            }
        )
        line.set_y2_axis({"min": 0, "max": 100})
        chart.combine(line)
        chart.set_title({"name": title})
        sheet.sheet.insert_chart("G2", chart)

    def _write_cohort(self, book, wizard):
        """Of the complaints of each month, how many were closed after n months."""
        env = request.env
        Complaint = env["key.account.complaint"].with_context(
            tz=env.company._get_key_account_tz()
        )
        groups = Complaint._read_group(
            wizard._get_domain(), ["create_date:month", "closed_on:month"], ["__count"]
        )
        received, closed = Counter(), Counter()
        for first, last, count in groups:
            received[first] += count
            if last:
                months = (last.year - first.year) * 12 + last.month - first.month
                closed[first, min(months, LAST_MONTH)] += count
        labels = [env._("Received"), env._("Number")]
        labels += [env._("Closed after %d months (%%)", n) for n in range(LAST_MONTH)]
        labels.append(env._("Later (%)"))
        sheet = Sheet(book, env._("Cohort"), labels, [14, 12] + [26] * 7)
        for month in sorted(received):
            sheet.append(
                [month.date(), received[month]]
                + [
                    100.0 * closed[month, n] / received[month]
                    for n in range(LAST_MONTH + 1)
                ]
            )

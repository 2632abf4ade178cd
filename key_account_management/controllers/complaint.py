# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import request
from odoo.tools import consteq, plaintext2html
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from .tools import XlsxDownload, clean_text, xlsx_response, xlsx_route

MAX_FILES = 5
MAX_FILE_SIZE = 10 * 1024 * 1024
MAX_TEXT = 20000
#: Photos and documents, recognised by the content of the file, not its name.
MIMETYPES = (
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "application/pdf",
    "text/plain",
)


class ComplaintPortal(CustomerPortal):
    """Customers file complaints and follow those of their own company.

    Portal users have no rights on the model: all they get comes from here, after a
    check whose complaint it is.
    """

    def _complaint_domain(self):
        customer = request.env.user.partner_id.commercial_partner_id
        return [("commercial_partner_id", "=", customer.id)]

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            # sudo: counts those of the user's own company.
            Complaint = request.env["key.account.complaint"].sudo()
            values["complaint_count"] = Complaint.search_count(self._complaint_domain())
        if "complaint_new_count" in counters:
            values["complaint_new_count"] = int(self._may_complain())
        return values

    def _may_complain(self):
        """Tell whether the user's company is a key account or has bought something."""
        Complaint = request.env["key.account.complaint"]
        return bool(
            Complaint._get_company_of(request.env.user.partner_id)
            or self._find_orders(limit=1)
        )

    def _find_orders(self, limit):
        """Return the latest orders (sudo) of the user's company."""
        customer = request.env.user.partner_id.commercial_partner_id
        domain = [
            # With the companies below it, as Odoo shows their orders on the portal.
            ("partner_id", "child_of", customer.id),
            ("state", "=", "sale"),
        ]
        # sudo: those of the user's own company.
        Order = request.env["sale.order"].sudo()
        return Order.search(domain, order="date_order desc", limit=limit)

    def _get_complaint(self, complaint_id, access_token=None):
        """Return the complaint (sudo) where it is the user's, or the token is right.

        :raise MissingError: in every other case, so that no one learns what exists
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
        values = {
            **self._prepare_portal_layout_values(),
            "complaints": complaints,
            "page_name": "complaint",
            "pager": pager,
            "default_url": "/my/complaints",
            "may_complain": self._may_complain(),
        }
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
        orders = self._find_orders(limit=100)
        # sudo: the categories that are meant for customers.
        Category = request.env["key.account.complaint.category"].sudo()
        return {
            **self._prepare_portal_layout_values(),
            "page_name": "complaint_new",
            "orders": orders,
            "products": orders.order_line.product_id.sorted("display_name"),
            "categories": Category.search([("portal_visible", "=", True)]),
            "posted": posted or {},
            "error": error,
            "files_hint": request.env._(
                "Up to %(count)d files of %(size)d MB each.",
                count=MAX_FILES,
                size=MAX_FILE_SIZE // 1024 // 1024,
            ),
        }

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
        """Create the complaint that a form describes.

        :raise UserError: where something is missing, foreign, too large or of a kind
            of file that isn't taken
        """
        files = self._read_files()
        values = self._read_complaint(post)
        # sudo: all values were checked; the customer is the user.
        Complaint = request.env["key.account.complaint"].sudo()
        complaint = Complaint.with_company(values["company_id"]).create(values)
        complaint.message_post(
            body=complaint.description,
            author_id=values["partner_id"],
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=files,
        )
        return complaint

    def _read_complaint(self, post):
        """Return the values of a complaint that a form describes.

        :raise UserError: where something is missing or foreign
        """
        form = self._complaint_form_values()
        subject = clean_text(post.get("subject"), 200)
        description = clean_text(post.get("description"), MAX_TEXT)
        if not subject or not description:
            raise UserError(
                request.env._("Please enter a subject and describe what happened.")
            )
        order, product = self._choose_documents(form, post)
        partner = request.env.user.partner_id
        company = (
            order.company_id
            or request.env["key.account.complaint"]._get_company_of(partner)
            or form["orders"].company_id[:1]
            or request.env.company
        )
        return {
            "subject": subject,
            "description": plaintext2html(description),
            "partner_id": partner.id,
            "company_id": company.id,
            "channel": "portal",
            "order_id": order.id,
            "product_id": product.id,
            "quantity": self._read_quantity(post.get("quantity")),
            "category_id": self._choose(form["categories"], post.get("category_id")).id,
            "customer_reference": clean_text(post.get("reference"), 100),
            "user_id": False,
        }

    def _choose_documents(self, form, post):
        """Return order and product that were chosen, if any.

        :raise UserError: where the product isn't on the order, or one isn't offered
        """
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
        return order, product

    def _choose(self, records, value):
        """Return the record of an id out of those that may be chosen.

        :raise UserError: where it isn't among them
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
                        "“%s” isn't a photo (JPEG, PNG, GIF, WebP), a PDF "
                        "or a plain text file.",
                        upload.filename,
                    )
                )
            files.append((upload.filename, content))
        return files


class ComplaintXlsx(XlsxDownload):
    """The complaints of a period with their Pareto, and how long they took."""

    @xlsx_route("/key_account/complaints/<int:wizard_id>.xlsx")
    def complaints(self, wizard_id):
        """Complaints that the user may read; only the user's own dialog is found."""
        wizard = self._find("key.account.complaint.pareto", wizard_id)
        name = f"{request.env._('Complaints')}.xlsx"
        return xlsx_response(wizard._get_workbook(), name)

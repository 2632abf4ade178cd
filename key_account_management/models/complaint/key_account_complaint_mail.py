# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import email_normalize

from .mail_thread import is_automatic_mail


class KeyAccountComplaintMail(models.AbstractModel):
    """The conversation with the customer: mails, portal and, in the end, the rating."""

    _name = "key.account.complaint.mail"
    _description = "Conversation About a Complaint"
    _inherit = [
        "key.account.complaint.flow",
        "portal.mixin",
        "mail.thread.cc",
        "rating.mixin",
    ]
    _mail_post_access = "read"
    _primary_email = "email_from"

    email_from = fields.Char(
        string="Email",
        compute="_compute_email_from",
        store=True,
        readonly=False,
    )

    is_automatic_mail = fields.Boolean(
        string="Sent by a Machine",
        readonly=True,
        copy=False,
        help="The complaint came by a mail that a machine sent: it gets no answer.",
    )

    @api.depends("partner_id")
    def _compute_email_from(self):
        for complaint in self:
            if complaint.partner_id.email:
                complaint.email_from = complaint.partner_id.email

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for complaint in self:
            complaint.access_url = f"/my/complaints/{complaint.id}"
        return result

    def action_preview_portal(self):
        """Open the complaint as the customer sees it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": self.get_portal_url(),
        }

    def action_answer(self):
        """Write to the customer; the message stops the clock of the answer.

        :return: action with the composer as a dialog
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer %s", self.name),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_composition_mode": "comment",
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_partner_ids": self.partner_id.ids,
            },
        }

    def _rating_get_operator(self):
        return self.user_id.partner_id

    def _rating_get_parent_field_name(self):
        return "account_id"

    def _creation_message(self):
        self.ensure_one()
        return self.env._("Complaint %s registered.", self.name)

    def _track_template(self, changes):
        result = super()._track_template(changes)
        complaint = self[:1]
        template = complaint.stage_id.template_id
        # An automatic mail gets no answer: the other side would answer again.
        automatic = complaint.is_automatic_mail
        if (
            "stage_id" in changes
            and template
            and not automatic
            and (complaint.partner_id.email or complaint.email_from)
        ):
            result["stage_id"] = (
                template,
                {
                    "auto_delete_keep_log": False,
                    "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id(
                        "mail.mt_note"
                    ),
                    "email_layout_xmlid": "mail.mail_notification_light",
                },
            )
        return result

    @api.model
    def _get_company_of(self, partner):
        """Return the company in which a contact belongs to a key account, if any."""
        # sudo: for the mail gateway, and for customers who file complaints themselves.
        KeyAccount = self.env["key.account"].sudo()
        customer = partner.commercial_partner_id
        accounts = [("partner_id", "=", customer.id), ("state", "!=", "ended")]
        return KeyAccount.search(accounts, limit=1).company_id

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a mail a complaint; the sender is matched with a contact."""
        values = dict(custom_values or {})
        partner = self.env["res.partner"].browse(msg_dict.get("author_id"))
        if partner and not values.get("company_id"):
            company = self._get_company_of(partner) or partner.company_id
            if company:
                values["company_id"] = company.id
        values = {
            # Otherwise core would take the subject as the number.
            "name": self._next_number(values.get("company_id") or self.env.company.id),
            "subject": msg_dict.get("subject") or self.env._("Complaint by email"),
            "description": msg_dict.get("body"),
            "channel": "email",
            "email_from": msg_dict.get("email_from"),
            "partner_id": partner.id,
            # Not the gateway's user: the account manager gets it, else no one yet.
            "user_id": False,
            "is_automatic_mail": is_automatic_mail(),
            **values,
        }
        return super().message_new(msg_dict, custom_values=values)

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        self._follow_message(message)
        return result

    def _follow_message(self, message):
        """Take a message as our answer, or as the customer's reply."""
        self.ensure_one()
        # Notes and automatic messages are no conversation. A mail is, although it
        # becomes a note where it answers something that was posted as one.
        if message.message_type != "email" and not (
            message.message_type == "comment"
            and message.subtype_id == self.env.ref("mail.mt_comment")
            and not message.is_internal
        ):
            return
        if is_automatic_mail() or message.rating_ids:
            return
        author = message.author_id
        # sudo: only whether the author is a colleague.
        users = author.sudo().user_ids
        if users and not all(user.share for user in users):
            if self._is_closed():
                return
            # Anybody can write a colleague's address on a mail: it is no answer of ours
            # until the colleague says so.
            if message.message_type == "email":
                self._ask_to_confirm_response(author)
            elif not self.env.user.share:
                self._register_response()
            return
        own = self.commercial_partner_id
        if (own and author.commercial_partner_id == own) or self._is_of_sender(
            message.email_from
        ):
            # sudo: customers can't write complaints, but their reply counts.
            self.sudo()._customer_replied()

    def _ask_to_confirm_response(self, author):
        """Ask the owner whether a mail from a colleague's address was our answer."""
        self.ensure_one()
        if self.responded_on:
            return
        # sudo: the mail gateway has no user of its own.
        self.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.company_id._get_key_account_today(),
            summary=self.env._("Confirm the answer by mail: button “Answered”"),
            note=author.display_name,
            user_id=self.user_id.id or self.env.uid,
        )

    def _is_of_sender(self, email):
        """Tell whether an address is that of the customer who complains."""
        self.ensure_one()
        address = email_normalize(email or "")
        return bool(address) and address == email_normalize(self.email_from or "")

    def _customer_replied(self):
        """Continue where we waited, reopen what was closed."""
        self.ensure_one()
        closed = self.stage_kind == "done"
        if closed or self.stage_kind == "waiting":
            self._move_to("open")
        if closed:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.company_id._get_key_account_today(),
                summary=self.env._("Reopened by the customer's reply"),
                user_id=self.user_id.id or self.env.uid,
            )

    def _after_closing(self, now):
        result = super()._after_closing(now)
        self._ask_for_rating()
        return result

    def _ask_for_rating(self):
        """Ask the customer by mail how the complaint was handled."""
        template = self.env.ref(
            "key_account_management.mail_template_complaint_rating",
            raise_if_not_found=False,
        )
        for complaint in self:
            if template and complaint.partner_id.email:
                # Not rating_send_request(): replies to that would become notes.
                complaint.message_post_with_source(
                    template,
                    message_type="auto_comment",
                    email_layout_xmlid="mail.mail_notification_light",
                    force_send=False,
                    subtype_xmlid="mail.mt_note",
                )

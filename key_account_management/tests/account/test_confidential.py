# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.misc import mute_logger

from ..common import KeyAccountCommon

SECRET = "Der Einkaufsleiter wechselt im Mai zum Wettbewerb"


@tagged("post_install", "-at_install")
class TestConfidentialNote(KeyAccountCommon):
    """The confidential note is for the account team only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (
            cls.kam | cls.director | cls.all_user | cls.env.user
        ).group_ids += cls.quick_ref("base.group_allow_export")
        cls.as_user(cls.kam, cls.account).confidential_note = SECRET
        cls.env.flush_all()
        cls.env.invalidate_all()

    def test_team_reads_and_writes(self):
        """Manager, deputy and all team members read and write the note."""
        self.account.deputy_id = self.kam2
        mine = self.as_user(self.kam, self.account)
        mine.team_member_ids = [(0, 0, {"user_id": self.all_user.id})]
        for user in (self.kam, self.kam2, self.all_user):
            account = self.as_user(user, self.account)
            self.assertTrue(account.user_in_team)
            self.assertIn(SECRET, account.confidential_note)
            account.confidential_note = f"{SECRET} ({user.name})"
            self.assertIn(user.name, account.confidential_note)

    def test_director_outside_the_team_reads_nothing(self):
        """A director outside the team sees the account, but not the note."""
        for user in (self.director, self.all_user, self.env.user):
            account = self.as_user(user, self.account)
            self.assertFalse(account.user_in_team)
            self.assertFalse(account.confidential_note)
            values = account.web_read({"confidential_note": {}, "display_name": {}})
            self.assertFalse(values[0]["confidential_note"])
            self.assertEqual(
                account.export_data(["confidential_note"])["datas"], [[""]]
            )

    def test_director_outside_the_team_writes_nothing(self):
        """A director outside the team can't write the note; the old text stays."""
        account = self.as_user(self.director, self.account)
        with self.assertRefused("are for its account team"):
            account.confidential_note = "Überschrieben"
        self.env.invalidate_all()
        self.assertIn(SECRET, self.as_user(self.kam, self.account).confidential_note)

    def test_stored_text_is_closed_to_everyone(self):
        """The stored text can't be read, searched, grouped or written over RPC."""
        for user in (self.kam, self.director, self.env.user):
            account = self.as_user(user, self.account)
            domain = [("confidential_body", "ilike", "Wettbewerb")]
            with mute_logger("odoo.models"):
                with self.assertRaises(AccessError):
                    account.read(["confidential_body"])
                with self.assertRaises(AccessError):
                    account.web_read({"confidential_body": {}})
                with self.assertRaises(AccessError):
                    account.search(domain)
                with self.assertRaises(AccessError):
                    account.formatted_read_group([], ["confidential_body"])
                with self.assertRaises(AccessError):
                    account.write({"confidential_body": "Überschrieben"})
                with self.assertRaises(AccessError):
                    account.export_data(["confidential_body"])
            self.assertNotIn("confidential_body", account.read()[0])
            self.assertNotIn("confidential_body", account.fields_get())

    def test_note_can_not_be_searched(self):
        """A director can't learn by searching whether the note has a certain word."""
        accounts = self.as_user(self.director)["key.account"]
        with mute_logger("odoo.domains", "odoo.fields"):
            try:
                found = accounts.search([("confidential_note", "ilike", "Wettbewerb")])
                others = accounts.search([("confidential_note", "ilike", "Bananen")])
            except (ValueError, UserError):
                return
        self.assertEqual(found, others)

    def test_copy_takes_no_note_along(self):
        """Copying an account doesn't copy the note."""
        account = self.as_user(self.director, self.account)
        copy = account.copy(
            {"partner_id": self.bergmann.id, "manager_id": self.director.id}
        )
        self.assertTrue(copy.user_in_team)
        self.assertFalse(copy.confidential_note)

    def test_note_leaves_no_trace_in_the_chatter(self):
        """The text doesn't show up in the chatter, which has more readers."""
        self.as_user(self.kam, self.account).confidential_note = f"{SECRET}!"
        self.env.flush_all()
        messages = self.account.sudo().message_ids
        self.assertNotIn(SECRET, str(messages.mapped("body")))
        tracked = messages.tracking_value_ids.field_id.mapped("name")
        self.assertNotIn("confidential_body", tracked)
        self.assertNotIn("confidential_note", tracked)

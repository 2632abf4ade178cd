# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from .records import count_related


class ResUsers(models.Model):
    _inherit = "res.users"

    def _filter_key_account_present(self, company):
        """Return those of these users who are at work today; a hook for absences.

        :param company: ``res.company`` whose today it is, empty for the current one
        """
        return self

    @api.model
    def _choose_key_account_decider(self, group, company):
        """Return the user who is asked to decide.

        The users whom the company has chosen go first, then all others with the role.
        Absent users and the user who asks are passed over while anybody else can
        decide. Of those who are left, the one with the fewest open requests is asked.

        :param str group: XML id of the role
        :param company: ``res.company`` in which the decision is made, empty for any
        :return: ``res.users``, empty where there is no one
        """
        # sudo: who decides is no secret, and no more than the names is taken.
        members = self.env.ref(group).sudo().all_user_ids
        candidates = members.filtered(
            lambda user: user.active
            and not user.share
            and (not company or company in user.company_ids)
        )
        chosen = candidates & company.sudo().key_account_decider_ids
        present = candidates._filter_key_account_present(company)
        others = present - self.env.user
        users = (others & chosen) or others or present or candidates
        open_requests = users._count_key_account_requests()
        return users.sorted(lambda user: (open_requests[user.id], user.id))[:1]

    def _count_key_account_requests(self):
        """Count the open activities of key account management, by user.

        :return: see ``records.count_related``
        """
        # sudo: who decides is no secret, and no more than a number is taken.
        Activity = self.env["mail.activity"].sudo()
        types = Activity.env["ir.model.data"].search(
            [
                ("model", "=", "mail.activity.type"),
                ("module", "=like", "key_account_management%"),
            ]
        )
        ours = [("activity_type_id", "in", types.mapped("res_id"))]
        return count_related(self, Activity, "user_id", ours)

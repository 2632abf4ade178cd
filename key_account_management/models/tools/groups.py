# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The roles of key account management, by the XML ids of their groups."""

USER = "key_account_management.group_key_account_user"
ALL_ACCOUNTS = "key_account_management.group_key_account_all"
DIRECTOR = "key_account_management.group_key_account_director"
COMPLAINT = "key_account_management.group_key_account_complaint"

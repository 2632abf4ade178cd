# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
# Marks the checkout for tools that look for a manifest at the top. The addon to
# install is the folder below, and its manifest says the version.
{
    "name": "Key Account Management (checkout)",
    "category": "Hidden",
    "summary": "The addon is the folder key_account_management",
    "author": "Key Account Management contributors",
    "license": "LGPL-3",
    "installable": False,
}

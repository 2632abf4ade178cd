# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Text as visitors send it."""


def clean_text(text, limit=None):
    """Return text from a request as the database takes it.

    :param text: str or nothing
    :param int limit: number of characters at most
    """
    # PostgreSQL takes no NUL in a text.
    return str(text or "").replace("\x00", "").strip()[:limit]

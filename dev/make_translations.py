# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Export the addons' texts and bring their languages in step; ``./kam translate``."""

from kamtool import translations

if __name__ == "__main__":
    translations.bring_in_step()

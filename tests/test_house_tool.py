# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the check of rooms lets pass, and where its limits are."""

import pytest
from kamtool import floors, house
from test_floors import FLOORS, HOUSE


@pytest.mark.parametrize(
    ("path", "text", "count"),
    [
        ("report/account.py", "complaint.stage_kind", 0),
        ("demo/account.xml", '<odoo><t t-if="stage_kind"/></odoo>', 0),
        ("models/account/segment.py", '"""See stage_kind."""', 0),
        ("models/account/segment.py", "complaint.stage_kind", 1),
        ("controllers/account.py", "complaint.stage_kind", 1),
        ("controllers/complaint.py", "complaint.stage_kind", 0),
        ("views/account/v.xml", "<odoo><!-- <t t-if='stage_kind'/> --></odoo>", 0),
        ("views/account/v.xml", "<odoo><t t-if='stage_kind'/></odoo>", 1),
        # 400 lines, methods of 40 lines and 25 files in a room are fine.
        ("models/account/big.py", "\n" * 400, 0),
        ("models/account/long.py", "def method():\n" + "    print()\n" * 39, 0),
    ],
)
def test_what_is_no_finding(tmp_path, path, text, count):
    """Comments, folders outside the house and the limits themselves are allowed."""
    addon = tmp_path / "key_account_management"
    many = {f"models/account/f{number}.py": "" for number in range(23)}
    for name, content in {**HOUSE, **many, path: text}.items():
        (addon / name).parent.mkdir(parents=True, exist_ok=True)
        (addon / name).write_text(content)
    assert len(floors.check(house.House(addon, FLOORS))) == count
    assert floors.habits(addon, FLOORS) == []

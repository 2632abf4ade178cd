// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { Component } from "@odoo/owl";

/** One stakeholder on the map or in the chart; moved by dragging or by keyboard. */
export class StakeholderCard extends Component {
    static template = "key_account_management_plan.StakeholderCard";
    static props = {
        grabbed: Boolean,
        member: Object,
        movable: Boolean,
        onDrag: Function,
        onKeydown: Function,
        onOpen: Function,
        compact: { type: Boolean, optional: true },
    };

    onDragStart(ev) {
        ev.dataTransfer.effectAllowed = "move";
        ev.dataTransfer.setData("text/plain", String(this.props.member.id));
        this.props.onDrag(this.props.member);
    }
}

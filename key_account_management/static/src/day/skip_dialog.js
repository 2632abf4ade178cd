// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { Component, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { Dialog } from "@web/core/dialog/dialog";
import { serializeDate, today } from "@web/core/l10n/dates";

/** Asks why a matter is put off, and until when. */
export class SkipDialog extends Component {
    static template = "key_account_management.SkipDialog";
    static components = { DateTimeInput, Dialog };
    static props = { close: Function, confirm: Function, row: Object };

    setup() {
        this.minDate = today().plus({ days: 1 });
        this.state = useState({
            forGood: false,
            until: today().plus({ days: 7 }),
            reason: "",
            busy: false,
        });
    }

    get canConfirm() {
        const { reason, forGood, until, busy } = this.state;
        return Boolean(!busy && reason.trim() && (forGood || until));
    }

    async confirm() {
        const { reason, forGood, until } = this.state;
        this.state.busy = true;
        try {
            await this.props.confirm(reason, forGood ? false : serializeDate(until));
            this.props.close();
        } finally {
            this.state.busy = false;
        }
    }
}

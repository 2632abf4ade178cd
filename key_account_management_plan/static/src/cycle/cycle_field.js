// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useRecords } from "@key_account_management/tools/use_records";

/** The phases of the work with a customer: what was done, and what is next. */
export class CycleField extends Component {
    static template = "key_account_management_plan.CycleField";
    static props = { ...standardFieldProps };

    setup() {
        this.records = useRecords();
    }

    get phases() {
        return this.props.record.data[this.props.name] || [];
    }

    run(phase) {
        const { resModel, resId } = this.props.record;
        return this.records.run(resModel, resId, phase.action, () => this.props.record.load());
    }
}

export const cycleField = {
    component: CycleField,
    displayName: _t("Work Cycle"),
    supportedTypes: ["json"],
};

registry.category("fields").add("key_account_cycle", cycleField);

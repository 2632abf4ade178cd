// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { Component, useEffect, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useRecords } from "@key_account_management/tools/use_records";

/** The phases of the work with a customer: what was done, and what is next. */
export class Cycle extends Component {
    static template = "key_account_management_plan.Cycle";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.records = useRecords();
        this.state = useState({ phases: [] });
        // On opening, on another account, and when something was saved.
        useEffect(
            (resId, dirty) => {
                if (resId && !dirty) {
                    this.load();
                }
            },
            () => [this.props.record.resId, this.props.record.dirty]
        );
    }

    async load() {
        const { resModel, resId } = this.props.record;
        this.state.phases = await this.orm.call(resModel, "get_cycle", [[resId]]);
    }

    run(phase) {
        const { resModel, resId } = this.props.record;
        return this.records.run(resModel, resId, phase.action, () => this.load());
    }
}

registry.category("view_widgets").add("key_account_cycle", { component: Cycle });

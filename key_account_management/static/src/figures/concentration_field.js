// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ParetoField } from "../tools/pareto_field";
import { useRecords } from "../tools/use_records";

const MODEL = "key.account.customer";

/** The largest customers with what they add up to, and the three by three classes. */
export class ConcentrationField extends ParetoField {
    static template = "key_account_management.ConcentrationField";

    setup() {
        super.setup();
        this.action = useService("action");
        this.records = useRecords();
    }

    get rows() {
        return this.value ? this.value.rows : [];
    }

    get weightLabel() {
        return this.value.label;
    }

    openCell(cell) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Customers by Class"),
            res_model: MODEL,
            views: [[false, "list"]],
            domain: [
                ["company_id", "=", this.value.company_id],
                ["revenue_class", "=", cell.revenue],
                ["margin_class", "=", cell.margin],
            ],
        });
    }

    makeCandidate(row) {
        return this.records.run(MODEL, row.id, "action_make_candidate");
    }
}

registry.category("fields").add("key_account_concentration", {
    component: ConcentrationField,
    displayName: _t("Concentration"),
    supportedTypes: ["json"],
});

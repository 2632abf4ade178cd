// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { ParetoField } from "../tools/pareto_field";

/** The causes of complaints, by their number or cost. */
export class ComplaintParetoField extends ParetoField {
    static template = "key_account_management.ComplaintParetoField";

    get weightLabel() {
        return this.value.measure === "cost" ? _t("Cost") : _t("Number");
    }
}

registry.category("fields").add("key_account_pareto", {
    component: ComplaintParetoField,
    displayName: _t("Pareto"),
    supportedTypes: ["json"],
});

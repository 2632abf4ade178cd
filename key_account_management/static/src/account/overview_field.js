// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useRecords } from "../tools/use_records";

/** The customer on one page: figures, people, what is next, open and recent. */
export class OverviewField extends Component {
    static template = "key_account_management.OverviewField";
    static props = { ...standardFieldProps };

    setup() {
        this.records = useRecords();
        this.notification = useService("notification");
        this.orm = useService("orm");
    }

    get value() {
        return this.props.record.data[this.props.name] || null;
    }

    get resId() {
        return this.props.record.resId;
    }

    get asOf() {
        const day = this.props.record.data.figures_to;
        return day ? day.toLocaleString() : "";
    }

    reload() {
        return this.props.record.load();
    }

    run(name) {
        const { resModel } = this.props.record;
        return this.records.run(resModel, this.resId, name, () => this.reload());
    }

    open(model, id) {
        return this.records.open(model, id);
    }

    verifyTitle(person) {
        return person.verified
            ? _t("Verified on %s. Click when it was looked at again.", person.verified)
            : _t("Click when the data was verified today.");
    }

    verify(person) {
        return this.records.run("res.partner", person.id, "action_verify_key_account_data", () =>
            this.reload()
        );
    }

    async refresh() {
        await this.orm.call(this.props.record.resModel, "action_refresh_figures", [[this.resId]]);
        await this.reload();
        this.notification.add(_t("The figures are up to date."), { type: "success" });
    }
}

export const overviewField = {
    component: OverviewField,
    displayName: _t("Overview"),
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "figures_to", type: "date" }],
};

registry.category("fields").add("key_account_overview", overviewField);

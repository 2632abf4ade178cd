// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useRecords } from "../tools/use_records";
import { SkipDialog } from "./skip_dialog";

const MODEL = "key.account.day.page";

/** What is to be done today, one row for each matter, in three lanes. */
export class Day extends Component {
    static template = "key_account_management.Day";
    static components = { Dropdown, DropdownItem, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.records = useRecords();
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.root = useRef("root");
        this.display = { controlPanel: {} };
        const kept = this.props.state || {};
        this.state = useState({
            day: null,
            manager: kept.manager,
            lane: kept.lane || null,
            kind: kept.kind || null,
            tier: kept.tier || null,
        });
        useSetupAction({
            getLocalState: () => {
                const { manager, lane, kind, tier } = this.state;
                return { manager, lane, kind, tier };
            },
        });
        onWillStart(() => this.load());
    }

    async load() {
        const { manager } = this.state;
        const args = manager === undefined ? [] : [manager];
        this.state.day = await this.orm.call(MODEL, "get_day", args);
        this.state.manager = this.state.day.manager;
    }

    get rows() {
        const { day, kind, tier } = this.state;
        return day.rows.filter(
            (row) => (!kind || row.kind === kind) && (!tier || row.tier_id === tier)
        );
    }

    get lanes() {
        const { day, lane } = this.state;
        return day.lanes
            .filter((each) => !lane || each.key === lane)
            .map((each) => ({
                ...each,
                rows: this.rows.filter((row) => row.lane === each.key),
            }));
    }

    get managerName() {
        const { day, manager } = this.state;
        if (manager === 0) {
            return _t("All Accounts");
        }
        if (manager === user.userId) {
            return _t("My Day");
        }
        return day.managers.find((each) => each.id === manager)?.name || "";
    }

    /** The labels of the filters: what is chosen, or their names. */
    get laneLabel() {
        return this.find("lanes", "key", this.state.lane)?.label || _t("Lane");
    }

    get kindLabel() {
        return this.find("kinds", "key", this.state.kind)?.label || _t("Kind");
    }

    get tierLabel() {
        return this.find("tiers", "id", this.state.tier)?.name || _t("Tier");
    }

    find(list, key, value) {
        return this.state.day[list].find((each) => each[key] === value);
    }

    async selectManager(manager) {
        this.state.manager = manager;
        await this.load();
    }

    get mine() {
        return user.userId;
    }

    deadlineClass(row) {
        if (row.days === null || row.days > 0) {
            return "text-body-secondary";
        }
        return row.days < 0 ? "text-danger fw-bold" : "text-warning-emphasis fw-bold";
    }

    openAccount(row) {
        return this.openRecord("key.account", row.account_id);
    }

    openRecord(model, id) {
        return this.records.open(model, id);
    }

    /** Do the next step; when its dialog is closed, the page is taken again. */
    takeStep(row) {
        const { type, name, model, id } = row.step;
        if (type === "open") {
            return this.openRecord(model, id);
        }
        return this.records.run(model, id, name, () => this.load(), type);
    }

    skip(row) {
        this.dialog.add(SkipDialog, {
            row,
            confirm: async (reason, until) => {
                await this.orm.call(MODEL, "skip", [row.kind, row.model, row.id, reason, until]);
                await this.load();
            },
        });
    }

    /** As in Odoo's lists: arrows move, Enter opens, Space does the next step. */
    onKeydown(ev, row) {
        if (ev.target !== ev.currentTarget) {
            return;
        }
        const all = [...this.root.el.querySelectorAll(".o_key_account_matter")];
        const place = all.indexOf(ev.currentTarget);
        const moves = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: all.length - 1 };
        if (ev.key in moves) {
            all[moves[ev.key]]?.focus();
        } else if (ev.key === "Enter") {
            this.openRecord(row.model, row.id);
        } else if (ev.key === " ") {
            this.takeStep(row);
        } else {
            return;
        }
        ev.preventDefault();
    }
}

registry.category("actions").add("key_account_day", Day);

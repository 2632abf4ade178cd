// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { Pager } from "@web/core/pager/pager";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useRecords } from "@key_account_management/tools/use_records";

const MODEL = "key.account.white.space";
/** Steps of the scale, from little to much potential. */
const STEPS = 4;

/** What is behind a cell, and what to do about it. */
export class CellDialog extends Component {
    static template = "key_account_management_plan.CellDialog";
    static components = { Dialog };
    static props = { cell: Object, close: Function, run: Function, title: String };

    run(name) {
        this.props.close();
        this.props.run(name);
    }
}

/** Accounts by product categories: the more potential, the darker. */
export class WhiteSpace extends Component {
    static template = "key_account_management_plan.WhiteSpace";
    static components = { Layout, Pager };
    static props = { ...standardActionServiceProps };

    setup() {
        this.records = useRecords();
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.root = useRef("root");
        this.display = { controlPanel: {} };
        const kept = this.props.state || {};
        const { account_id } = this.props.action.params || {};
        this.state = useState({
            matrix: null,
            account: kept.account ?? account_id ?? null,
            parent: kept.parent ?? null,
            mine: kept.mine ?? false,
            offset: kept.offset ?? 0,
            busy: false,
        });
        useSetupAction({
            getLocalState: () => {
                const { account, parent, mine, offset } = this.state;
                return { account, parent, mine, offset };
            },
        });
        onWillStart(() => this.load());
    }

    async load(values = {}) {
        Object.assign(this.state, values);
        const { account, parent, mine, offset } = this.state;
        this.state.matrix = await this.orm.call(`${MODEL}.page`, "get_matrix", [], {
            account_id: account,
            parent_id: parent,
            mine,
            offset,
        });
    }

    async refresh() {
        this.state.busy = true;
        try {
            await this.orm.call(`${MODEL}.page`, "refresh", []);
            await this.load();
        } finally {
            this.state.busy = false;
        }
    }

    get pager() {
        const { total, limit } = this.state.matrix;
        return {
            offset: this.state.offset,
            limit,
            total,
            onUpdate: ({ offset }) => this.load({ offset }),
            isEditable: false,
        };
    }

    openCategory(parent) {
        return this.load({ parent, offset: 0 });
    }

    setMine(mine) {
        return this.load({ mine, offset: 0 });
    }

    /** Of the scale: 0 for no potential, 1 to 4 by its part of the highest one. */
    step(cell) {
        if (!cell || !cell.potential) {
            return 0;
        }
        return Math.max(1, Math.ceil((cell.potential / this.state.matrix.highest) * STEPS));
    }

    cellStyle(cell) {
        const step = this.step(cell);
        // Dark text stays readable on each of these.
        const alpha = [0, 0.12, 0.25, 0.38, 0.55][step];
        return step ? `background-color: rgba(242, 160, 32, ${alpha})` : "";
    }

    openCell(row, column, cell) {
        this.dialog.add(CellDialog, {
            cell,
            title: `${row.name}: ${column.name}`,
            run: (name) => this.records.run(MODEL, cell.id, name, () => this.load()),
        });
    }

    openAccount(row) {
        return this.records.open("key.account", row.id);
    }

    /** Arrows move from cell to cell, as in a sheet. */
    onKeydown(ev) {
        const cell = ev.target.closest("td");
        const moves = {
            ArrowLeft: [0, -1],
            ArrowRight: [0, 1],
            ArrowUp: [-1, 0],
            ArrowDown: [1, 0],
        };
        if (!cell || !(ev.key in moves)) {
            return;
        }
        ev.preventDefault();
        const [down, right] = moves[ev.key];
        let next = cell;
        do {
            const row = next.parentElement;
            const rows = [...row.parentElement.children];
            next = rows[rows.indexOf(row) + down]?.children[next.cellIndex + right];
        } while (next && !next.querySelector("button"));
        next?.querySelector("button").focus();
    }
}

registry.category("actions").add("key_account_white_space", WhiteSpace);

// Copyright 2026 Key Account Management contributors
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useRecords } from "@key_account_management/tools/use_records";
import { StakeholderCard } from "./stakeholder_card";

const MODEL = "key.account.stakeholder";

/** The stakeholders of an account: by influence and attitude, as a chart, by team. */
export class StakeholderMap extends Component {
    static template = "key_account_management_plan.StakeholderMap";
    static components = { Layout, StakeholderCard };
    static props = { ...standardActionServiceProps };

    setup() {
        this.records = useRecords();
        this.action = useService("action");
        this.orm = useService("orm");
        this.root = useRef("root");
        this.display = { controlPanel: {} };
        const kept = this.props.state || {};
        const { account_id } = this.props.action.params || {};
        this.accountId = kept.account || account_id || this.props.action.context.active_id;
        this.state = useState({
            page: null,
            picture: kept.picture || "map",
            // What is being moved by keyboard, and what a screen reader says about it.
            grabbed: null,
            said: "",
            focus: null,
        });
        this.dragged = null;
        useSetupAction({
            getLocalState: () => ({ account: this.accountId, picture: this.state.picture }),
        });
        onWillStart(() => this.load());
        // A card that was moved is another element afterwards.
        useEffect(
            (id) => {
                if (id) {
                    this.root.el.querySelector(`[data-stakeholder="${id}"]`)?.focus();
                    this.state.focus = null;
                }
            },
            () => [this.state.focus]
        );
    }

    get pictures() {
        return [
            { key: "map", label: _t("Influence and Attitude") },
            { key: "chart", label: _t("Organisation") },
            { key: "team", label: _t("Our Team") },
        ];
    }

    async load() {
        if (!this.accountId) {
            return;
        }
        this.state.page = await this.orm.call(`${MODEL}.page`, "get_page", [this.accountId]);
    }

    membersAt(influence, attitude) {
        return this.state.page.members.filter(
            (each) => each.influence === influence && each.attitude === attitude
        );
    }

    /** The organisation from the top down: each with its depth, before its reports. */
    get chartRows() {
        const { members } = this.state.page;
        const ids = new Set(members.map((each) => each.id));
        const rows = [];
        const add = (member, depth) => {
            rows.push({ member, depth });
            for (const report of members.filter((each) => each.reports_to === member.id)) {
                add(report, depth + 1);
            }
        };
        for (const head of members.filter((each) => !ids.has(each.reports_to))) {
            add(head, 0);
        }
        return rows;
    }

    contact(member, user) {
        return this.state.page.contacts[`${member.partner_id}-${user.id}`];
    }

    open(member) {
        return this.records.open(MODEL, member.id);
    }

    add() {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("New Stakeholder"),
                res_model: MODEL,
                views: [[false, "form"]],
                target: "new",
                context: { default_account_id: this.accountId },
            },
            { onClose: () => this.load() }
        );
    }

    async addContacts() {
        await this.orm.call("key.account", "action_add_stakeholders", [[this.accountId]]);
        await this.load();
    }

    openList() {
        return this.action.doAction("key_account_management_plan.key_account_stakeholder_action", {
            additionalContext: { search_default_account_id: this.accountId },
        });
    }

    async write(member, values) {
        this.state.grabbed = null;
        await this.orm.write(MODEL, [member.id], values);
        await this.load();
        this.state.focus = member.id;
        const moved = this.state.page.members.find((each) => each.id === member.id);
        if (moved) {
            this.state.said = `${moved.name}: ${moved.influence_label}, ${moved.attitude_label}`;
        }
    }

    drop(values) {
        const member = this.dragged;
        this.dragged = null;
        if (member && this.state.page.can_edit) {
            return this.write(member, values);
        }
    }

    dropOn(target) {
        const member = this.dragged;
        if (member && member.id !== target.id) {
            return this.drop({ reports_to_id: target.id });
        }
    }

    /** Space takes a card up and puts it down, arrows move it, Escape lets go. */
    onMapKeydown(ev, member) {
        const { page, grabbed } = this.state;
        const moves = {
            ArrowLeft: ["attitudes", "attitude", -1],
            ArrowRight: ["attitudes", "attitude", 1],
            ArrowUp: ["influences", "influence", -1],
            ArrowDown: ["influences", "influence", 1],
        };
        if (this.grab(ev, member) || !(ev.key in moves) || grabbed !== member.id) {
            return;
        }
        ev.preventDefault();
        const [list, name, step] = moves[ev.key];
        const keys = page[list].map((each) => each.key);
        const next = keys[keys.indexOf(member[name]) + step];
        if (next) {
            this.write(member, { [name]: next }).then(() => {
                this.state.grabbed = member.id;
            });
        }
    }

    /** In the chart a card that was taken up is put down on the one it reports to. */
    onChartKeydown(ev, member) {
        const { grabbed, page } = this.state;
        if (ev.key === " " && grabbed && grabbed !== member.id) {
            ev.preventDefault();
            const moved = page.members.find((each) => each.id === grabbed);
            return this.write(moved, { reports_to_id: member.id });
        }
        if (ev.key === "Home" && grabbed === member.id) {
            ev.preventDefault();
            return this.write(member, { reports_to_id: false });
        }
        this.grab(ev, member);
    }

    grab(ev, member) {
        if (ev.key === "Escape" && this.state.grabbed) {
            ev.stopPropagation();
            this.state.grabbed = null;
            return true;
        }
        if (ev.key !== " " || !this.state.page.can_edit) {
            return false;
        }
        ev.preventDefault();
        const isTaken = this.state.grabbed === member.id;
        this.state.grabbed = isTaken ? null : member.id;
        this.state.said = isTaken
            ? _t("%s was put down.", member.name)
            : _t("%s was taken up. Use the arrow keys, then the space bar.", member.name);
        return true;
    }
}

registry.category("actions").add("key_account_stakeholder_map", StakeholderMap);

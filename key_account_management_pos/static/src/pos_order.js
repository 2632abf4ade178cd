/* Copyright 2026 Key Account Management contributors
   License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl) */
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { patch } from "@web/core/utils/patch";

patch(PosOrder.prototype, {
    /* Programs for some key accounts are offered to those alone at the till. */
    _programIsApplicable(program) {
        if (program.key_account_restricted) {
            const programs = this.getPartner()?.key_account_program_ids || [];
            if (!programs.some((admitted) => admitted.id === program.id)) {
                return false;
            }
        }
        return super._programIsApplicable(program);
    },
});

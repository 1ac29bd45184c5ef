// This file was generated from the rules of server/room by `cargo xtask bless`. Do not edit it.
import type { Plan } from "./command";
import type { Gate } from "./gate";

/** The gates in the order of the procedure, each with the plans that ask it. */
export const gates: Readonly<Record<Gate, readonly Plan["kind"][]>> = {
  G1: ["confirm_on_register", "accept_place"],
  G3: ["accept_place"],
  G22: ["declare_ready", "clear_to_leave"],
  G23: ["clear_to_leave"],
  G24: ["confirm_arrival"],
  G30: ["claim_premises_cleared"],
};

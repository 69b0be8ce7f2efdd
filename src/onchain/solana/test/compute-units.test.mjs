// The committed report is what is measured, and the budget that it must stay within.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { measureAll, render, reportPath } from "./support/compute-units.mjs";

let measured;
before(async () => {
  measured = await measureAll();
});

test("Report_Measured_IsTheCommittedOne", () =>
  assert.equal(render(measured), readFileSync(reportPath, "utf8"), "costs changed: if for the better, run npm run solana:compute-units and commit the report"));

// A figure may only be raised here, by hand and with a reason.
for (const [name, most] of [
  ["1 share record, whole batch", 971],
  ["5 share records, whole batch", 2_942],
  ["9 share records, whole batch", 4_852],
  ["1 share record of a batch of 256", 2_292],
])
  test(`ComputeUnits_${name}_StayWithinTheirLimit`, () => {
    const { program } = measured.rows.find((r) => r.name.startsWith(name));
    assert.ok(program <= most, `${program} compute units, at most ${most}`);
  });

test("Transaction_OfEveryRow_FitsTheNetworkLimit", () => {
  for (const { name, bytes } of measured.rows) assert.ok(bytes <= 1_232, `${name}: ${bytes} bytes`);
});

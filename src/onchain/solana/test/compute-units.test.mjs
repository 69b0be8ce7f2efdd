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
  ["1 share record, whole batch", 707],
  ["6 share records, whole batch", 2_437],
  ["9 share records, whole batch", 3_471],
  ["1 token record, whole batch", 770],
  ["1 share record of a batch of 256", 1_786],
])
  test(`ComputeUnits_${name}_StayWithinTheirLimit`, () => {
    const { program } = measured.rows.find((r) => r.name.startsWith(name));
    assert.ok(program <= most, `${program} compute units, at most ${most}`);
  });

test("ComputeUnits_TheBudgetOfTheDesign_IsKept", () => {
  const of = (name) => measured.rows.find((r) => r.name.startsWith(name)).program;
  assert.ok(of("1 share record, whole") <= 800 && of("1 token record, whole") <= 800, "first record");
  assert.ok((of("6 share") - of("1 share record, whole")) / 5 <= 350, "each further record, its node included");
  assert.ok((of("1 share record of a batch of 256") - of("1 share record of a batch of 16")) / 4 <= 140, "each level of a path");
  assert.ok(measured.programBytes < 40_000, "the program's size");
});

test("Transaction_OfEveryRow_FitsTheNetworkLimit", () => {
  for (const { name, bytes } of measured.rows) assert.ok(bytes <= 1_232, `${name}: ${bytes} bytes`);
});

// The shared object: what the linker makes, and that the committed one is what the sources give.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { build, compiler, programPath } from "../build.mjs";
import { link } from "../link.mjs";

const MAX_PROGRAM_BYTES = 40_000;
const file = readFileSync(programPath);
const u16 = (at) => file.readUInt16LE(at), u32 = (at) => file.readUInt32LE(at), u64 = (at) => Number(file.readBigUInt64LE(at));
const text = (at) => file.toString("latin1", at, file.indexOf(0, at));

const sections = () => {
  const at = u64(40), names = u64(at + u16(62) * 64 + 24);
  return Array.from({ length: u16(60) }, (_, i) => at + i * 64).slice(1).map((h) => ({
    name: text(names + u32(h)), type: u32(h + 4), flags: u64(h + 8), address: u64(h + 16), at: u64(h + 24), size: u64(h + 32), link: u32(h + 40), entry: u64(h + 56),
  }));
};
const section = (name) => sections().find((s) => s.name === name);

function compilerVersion() {
  try {
    return execFileSync(compiler, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}
const noCompiler = compilerVersion() === undefined ? `${compiler} is not installed` : false;

test("Program_Header_IsAnSbfV0SharedObject", () => {
  assert.equal(file.readUInt32BE(0), 0x7f454c46);
  assert.deepEqual([...file.subarray(4, 7)], [2, 1, 1]); // 64 bit, little-endian
  assert.deepEqual([u16(16), u16(18), u32(48)], [3, 247, 0]); // ET_DYN, EM_BPF, flags 0 = v0
  const code = section(".text");
  assert.ok(u64(24) >= code.at && u64(24) < code.at + code.size && (u64(24) - code.at) % 8 === 0, "entry is an instruction of .text");
  assert.ok(file.length < MAX_PROGRAM_BYTES, `${file.length} bytes`);
});

test("Program_Sections_AreTheExpectedOnesInFileOrderAtTheirOffsets", () => {
  const all = sections();
  assert.deepEqual(all.map((s) => s.name), [".text", ".rodata", ".dynamic", ".dynsym", ".rel.dyn", ".dynstr", ".shstrtab"]);
  for (const [i, s] of all.entries()) {
    if (s.flags & 2) assert.equal(s.address, s.at, s.name);
    assert.equal(s.flags & 1, 0, `${s.name} is not writable`);
    if (i > 0) assert.ok(s.at >= all[i - 1].at + all[i - 1].size, `${s.name} overlaps`);
    assert.ok(s.at + s.size <= file.length);
  }
  assert.equal(section(".text").flags, 6);
});

test("Program_Segments_CoverTheSectionsAndNothingIsWritable", () => {
  const segments = Array.from({ length: u16(56) }, (_, i) => 64 + i * 56).map((h) => ({ type: u32(h), flags: u32(h + 4), at: u64(h + 8), address: u64(h + 16), size: u64(h + 32) }));
  const code = section(".text"), first = section(".rodata"), last = section(".dynstr"), dynamic = section(".dynamic");
  assert.deepEqual(segments, [
    { type: 1, flags: 5, at: code.at, address: code.at, size: code.size },
    { type: 1, flags: 4, at: first.at, address: first.at, size: last.at + last.size - first.at },
    { type: 2, flags: 4, at: dynamic.at, address: dynamic.at, size: dynamic.size },
  ]);
});

test("Program_DynamicTable_PointsAtItsSections", () => {
  const { at, size } = section(".dynamic"), tags = new Map();
  for (let o = at; o < at + size; o += 16) tags.set(u64(o), u64(o + 8));
  assert.equal(tags.get(17), section(".rel.dyn").at);
  assert.equal(tags.get(18), section(".rel.dyn").size);
  assert.equal(tags.get(19), 16);
  assert.equal(tags.get(6), section(".dynsym").at);
  assert.equal(tags.get(5), section(".dynstr").at);
  assert.equal(tags.get(0), 0);
});

test("Program_Syscalls_AreTheFewItNeedsAndEveryCallIsRelocated", () => {
  const symbols = section(".dynsym"), strings = section(".dynstr"), relocations = section(".rel.dyn"), code = section(".text");
  const names = Array.from({ length: symbols.size / 24 }, (_, i) => text(strings.at + u32(symbols.at + i * 24)));
  assert.deepEqual([...names].sort(), ["", "sol_curve_group_op", "sol_get_clock_sysvar", "sol_get_rent_sysvar", "sol_keccak256", "sol_set_return_data", "sol_sha256"]);

  const relocated = new Set();
  for (let o = relocations.at; o < relocations.at + relocations.size; o += 16) {
    assert.equal(u32(o + 8), 10, "R_BPF_64_32");
    assert.ok(u32(o + 12) > 0 && u32(o + 12) < names.length);
    relocated.add(u64(o));
  }
  for (let o = code.at; o < code.at + code.size; o += file[o] === 0x18 ? 16 : 8) {
    if (file[o] !== 0x85) continue;
    const target = file.readInt32LE(o + 4);
    assert.equal(target === -1, relocated.has(o), `call at ${o}`);
    if (target !== -1) assert.ok(o + 8 + target * 8 >= code.at && o + 8 + target * 8 < code.at + code.size, `call at ${o} leaves .text`);
  }
});

test("Program_ConstantsInMemory_AreLoadedFromWhereTheyStand", () => {
  const code = section(".text"), constants = section(".rodata"), loaded = [];
  for (let o = code.at; o < code.at + code.size; o += file[o] === 0x18 ? 16 : 8)
    if (file[o] === 0x18 && u32(o + 12) === 1 && u32(o + 4) >= constants.at && u32(o + 4) < constants.at + constants.size) loaded.push(u32(o + 4));
  const order = Buffer.from("ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", "hex");
  assert.ok(loaded.some((at) => file.toString("latin1", at, at + 18) === "OracleNode feed v1"));
  assert.ok(loaded.some((at) => file.subarray(at, at + 32).equals(order)));
});

test("Program_Rebuilt_IsByteForByteTheCommittedOne", { skip: noCompiler }, () => assert.deepEqual(build(), file));

test("Link_ObjectWithWritableData_IsRefused", { skip: noCompiler }, () =>
  assert.throws(() => link(compile("int counter = 1; long entrypoint(void) { return counter++; }")), /section \.data is not supported/));

test("Link_ObjectWithoutEntry_IsRefused", { skip: noCompiler }, () => assert.throws(() => link(compile("long other(void) { return 0; }")), /no function entrypoint/));

test("Link_CallInAnotherSection_IsRefused", { skip: noCompiler }, () =>
  assert.throws(() => link(compile("__attribute__((section(\".extra\"))) long f(long); __attribute__((section(\".extra\"),noinline)) long f(long x) { return x * 3; } long entrypoint(long x) { return f(x); }")), /section \.extra is not supported/));

test("Link_NotAnObject_IsRefused", () => {
  assert.throws(() => link(Buffer.alloc(0)), /not a little-endian ELF64/);
  assert.throws(() => link(Buffer.alloc(64)), /not a little-endian ELF64/);
  assert.throws(() => link(file), /not a relocatable BPF object/);
});

test("Link_SmallestProgram_Links", { skip: noCompiler }, () => {
  const linked = link(compile("long entrypoint(void) { return 7; }"));
  assert.ok(linked.length < 1_024);
  assert.equal(linked.readUInt16LE(16), 3);
});

function compile(source) {
  const scratch = mkdtempSync(join(tmpdir(), "oracle-feeds-test-"));
  try {
    writeFileSync(join(scratch, "x.c"), source);
    execFileSync(compiler, ["-target", "bpf", "-O2", "-ffreestanding", "-c", "x.c", "-o", "x.o"], { cwd: scratch });
    return readFileSync(join(scratch, "x.o"));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

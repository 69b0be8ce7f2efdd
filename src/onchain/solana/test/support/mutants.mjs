// Removes or alters one check of the program at a time and runs the tests of the program: each mutant has to be noticed.
//
//   npm run solana:mutants [-- PART-OF-A-NAME ...]
//
// A mutant is a line of program/ with a condition changed so that it never holds, or a constant moved by one. All of them take hours; it is no
// part of the tests.

import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const solana = fileURLToPath(new URL("../../", import.meta.url));
const repository = join(solana, "../../..");
const files = ["submit.h", "ed25519.h", "record.h", "input.h", "administer.h", "address.h"];
// In the order of what they notice soonest.
const tests = ["fences", "submit", "signers", "registry", "feeds", "fuzz", "vectors"];

// What no test can notice, and why: no transaction reaches it, or the program does the same without it, only slower.
const excused = [
  { file: "address.h", text: "sol_get_rent_sysvar(&rent) != 0", why: "the syscall does not fail" },
  { file: "input.h", text: "sol_get_clock_sysvar(clock) != 0", why: "the syscall does not fail" },
  { file: "submit.h", text: "clock->not_duplicate == NOT_DUPLICATE", why: "no account before it has the Clock sysvar's key" },
  { file: "submit.h", text: "clock->length == sizeof(cluster_clock)", why: "the Clock sysvar's account always has that length" },
  { file: "ed25519.h", text: "load16(instruction) != 0", why: "an account whose key continues the program's id would have to sign" },
  { file: "ed25519.h", text: "offset + 36 + ED25519_DATA_LENGTH > sysvar->length", why: "the sysvar's own offsets and lengths are the runtime's word" },
  { file: "submit.h", text: "end - leaf < 2", why: "the program's id stands behind the data, and the leaf's length is checked next" },
  { file: "submit.h", text: "LIKELY(shares)", why: "the long way gives the same" },
  { file: "submit.h", text: "tokens", why: "the long way gives the same" },
  { file: "submit.h", text: "LIKELY(regular & shares)", why: "the long way gives the same" },
  { file: "submit.h", text: "regular & tokens", why: "the long way gives the same" },
];

/** All mutants: { file, line (from 1), name, text } */
export function mutants() {
  const found = [];
  for (const file of files) {
    const lines = readFileSync(join(solana, "program", file), "utf8").split("\n");
    lines.forEach((line, i) => {
      for (const { from, to, what } of alterations(line)) {
        const text = line.slice(0, from.at) + to + line.slice(from.at + from.length);
        found.push({ file, line: i + 1, name: `${file}:${i + 1} ${what}`, text, original: line });
      }
    });
  }
  return found;
}

/** Every condition of a line taken out, one at a time. */
function alterations(line) {
  if (/^\s*\/\/|^#define|^\s*(for|while|\} while)\b/.test(line)) return [];
  const code = line.replace(/\s*\/\/.*$/, "");
  const chain = / && |==|!=/.test(code) && /^\s+&& |&&$|;$/.test(code) && !/ = |\b(if|return)\b|_IF\(/.test(code);
  if (!/REFUSE_IF|SKIP_IF|\bif \(|return /.test(line) && !chain) return [];
  const refusing = /REFUSE_IF|SKIP_IF/.test(line) || (/\bif \(/.test(line) && !/\? /.test(line));
  const result = [];
  const whole = /(?:REFUSE_IF|SKIP_IF)\(/.exec(line) ?? /\bif \(/.exec(line);
  if (refusing && whole) {
    const start = whole.index + whole[0].length, end = endOfCondition(line, start);
    if (end > start) {
      const text = line.slice(start, end);
      const parts = split(text, /\|\|/);
      if (!/^\s*1\s*$/.test(text)) for (const part of parts) result.push({ from: { at: start + part.at, length: part.length }, to: `(0 && (${part.text.trim()}))`, what: `without ${part.text.trim()}` });
    }
  } else if (/&&/.test(line) || /^\s+return .*[<>=!]=?/.test(line)) {
    const start = line.indexOf("return ") >= 0 ? line.indexOf("return ") + 7 : line.search(/\S/), end = code.includes(";") ? code.lastIndexOf(";") : code.trimEnd().length;
    for (const part of split(line.slice(start, end), /&&/)) {
      const text = part.text.trim();
      if (!text || /^\(?type == SHARE_TYPE/.test(text)) continue;
      if (/[<>]=?|==|!=|_canonical\(/.test(text) && balanced(text)) result.push({ from: { at: start + part.at, length: part.length }, to: ` (1 || (${text})) `, what: `without ${text}` });
    }
  }
  return result;
}

function endOfCondition(line, start) {
  let depth = 0;
  for (let i = start; i < line.length; i++) {
    if (line[i] === "(") depth++;
    else if (line[i] === ")" && depth-- === 0) return i;
    else if (line[i] === "," && depth === 0) return i;
  }
  return -1;
}

/** The parts between an operator that stands outside of parentheses. */
function split(text, operator) {
  const parts = [];
  let depth = 0, begun = 0;
  for (let i = 0; i <= text.length; i++) {
    if (text[i] === "(") depth++;
    if (text[i] === ")") depth--;
    if (i === text.length || (depth === 0 && operator.test(text.slice(i, i + 2)))) {
      parts.push({ at: begun, length: i - begun, text: text.slice(begun, i) });
      begun = i + 2;
      i++;
    }
  }
  return parts;
}

function balanced(text) {
  let depth = 0;
  for (const c of text) if ((depth += c === "(" ? 1 : c === ")" ? -1 : 0) < 0) return false;
  return depth === 0;
}

/** The parts of the repository that the tests need, with one line of the program changed. */
function copyOf(mutant) {
  const place = mkdtempSync(join(tmpdir(), "oracle-feeds-mutant-"));
  cpSync(solana, join(place, "src/onchain/solana"), { recursive: true });
  symlinkSync(join(repository, "src/onchain/node_modules"), join(place, "src/onchain/node_modules"));
  symlinkSync(join(repository, "src/onchain/package.json"), join(place, "src/onchain/package.json"));
  symlinkSync(join(repository, "tests"), join(place, "tests"));
  const file = join(place, "src/onchain/solana/program", mutant.file), lines = readFileSync(file, "utf8").split("\n");
  lines[mutant.line - 1] = mutant.text;
  writeFileSync(file, lines.join("\n"));
  return place;
}

function run(place, ...command) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { cwd: join(place, "src/onchain"), stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ORACLENODE_FUZZ_ROUNDS: "200" } });
    let errors = "";
    child.stderr.on("data", (d) => (errors += d));
    child.on("close", (code) => resolve({ code, errors }));
  });
}

/** Which test file noticed the mutant; "compiler" where it does not compile; null when it survived. */
async function killer(mutant) {
  const place = copyOf(mutant);
  try {
    const { code } = await run(place, "solana/build.mjs");
    if (code !== 0) return "compiler";
    for (const name of tests) if ((await run(place, "--test", `solana/test/${name}.test.mjs`)).code !== 0) return name;
    return null;
  } finally {
    rmSync(place, { recursive: true });
  }
}

const wanted = process.argv.slice(2);
const all = mutants().filter((m) => wanted.length === 0 || wanted.some((w) => m.name.includes(w)));
if (process.env.LIST) for (const m of all) console.log(m.name);
else {
  let next = 0;
  const survivors = [];
  const work = async () => {
    while (next < all.length) {
      const mutant = all[next++], excuse = excused.find((u) => u.file === mutant.file && mutant.name.endsWith(`without ${u.text}`));
      const by = excuse ? `excused: ${excuse.why}` : await killer(mutant);
      console.log(`${by === null ? "SURVIVED" : "killed"}  ${mutant.name}${by === null ? "" : `  (${by})`}`);
      if (by === null) survivors.push(mutant);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
  console.log(`${all.length - survivors.length} of ${all.length} mutants killed`);
  process.exitCode = survivors.length === 0 ? 0 : 1;
}

// Builds build/oracle_feeds.so from program/. The result depends on the sources and the compiler's version only, so that the
// committed file can be compared with a rebuild byte for byte.
//
//   node build.mjs [OUTPUT.so]

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { link } from "./link.mjs";

const here = dirname(fileURLToPath(import.meta.url));
export const compiler = "clang-14";
export const programPath = join(here, "build", "oracle_feeds.so");

// -mcpu=v2: the instructions that SBF v0 has. No jump tables: they would need relocations in data. No strict aliasing: accounts
// and instruction data are read through pointers of several types.
const flags = [
  "-target", "bpf", "-mcpu=v2", "-O2", "-std=c11", "-ffreestanding", "-fno-builtin", "-fno-jump-tables", "-fno-strict-aliasing", "-fno-ident",
  "-Wall", "-Wextra", "-Werror",
];

export function build() {
  const scratch = mkdtempSync(join(tmpdir(), "oracle-feeds-"));
  try {
    const object = join(scratch, "oracle_feeds.o");
    execFileSync(compiler, [...flags, "-c", "oracle_feeds.c", "-o", object], { cwd: join(here, "program"), stdio: ["ignore", "inherit", "inherit"] });
    return link(readFileSync(object));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const output = process.argv[2] ?? programPath;
  const program = build();
  writeFileSync(output, program);
  console.log(`${output}: ${program.length} bytes`);
}

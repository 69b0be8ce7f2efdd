// Links one clang object into the shared object that Solana's loader takes (SBF v0).
//
//   node link.mjs OBJECT.o OUTPUT.so
//
// The object: ELF64, little-endian, EM_BPF, code in .text, constants at most in .rodata, relocations only in .text. Anything
// else that would need space in memory (.data, .bss, a second .text) is refused: the loader would refuse or misread it.
//
// The output, every section at a virtual address equal to its file offset:
//
//   ELF header | 3 program headers | .text | .rodata | .dynamic | .dynsym | .rel.dyn | .dynstr | .shstrtab | section headers
//   PT_LOAD r-x  .text
//   PT_LOAD r--  .rodata to .dynstr
//   PT_DYNAMIC   .dynamic
//
// - A call of an undefined function is a syscall: it keeps the immediate -1 that the loader looks for, and gets a dynamic
//   symbol and an R_BPF_64_32 entry in .rel.dyn. The loader replaces the immediate by the hash of the name.
// - A call inside .text was resolved by the compiler as an instruction count.
// - A 64-bit load of an address in .rodata (R_BPF_64_64) gets that address written in: 0x100000000, where the loader maps the
//   file, plus the file offset.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const ET_REL = 1, ET_DYN = 3, EM_BPF = 247;
const SHT_PROGBITS = 1, SHT_SYMTAB = 2, SHT_STRTAB = 3, SHT_DYNAMIC = 6, SHT_REL = 9, SHT_DYNSYM = 11;
const SHF_ALLOC = 2n, SHF_EXECINSTR = 4n;
const STT_SECTION = 3, SHN_UNDEF = 0;
const R_BPF_64_64 = 1, R_BPF_64_32 = 10;
const DT_NULL = 0n, DT_STRTAB = 5n, DT_SYMTAB = 6n, DT_STRSZ = 10n, DT_SYMENT = 11n, DT_REL = 17n, DT_RELSZ = 18n, DT_RELENT = 19n;
const EHDR = 64, PHDR = 56, SHDR = 64, SYM = 24, REL = 16, DYN = 16;
const OP_CALL = 0x85, OP_LDDW = 0x18;
const PROGRAM_ADDRESS = 0x1_0000_0000n;

export function link(object, entryName = "entrypoint") {
  const { text, rodata, symbols, relocations } = readObject(object);
  const entry = symbols.find((s) => s.name === entryName && s.section === ".text");
  if (!entry) fail(`no function ${entryName} in .text`);

  const textAt = EHDR + 3 * PHDR;
  const rodataAt = align8(textAt + text.length);
  const dynamicAt = align8(rodataAt + rodata.length);

  const syscalls = [];
  const dynamicRelocations = [];
  for (const { offset, type, symbol } of relocations) {
    if (type === R_BPF_64_32) {
      if (symbol.section !== undefined) fail(`call of ${symbol.name || symbol.section} at ${offset} left to the linker; only syscalls are`);
      if (text[offset] !== OP_CALL || text.readInt32LE(offset + 4) !== -1) fail(`relocation of ${symbol.name} at ${offset} is not on a call`);
      if (!syscalls.includes(symbol.name)) syscalls.push(symbol.name);
      dynamicRelocations.push({ offset, symbol: syscalls.indexOf(symbol.name) + 1 });
    } else if (type === R_BPF_64_64) {
      if (symbol.section !== ".rodata") fail(`address of ${symbol.name || symbol.section} at ${offset}; only of .rodata is supported`);
      if (text[offset] !== OP_LDDW) fail(`relocation at ${offset} is not on a 64-bit load`);
      const addend = symbol.value + BigInt(text.readUInt32LE(offset + 4)) + (BigInt(text.readUInt32LE(offset + 12)) << 32n);
      if (addend >= BigInt(rodata.length)) fail(`address at ${offset} is outside .rodata`);
      const address = PROGRAM_ADDRESS + BigInt(rodataAt) + addend;
      text.writeUInt32LE(Number(address & 0xffffffffn), offset + 4);
      text.writeUInt32LE(Number(address >> 32n), offset + 12);
    } else fail(`relocation type ${type} at ${offset} is not supported`);
  }

  const names = stringTable(syscalls);
  const dynsymAt = dynamicAt + 8 * DYN;
  const relAt = dynsymAt + (1 + syscalls.length) * SYM;
  const dynstrAt = relAt + dynamicRelocations.length * REL;
  const shstrtabAt = dynstrAt + names.bytes.length;

  const dynamic = Buffer.alloc(8 * DYN);
  [
    [DT_REL, relAt], [DT_RELSZ, dynamicRelocations.length * REL], [DT_RELENT, REL],
    [DT_SYMTAB, dynsymAt], [DT_SYMENT, SYM], [DT_STRTAB, dynstrAt], [DT_STRSZ, names.bytes.length], [DT_NULL, 0],
  ].forEach(([tag, value], i) => {
    dynamic.writeBigUInt64LE(tag, i * DYN);
    dynamic.writeBigUInt64LE(BigInt(value), i * DYN + 8);
  });

  const dynsym = Buffer.alloc((1 + syscalls.length) * SYM);
  syscalls.forEach((name, i) => {
    dynsym.writeUInt32LE(names.at(name), (i + 1) * SYM);
    dynsym[(i + 1) * SYM + 4] = 0x10; // global, no type
  });

  const rel = Buffer.alloc(dynamicRelocations.length * REL);
  dynamicRelocations.forEach(({ offset, symbol }, i) => {
    rel.writeBigUInt64LE(BigInt(textAt + offset), i * REL);
    rel.writeBigUInt64LE((BigInt(symbol) << 32n) | BigInt(R_BPF_64_32), i * REL + 8);
  });

  const sections = [
    { name: ".text", type: SHT_PROGBITS, flags: SHF_ALLOC | SHF_EXECINSTR, at: textAt, bytes: text, alignment: 8 },
    { name: ".rodata", type: SHT_PROGBITS, flags: SHF_ALLOC, at: rodataAt, bytes: rodata, alignment: 8 },
    { name: ".dynamic", type: SHT_DYNAMIC, flags: SHF_ALLOC, at: dynamicAt, bytes: dynamic, alignment: 8, link: 6, entry: DYN },
    { name: ".dynsym", type: SHT_DYNSYM, flags: SHF_ALLOC, at: dynsymAt, bytes: dynsym, alignment: 8, link: 6, info: 1, entry: SYM },
    { name: ".rel.dyn", type: SHT_REL, flags: SHF_ALLOC, at: relAt, bytes: rel, alignment: 8, link: 4, entry: REL },
    { name: ".dynstr", type: SHT_STRTAB, flags: SHF_ALLOC, at: dynstrAt, bytes: names.bytes, alignment: 1 },
  ];
  const sectionNames = stringTable([...sections.map((s) => s.name), ".shstrtab"]);
  sections.push({ name: ".shstrtab", type: SHT_STRTAB, flags: 0n, at: shstrtabAt, bytes: sectionNames.bytes, alignment: 1 });
  const headersAt = align8(shstrtabAt + sectionNames.bytes.length);

  const out = Buffer.alloc(headersAt + (1 + sections.length) * SHDR);
  out.write("\x7fELF\x02\x01\x01", "latin1"); // 64 bit, little-endian, version 1
  out.writeUInt16LE(ET_DYN, 16);
  out.writeUInt16LE(EM_BPF, 18);
  out.writeUInt32LE(1, 20);
  out.writeBigUInt64LE(BigInt(textAt) + entry.value, 24);
  out.writeBigUInt64LE(BigInt(EHDR), 32);
  out.writeBigUInt64LE(BigInt(headersAt), 40);
  out.writeUInt16LE(EHDR, 52);
  out.writeUInt16LE(PHDR, 54);
  out.writeUInt16LE(3, 56);
  out.writeUInt16LE(SHDR, 58);
  out.writeUInt16LE(1 + sections.length, 60);
  out.writeUInt16LE(sections.length, 62); // .shstrtab is the last

  const PT_LOAD = 1, PT_DYNAMIC = 2, EXECUTE_READ = 5, READ = 4;
  [
    [PT_LOAD, EXECUTE_READ, textAt, text.length],
    [PT_LOAD, READ, rodataAt, shstrtabAt - rodataAt],
    [PT_DYNAMIC, READ, dynamicAt, dynamic.length],
  ].forEach(([type, flags, at, size], i) => {
    const h = EHDR + i * PHDR;
    out.writeUInt32LE(type, h);
    out.writeUInt32LE(flags, h + 4);
    for (const o of [8, 16, 24]) out.writeBigUInt64LE(BigInt(at), h + o);
    for (const o of [32, 40]) out.writeBigUInt64LE(BigInt(size), h + o);
    out.writeBigUInt64LE(8n, h + 48);
  });

  sections.forEach((s, i) => {
    s.bytes.copy(out, s.at);
    const h = headersAt + (i + 1) * SHDR;
    out.writeUInt32LE(sectionNames.at(s.name), h);
    out.writeUInt32LE(s.type, h + 4);
    out.writeBigUInt64LE(s.flags, h + 8);
    out.writeBigUInt64LE(s.flags & SHF_ALLOC ? BigInt(s.at) : 0n, h + 16);
    out.writeBigUInt64LE(BigInt(s.at), h + 24);
    out.writeBigUInt64LE(BigInt(s.bytes.length), h + 32);
    out.writeUInt32LE(s.link ?? 0, h + 40);
    out.writeUInt32LE(s.info ?? 0, h + 44);
    out.writeBigUInt64LE(BigInt(s.alignment), h + 48);
    out.writeBigUInt64LE(BigInt(s.entry ?? 0), h + 56);
  });
  return out;
}

function readObject(object) {
  if (object.length < EHDR || object.readUInt32BE(0) !== 0x7f454c46 || object[4] !== 2 || object[5] !== 1) fail("not a little-endian ELF64 file");
  if (object.readUInt16LE(16) !== ET_REL || object.readUInt16LE(18) !== EM_BPF) fail("not a relocatable BPF object");

  const at = Number(object.readBigUInt64LE(40)), count = object.readUInt16LE(60), namesIndex = object.readUInt16LE(62);
  const sections = Array.from({ length: count }, (_, i) => {
    const h = at + i * SHDR;
    const start = Number(object.readBigUInt64LE(h + 24)), size = Number(object.readBigUInt64LE(h + 32));
    return {
      nameAt: object.readUInt32LE(h), type: object.readUInt32LE(h + 4), flags: object.readBigUInt64LE(h + 8), size,
      link: object.readUInt32LE(h + 40), info: object.readUInt32LE(h + 44), bytes: Buffer.from(object.subarray(start, start + size)),
    };
  });
  for (const s of sections) s.name = text(sections[namesIndex].bytes, s.nameAt);

  for (const s of sections)
    if (s.flags & SHF_ALLOC && s.size > 0 && s.name !== ".text" && s.name !== ".rodata") fail(`section ${s.name} is not supported`);
  const code = sections.findIndex((s) => s.name === ".text");
  if (code < 0 || sections[code].size === 0) fail("no code in .text");

  const table = sections.find((s) => s.type === SHT_SYMTAB) ?? fail("no symbol table");
  const symbols = Array.from({ length: table.size / SYM }, (_, i) => {
    const s = table.bytes.subarray(i * SYM, (i + 1) * SYM);
    const index = s.readUInt16LE(6);
    return {
      name: (s[4] & 15) === STT_SECTION ? "" : text(sections[table.link].bytes, s.readUInt32LE(0)),
      section: index === SHN_UNDEF ? undefined : sections[index]?.name,
      value: s.readBigUInt64LE(8),
    };
  });

  const relocations = [];
  for (const s of sections.filter((r) => r.type === SHT_REL && sections[r.info].flags & SHF_ALLOC)) {
    if (s.info !== code) fail(`relocations in ${sections[s.info].name} are not supported`);
    for (let o = 0; o < s.size; o += REL)
      relocations.push({
        offset: Number(s.bytes.readBigUInt64LE(o)), type: s.bytes.readUInt32LE(o + 8), symbol: symbols[s.bytes.readUInt32LE(o + 12)],
      });
  }
  return { text: sections[code].bytes, rodata: sections.find((s) => s.name === ".rodata")?.bytes ?? Buffer.alloc(0), symbols, relocations };
}

function stringTable(names) {
  const offsets = new Map();
  let length = 1;
  for (const name of names) {
    offsets.set(name, length);
    length += name.length + 1;
  }
  return { bytes: Buffer.from("\0" + names.map((name) => name + "\0").join(""), "latin1"), at: (name) => offsets.get(name) };
}

function text(bytes, at) {
  return bytes.toString("latin1", at, bytes.indexOf(0, at));
}

function align8(n) {
  return (n + 7) & ~7;
}

function fail(reason) {
  throw new Error(`cannot link: ${reason}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [object, output] = process.argv.slice(2);
  if (!object || !output) {
    console.error("usage: node link.mjs OBJECT.o OUTPUT.so");
    process.exit(2);
  }
  writeFileSync(output, link(readFileSync(object)));
}

// JSON as an RPC node writes it: 64-bit integers are plain digits, which JSON.stringify cannot write.

export function stringify(value) {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map((v) => stringify(v ?? null)).join(",")}]`;
  if (value !== null && typeof value === "object")
    return `{${Object.entries(value).filter(([, v]) => v !== undefined).map(([k, v]) => `${JSON.stringify(k)}:${stringify(v)}`).join(",")}}`;
  return JSON.stringify(value);
}

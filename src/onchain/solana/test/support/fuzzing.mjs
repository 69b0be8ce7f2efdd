// Seeded randomness for the fuzz tests. ORACLENODE_FUZZ_ROUNDS makes them longer.

export const rounds = Number(process.env.ORACLENODE_FUZZ_ROUNDS ?? 1_500);

export function random(seed) {
  let state = seed * 0x9e3779b9;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (n) => next() % n;
  const pick = (list) => list[below(list.length)];
  const bytes = (length) => Buffer.from(Array.from({ length }, () => (below(3) ? next() & 0xff : pick([0, 1, 2, 0x7f, 0x80, 0xff]))));

  /** One to three changes: bits, bytes, words, cut, grown, a piece copied elsewhere. */
  function mutate(original) {
    let data = Buffer.from(original);
    for (let n = 1 + below(3); n > 0; n--) {
      const at = below(data.length || 1);
      switch (below(6)) {
        case 0: if (data.length) data[at] ^= 1 << below(8); break;
        case 1: if (data.length) data[at] = pick([0, 1, 0x7f, 0x80, 0xff, next() & 0xff]); break;
        case 2: data = data.subarray(0, at); break;
        case 3: data = Buffer.concat([data, bytes(1 + below(70))]); break;
        case 4: bytes(8).copy(data, at); break;
        default: data.copy(data, at, below(data.length || 1)); break;
      }
      data = Buffer.from(data);
    }
    return data;
  }

  return { below, pick, bytes, mutate };
}

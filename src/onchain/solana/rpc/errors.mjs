// JSON-RPC errors, and LiteSVM's transaction errors in the shape that RPC nodes give them.

export const codes = {
  parseError: -32700, invalidRequest: -32600, methodNotFound: -32601, invalidParams: -32602, internal: -32603,
  preflightFailure: -32002, signatureVerificationFailure: -32003, minContextSlotNotReached: -32016,
};

export class RpcError extends Error {
  constructor(code, message, data) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export const invalid = (message) => new RpcError(codes.invalidParams, `Invalid params: ${message}`);

/** Of a FailedTransactionMetadata, for example { InstructionError: [2, { Custom: 25 }] } or "BlockhashNotFound". LiteSVM's numbers
 *  for errors without fields have no names in JavaScript, but its text has. */
export function transactionError(failed) {
  const text = /err: (.*?), meta: /s.exec(failed.toString())?.[1] ?? "Unknown";
  const instruction = /^InstructionError\((\d+), (.*)\)$/s.exec(text);
  if (instruction) {
    const [, index, inner] = instruction, custom = /^Custom\((\d+)\)$/.exec(inner);
    return { InstructionError: [Number(index), custom ? { Custom: Number(custom[1]) } : inner] };
  }
  const indexed = /^(\w+) ?[({] ?(?:account_index: )?(\d+) ?[)}]$/.exec(text);
  if (!indexed) return text;
  return { [indexed[1]]: indexed[1] === "DuplicateInstruction" ? Number(indexed[2]) : { account_index: Number(indexed[2]) } };
}

/** In the words of an RPC node, as far as they are fixed. */
export function describe(error) {
  if (error === "BlockhashNotFound") return "Blockhash not found";
  if (error === "AlreadyProcessed") return "This transaction has already been processed";
  if (error.InstructionError) {
    const [index, inner] = error.InstructionError;
    return `Error processing Instruction ${index}: ${inner.Custom === undefined ? JSON.stringify(inner) : `custom program error: 0x${inner.Custom.toString(16)}`}`;
  }
  return typeof error === "string" ? error : JSON.stringify(error);
}

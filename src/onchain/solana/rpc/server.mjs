// A local Solana cluster behind HTTP JSON-RPC, on 127.0.0.1 only.
//
//   node server.mjs [--port N] [--genesis BASE58]
//
// --port 0 (the default) takes a free port. When ready, one JSON line on stdout tells: {"port":8899,"url":...,"genesisHash":...}.
// It ends when its standard input closes, so that it never outlives who started it.
// Without --genesis the cluster's genesis hash is sha256("OracleNode local Solana cluster").

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { getBase58Decoder, getBase58Encoder } from "@solana/kit";
import { Cluster } from "./cluster.mjs";
import { codes, RpcError } from "./errors.mjs";
import { stringify } from "./json.mjs";
import { call } from "./methods.mjs";

const MAX_BODY_BYTES = 16 * 1024 * 1024; // a 10 MB account in base64
const MAX_BATCH = 100;

const { port, genesis } = readArguments();
const cluster = new Cluster(genesis);

const server = createServer((request, response) => {
  if (request.method === "GET" && request.url === "/health") return reply(response, 200, "ok", "text/plain");
  if (request.method !== "POST") return reply(response, 405, "POST a JSON-RPC request", "text/plain");
  const chunks = [];
  let length = 0;
  request.on("data", (chunk) => {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
    else if (!response.headersSent) {
      response.setHeader("connection", "close");
      reply(response, 413, `body above ${MAX_BODY_BYTES} bytes`, "text/plain");
      response.on("finish", () => request.destroy());
    }
  });
  request.on("end", () => {
    if (length > MAX_BODY_BYTES) return;
    const answer = handle(Buffer.concat(chunks).toString("utf8"));
    if (answer === undefined) reply(response, 204, "", "application/json");
    else reply(response, 200, stringify(answer), "application/json");
  });
});
server.requestTimeout = 10_000;
server.headersTimeout = 10_000;
server.on("clientError", (_, socket) => socket.destroy());
server.on("error", (error) => {
  console.error(`cannot listen on 127.0.0.1:${port}: ${error.message}`);
  process.exit(1);
});
server.listen(port, "127.0.0.1", () => {
  const bound = server.address().port;
  console.log(JSON.stringify({ port: bound, url: `http://127.0.0.1:${bound}`, genesisHash: getBase58Decoder().decode(genesis) }));
});

process.stdin.on("end", () => process.exit(0));
process.stdin.on("close", () => process.exit(0));
process.stdin.on("error", () => process.exit(0));
process.stdin.resume();

function handle(body) {
  let parsed;
  try {
    parsed = JSON.parse(body);
  } catch {
    return failure(null, new RpcError(codes.parseError, "Parse error"));
  }
  if (!Array.isArray(parsed)) return handleOne(parsed);
  if (parsed.length === 0 || parsed.length > MAX_BATCH) return failure(null, new RpcError(codes.invalidRequest, `a batch holds 1 to ${MAX_BATCH} requests`));
  const answers = parsed.map(handleOne).filter((answer) => answer !== undefined);
  return answers.length ? answers : undefined;
}

function handleOne(request) {
  const isObject = request !== null && typeof request === "object" && !Array.isArray(request);
  const id = isObject && (typeof request.id === "string" || Number.isFinite(request.id)) ? request.id : null;
  try {
    if (!isObject || request.jsonrpc !== "2.0" || typeof request.method !== "string") throw new RpcError(codes.invalidRequest, "Invalid request");
    const { params = [] } = request;
    if (!Array.isArray(params)) throw new RpcError(codes.invalidParams, "Invalid params: an array is expected");
    const result = call(cluster, request.method, params);
    return Object.hasOwn(request, "id") ? { jsonrpc: "2.0", result, id } : undefined;
  } catch (error) {
    if (!(error instanceof RpcError)) console.error(`${request?.method}: ${error?.stack ?? error}`);
    return failure(id, error instanceof RpcError ? error : new RpcError(codes.internal, `Internal error: ${error?.message ?? error}`));
  }
}

function failure(id, { code, message, data }) {
  return { jsonrpc: "2.0", error: { code, message, data }, id };
}

function reply(response, status, body, type) {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function readArguments() {
  try {
    const { values } = parseArgs({ options: { port: { type: "string", default: "0" }, genesis: { type: "string" } } });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port}: a port from 0 to 65535 is expected`);
    if (values.genesis === undefined) return { port, genesis: createHash("sha256").update("OracleNode local Solana cluster").digest() };
    let genesis = Buffer.alloc(0);
    if (/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(values.genesis)) genesis = Buffer.from(getBase58Encoder().encode(values.genesis));
    if (genesis.length !== 32) throw new Error(`--genesis ${values.genesis}: a base58 hash of 32 bytes is expected`);
    return { port, genesis };
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}

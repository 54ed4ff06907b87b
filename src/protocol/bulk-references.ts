/**
 * References between the operations of a bulk (RFC 7644 §3.7.2): where they are, and their replacement by real ids.
 *
 * @module
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import type { BulkOperation, BulkRequestOperation } from "./bulk.ts";

const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const PREFIX = "bulkId:";
const METHODS: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Data that is nested deeper is refused: no SCIM message is. */
const MOST_DEPTH = 64;

/** One operation, copied and looked through. */
export interface BulkEntry {
  readonly index: number;
  readonly operation: BulkOperation;
  readonly bulkId: string | undefined;
  /** The data as it would be sent, references and all. */
  readonly data: JsonValue | undefined;
  /** The operations that create what this one refers to; itself too, if it does. */
  readonly creates: ReadonlySet<number>;
  /**
   * Those of them that it refers to where RFC 7644 lets no bulkId stand, in a path: their ids must be known before it is
   * sent.
   */
  readonly early: ReadonlySet<number>;
}

/** Finds the id of the resource that a bulkId stands for, where it is known. */
export type ResolveBulkId = (bulkId: string) => string | undefined;

/**
 * Looks through operations. The data is copied, as JSON would; nothing of the caller's is kept.
 *
 * @throws {TypeError} for an operation that is none, for two with the same bulkId, and for a reference to a bulkId that no
 *   POST has; the message names the position.
 */
export function readEntries(operations: readonly BulkOperation[]): BulkEntry[] {
  const positions = new Map<string, number>();
  for (const [index, operation] of operations.entries()) {
    checkOperation(operation, index);
    const { bulkId } = operation;
    if (bulkId === undefined) continue;
    const other = positions.get(bulkId);
    if (other !== undefined) {
      throw new TypeError(`operations ${other} and ${index} have the same bulkId "${bulkId}" (RFC 7644 §3.7)`);
    }
    positions.set(bulkId, index);
  }
  return operations.map((operation, index) => {
    const creates = new Set<number>();
    const early = new Set<number>();
    const found = (into: Set<number>) => (bulkId: string) => {
      const create = positions.get(bulkId);
      if (create === undefined || operations[create]?.method !== "POST") {
        throw new TypeError(
          `operation ${index} refers to "${PREFIX}${bulkId}", and no POST of this bulk has that bulkId (RFC 7644 §3.7.2)`,
        );
      }
      creates.add(create);
      into.add(create);
      return undefined;
    };
    const copied = operation.data === undefined ? undefined : copy(operation.data, "data", index, 0);
    const data = operation.method === "PATCH" ? patchOp(copied) : copied;
    replaceInPath(operation.path, found(early));
    if (operation.method === "PATCH") mapPatchPaths(data, found(early));
    if (data !== undefined) replace(data, found(new Set()));
    return {
      index,
      operation,
      bulkId: operation.bulkId ?? ownBulkId(operation, index, positions),
      data,
      creates,
      early,
    };
  });
}

/** Whether it has nothing to say: a PATCH has one operation at least (RFC 7644 §3.5.2). */
export function isNothing({ operation, data }: BulkEntry): boolean {
  const given = operation.method === "PATCH" && isJsonObject(data) ? data["Operations"] : undefined;
  return Array.isArray(given) && given.length === 0;
}

/** The operation as it is sent: references to resources of known id replaced, the others left as they are. */
export function wireOperation(
  { operation, bulkId, data }: BulkEntry,
  resolve: ResolveBulkId,
): BulkRequestOperation {
  const patched = operation.method === "PATCH" ? mapPatchPaths(data, resolve) : data;
  const version = operation.method === "POST" ? undefined : operation.version;
  return {
    method: operation.method,
    ...(bulkId === undefined ? {} : { bulkId }),
    ...(version === undefined ? {} : { version }),
    path: replaceInPath(operation.path, resolve),
    ...(patched === undefined ? {} : { data: replace(patched, resolve) }),
  };
}

function checkOperation(operation: BulkOperation, index: number): void {
  // Not everybody compiles with types.
  const { method, path, bulkId, data }: Record<string, unknown> = { ...operation };
  if (typeof method !== "string" || !METHODS.has(method)) {
    throw new TypeError(`operation ${index} has no method POST, PUT, PATCH or DELETE (RFC 7644 §3.7)`);
  }
  if (typeof path !== "string" || path === "")
    throw new TypeError(`operation ${index} has no path (RFC 7644 §3.7)`);
  if (bulkId !== undefined && (typeof bulkId !== "string" || bulkId === "")) {
    throw new TypeError(`the bulkId of operation ${index} is not a text (RFC 7644 §3.7)`);
  }
  if ((typeof data !== "object" || data === null) !== (method === "DELETE")) {
    throw new TypeError(
      `operation ${index}, a ${method}, ${method === "DELETE" ? "has" : "lacks"} data (RFC 7644 §3.7)`,
    );
  }
}

/** RFC 7644 §3.7 requires a bulkId of every POST. */
function ownBulkId(
  operation: BulkOperation,
  index: number,
  taken: ReadonlyMap<string, number>,
): string | undefined {
  if (operation.method !== "POST") return undefined;
  let bulkId = `operation-${index}`;
  while (taken.has(bulkId)) bulkId += "+";
  return bulkId;
}

/** Erratum 5050: the data of a PATCH is the message that PATCH takes, not its operations alone. */
function patchOp(data: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(data)) return { schemas: [PATCH_OP], Operations: data };
  if (!isJsonObject(data) || data["schemas"] !== undefined) return data;
  return { schemas: [PATCH_OP], ...data };
}

/** A copy as JSON would give it. */
function copy(value: unknown, key: string, index: number, depth: number): JsonValue | undefined {
  if (depth > MOST_DEPTH) {
    throw new TypeError(`the data of operation ${index} is nested more than ${MOST_DEPTH} levels deep`);
  }
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint")
    throw new TypeError(`the data of operation ${index} holds a bigint, which JSON has not`);
  if (typeof value !== "object") return undefined;
  if ("toJSON" in value && typeof value.toJSON === "function") {
    const { toJSON }: { toJSON: (key: string) => unknown } = value as { toJSON: (key: string) => unknown };
    return copy(toJSON.call(value, key), key, index, depth + 1);
  }
  if (Array.isArray(value)) return value.map((each, at) => copy(each, String(at), index, depth + 1) ?? null);
  const members: [string, JsonValue][] = [];
  for (const [name, each] of Object.entries(value)) {
    const copied = copy(each, name, index, depth + 1);
    if (copied !== undefined) members.push([name, copied]);
  }
  return Object.fromEntries(members);
}

/** Replaces texts that are a reference; what holds none is given back itself. */
function replace(value: JsonValue, resolve: ResolveBulkId): JsonValue {
  if (typeof value === "string")
    return value.startsWith(PREFIX) ? (resolve(value.slice(PREFIX.length)) ?? value) : value;
  if (Array.isArray(value)) {
    const replaced = value.map((each) => replace(each, resolve));
    return replaced.some((each, at) => each !== value[at]) ? replaced : value;
  }
  if (!isJsonObject(value)) return value;
  let changed = false;
  const members: [string, JsonValue][] = [];
  for (const [name, each] of Object.entries(value)) {
    if (each === undefined) continue;
    const replaced = replace(each, resolve);
    changed ||= replaced !== each;
    members.push([name, replaced]);
  }
  return changed ? Object.fromEntries(members) : value;
}

function replaceInPath(path: string, resolve: ResolveBulkId): string {
  if (!path.includes("bulkId")) return path;
  return path
    .split("/")
    .map((segment) => {
      const text = decoded(segment);
      const id = text.startsWith(PREFIX) ? resolve(text.slice(PREFIX.length)) : undefined;
      return id === undefined ? segment : encodeURIComponent(id);
    })
    .join("/");
}

/** Replaces the references among the literals of the value filters of PATCH paths. */
function mapPatchPaths(message: JsonValue | undefined, resolve: ResolveBulkId): JsonValue | undefined {
  if (!isJsonObject(message) || !Array.isArray(message["Operations"])) return message;
  const operations = message["Operations"].map((operation): JsonValue => {
    const path = isJsonObject(operation) ? operation["path"] : undefined;
    if (!isJsonObject(operation) || typeof path !== "string" || !path.includes(`"${PREFIX}`)) return operation;
    return { ...operation, path: replaceLiterals(path, resolve) } satisfies JsonObject;
  });
  return { ...message, Operations: operations };
}

/** RFC 7644 §3.4.2.2: a literal of a filter is a JSON string. */
function replaceLiterals(path: string, resolve: ResolveBulkId): string {
  return path.replaceAll(/"(?:[^"\\]|\\.)*"/g, (literal) => {
    if (!literal.startsWith(`"${PREFIX}`)) return literal;
    const id = resolve(decodedLiteral(literal).slice(PREFIX.length));
    return id === undefined ? literal : JSON.stringify(id);
  });
}

function decodedLiteral(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.slice(1, -1);
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * Operations of a bulk as a client takes them: with a path, as RFC 7644 §3.7 has them, or with a model, by which the
 * compiler knows their data.
 *
 * @module
 */
import type { SCIMResponseError } from "../errors.ts";
import { isJsonObject } from "../json.ts";
import type { BulkOperation, BulkResult } from "../protocol/bulk.ts";
import type { Create, Read, Replace } from "../schema/view.ts";
import type { Modification } from "./modification.ts";
import type { AnyModel } from "./service-description.ts";
import { encodeSegment } from "./url.ts";

/**
 * An operation on resources of a model, which stands in place of the path. `bulkId:x` for an id, and anywhere in `data`,
 * refers to the resource that the POST with the `bulkId` `x` creates.
 */
export type BulkModelOperation<M extends AnyModel = AnyModel> = [Create<M>] extends [never]
  ? never
  : | {
        readonly method: "POST";
        readonly model: M;
        readonly path?: undefined;
        /** Names the new resource for the other operations; unique. */
        readonly bulkId?: string;
        /** What `create` takes. */
        readonly data: Create<M>;
      }
    | {
        readonly method: "PUT";
        readonly model: M;
        readonly path?: undefined;
        readonly bulkId?: string;
        /** The version that the resource must still have (RFC 7644 §3.14). */
        readonly version?: string;
        /** What `replace` takes; its `id` says which resource. */
        readonly data: Replace<M>;
      }
    | {
        readonly method: "PATCH";
        readonly model: M;
        readonly path?: undefined;
        readonly id: string;
        readonly bulkId?: string;
        readonly version?: string;
        /** What `modify` takes: what `patch` or `diff` gives, operations, or a PatchOp message. */
        readonly data: Modification<M["~views"]>;
      }
    | {
        readonly method: "DELETE";
        readonly model: M;
        readonly path?: undefined;
        readonly id: string;
        readonly bulkId?: string;
        readonly version?: string;
        readonly data?: undefined;
      };

/** An operation with a path; where `M` is a model, also one with that model. */
export type BulkOperationOf<M> =
  (BulkOperation & { readonly model?: undefined }) | (M extends AnyModel ? BulkModelOperation<M> : never);

/** What became of an operation; where `M` is the model that it has, with the resource that the server gave. */
export type BulkResultOf<M> =
  | Extract<BulkResult<BulkOperationOf<M>>, { readonly ok: false }>
  | (Extract<BulkResult<BulkOperationOf<M>>, { readonly ok: true }> & {
      /** The resource, checked and repaired as in the answer to a single request, where the server gave it. */
      readonly resource?: M extends AnyModel ? Read<M> : undefined;
      /** Why there is no `resource` though the server gave a body: it does not fit the model. */
      readonly invalid?: SCIMResponseError;
    });

/** An operation of any kind. */
export type AnyBulkOperation = BulkOperationOf<AnyModel>;

/**
 * An operation with its path.
 *
 * @param model that of the operation, as the server has it.
 * @throws {TypeError} for an id that is none.
 */
export function atPath(operation: BulkModelOperation, model: AnyModel): BulkOperation {
  const { method, bulkId, data } = operation;
  const named = bulkId === undefined ? {} : { bulkId };
  if (method === "POST") return { method, path: model.endpoint, ...named, data };
  const id = method === "PUT" ? idOf(data) : operation.id;
  const common = {
    path: `${model.endpoint}/${encodeSegment(id)}`,
    ...named,
    ...(operation.version === undefined ? {} : { version: operation.version }),
  };
  return method === "DELETE" ? { method, ...common } : { method, ...common, data };
}

function idOf(data: unknown): unknown {
  const id = isJsonObject(data) ? data["id"] : undefined;
  if (id !== undefined) return id;
  throw new TypeError("the data of a PUT must have the id of the resource (RFC 7644 §3.5.1)");
}

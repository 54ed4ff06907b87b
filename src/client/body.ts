/**
 * The body of an answer: read within bounds of size and time, and decoded.
 *
 * @module
 */
import type { JsonValue } from "../json.ts";
import { connectionFailure, type Failure } from "./failure.ts";
import type { MediaType } from "./media-type.ts";

/** Bounds of one body. */
export interface BodyBounds {
  /** Most bytes, after content codings are undone. */
  readonly maxBytes: number;
  /** Most milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** A decoded body. */
export interface DecodedBody {
  /** The JSON value; `undefined` where there is no body or it is not JSON. */
  readonly body: JsonValue | undefined;
  /** The text where it is not JSON; `undefined` where there is no body or it is JSON. */
  readonly text: string | undefined;
}

/**
 * Reads a body to its end. Gives a `Failure` when it breaks off, grows too large or takes too long; the connection is
 * then cancelled. Rejects with the reason of the signal.
 */
export async function readBody(response: Response, bounds: BodyBounds): Promise<Uint8Array | Failure> {
  const { body, status } = response;
  if (body === null) return EMPTY;
  const { maxBytes, signal } = bounds;
  const tooLarge: Failure = {
    reason: "bodyTooLarge",
    lasting: true,
    detail: `the answer is larger than ${maxBytes} bytes`,
    status,
    sent: true,
  };
  if (Number(response.headers.get("content-length")) > maxBytes) {
    drop(body);
    return tooLarge;
  }
  let timedOut = false;
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const cancel = (): void => {
    reader?.cancel(signal?.reason).catch(ignore);
  };
  const timer = setTimeout(() => {
    timedOut = true;
    cancel();
  }, bounds.timeout);
  signal?.addEventListener("abort", cancel);
  try {
    reader = body.getReader();
    if (signal?.aborted === true) cancel();
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (timedOut) return { reason: "timeout", detail: "the answer did not end in time", status, sent: true };
      if (done) return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : join(chunks, size);
      if (!ArrayBuffer.isView(value)) throw new TypeError("a body must be a stream of bytes");
      size += value.byteLength;
      if (size > maxBytes) {
        cancel();
        return tooLarge;
      }
      chunks.push(value);
    }
  } catch (error) {
    signal?.throwIfAborted();
    cancel();
    return connectionFailure(error, status);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
  }
}

/** Gives up a body that nobody will read. */
export function drop(body: ReadableStream | null): void {
  if (body !== null && !body.locked) body.cancel().catch(ignore);
}

/**
 * Decodes a body: JSON whatever its media type says, else text. JSON that is not well-formed UTF-8 is text; a body of white space
 * alone is none.
 */
export function decodeBody(bytes: Uint8Array, mediaType: MediaType | undefined): DecodedBody {
  if (bytes.byteLength === 0) return { body: undefined, text: undefined };
  const text = decodeText(bytes, mediaType?.charset);
  if (text !== undefined) {
    if (text.trim() === "") return { body: undefined, text: undefined };
    try {
      const body = JSON.parse(text) as JsonValue;
      return { body, text: undefined };
    } catch {
      return { body: undefined, text };
    }
  }
  return { body: undefined, text: LENIENT.decode(bytes) };
}

const EMPTY = new Uint8Array();
const STRICT = new TextDecoder("utf-8", { fatal: true });
const LENIENT = new TextDecoder("utf-8");

// JSON is UTF-8 (RFC 8259 §8.1); a server that says it sends another charset is believed.
function decodeText(bytes: Uint8Array, charset: string | undefined): string | undefined {
  try {
    if (charset === undefined || charset === "utf-8" || charset === "utf8") return STRICT.decode(bytes);
    return decoderFor(charset).decode(bytes);
  } catch {
    return undefined;
  }
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    return STRICT;
  }
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function ignore(): void {}

/**
 * What a service provider did that differs from the RFC and was tolerated. A `ServerProfile` called `strict` turns each
 * one into an error.
 *
 * - `attributeName`: a name spelled in another case; renamed to the schema's spelling.
 * - `duplicateName`: two members that differ only by case; the first in the schema's spelling counts, the other is kept.
 * - `unknownAttribute`: an attribute that no schema of the model defines; kept.
 * - `schemas`: `schemas` absent, of another type, in another case or without the core schema; completed.
 * - `stringifiedBoolean`, `stringifiedNumber`, `stringifiedJson`: a value sent as text; parsed.
 * - `numberForString`: a number where text belongs; turned into text.
 * - `loneValue`: a lone value where an array belongs; wrapped.
 * - `arrayForSingle`: an array of one where a single value belongs; unwrapped. An empty one is removed.
 * - `dateTime`: text that is not an RFC 3339 date-time; kept.
 * - `returnedNever`: an attribute that must not be returned; removed.
 * - `returnedAlways`: an attribute that must always be returned is missing.
 * - `repeatedPrimary`: more than one value of an attribute is the primary one; kept.
 * - `flatName`: a member named by a dotted path; moved to where the path points.
 * - `envelope`: a list or an error that is not quite in its RFC form; understood.
 * - `totalResults`: totals that do not fit what came; ignored.
 * - `filterIgnored`: a resource came that does not match the filter; kept.
 * - `repeatedResource`: a page repeated a resource of an earlier page.
 * - `generatedModel`: the server's schema is not the one that a model and its validators were generated from. Told to
 *   the client's own listener when the model is first used after a discovery, or by the discovery where the client knows it.
 * - `mediaType`: an answer in a JSON media type that is not `application/scim+json` or `application/json`.
 */
export type DeviationKind =
  | "attributeName"
  | "duplicateName"
  | "unknownAttribute"
  | "schemas"
  | "stringifiedBoolean"
  | "stringifiedNumber"
  | "stringifiedJson"
  | "numberForString"
  | "loneValue"
  | "arrayForSingle"
  | "dateTime"
  | "returnedNever"
  | "returnedAlways"
  | "repeatedPrimary"
  | "flatName"
  | "envelope"
  | "totalResults"
  | "filterIgnored"
  | "repeatedResource"
  | "generatedModel"
  | "mediaType";

/** One tolerated departure from the RFC. It never holds a value, so it is safe to log. */
export interface Deviation {
  /** What kind of departure. */
  readonly kind: DeviationKind;
  /** Where: an attribute path such as `emails[1].value`; empty for the message as a whole. */
  readonly path: string;
  /** One sentence: subject, rule, place. */
  readonly message: string;
  /** The section that says otherwise, such as `RFC 7643 §2.1`. */
  readonly section: string;
  /** Position of the resource in a list, from 0; absent for a single resource. */
  readonly index?: number;
}

/** Receives every tolerated deviation. An exception it throws reaches the caller of the verb. */
export type OnDeviation = (deviation: Deviation) => void;

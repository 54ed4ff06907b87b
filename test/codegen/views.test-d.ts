import { describe, expectTypeOf, test } from "vitest";
import type { JsonObject, ReadonlyJsonObject } from "../../src/json.ts";
import type * as core from "../../src/models.gen.ts";
import type { EnterpriseUserSchema, GroupSchema, UserSchema } from "../../src/schema/core-schemas.ts";
import { defineExtension, defineModel } from "../../src/schema/define-model.ts";
import type { InferExtensionViews, InferViews } from "../../src/schema/infer.ts";
import type { ExtensionModel, ResourceModel, WritableModel } from "../../src/schema/resource-model.ts";
import type { Create, PartialRead, Paths, Read, Replace, Views } from "../../src/schema/view.ts";
import { BleSchema, DeviceSchema, DppSchema, EndpointAppSchema, EndpointAppsSchema } from "./documents/devices.ts";
import {
  Device,
  EndpointApp,
  type BleExtension,
  type DeviceCreate,
  type DevicePaths,
} from "./generated/devices.gen.ts";
import type * as generated from "./generated/devices.gen.ts";
import { User, type EnterpriseUser, type UserPaths } from "./generated/rfc7643.gen.ts";
import { Entitlement } from "./generated/sales.gen.ts";

const BLE = "urn:ietf:params:scim:schemas:extension:ble:2.0:Device";
const DPP = "urn:ietf:params:scim:schemas:extension:dpp:2.0:Device";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

describe("the generated views are those that a schema literal gives", () => {
  test("of RFC 7643", () => {
    expectTypeOf<core.User>().toEqualTypeOf<InferViews<typeof UserSchema>["read"]>();
    expectTypeOf<core.UserCreate>().toEqualTypeOf<InferViews<typeof UserSchema>["create"]>();
    expectTypeOf<core.UserReplace>().toEqualTypeOf<InferViews<typeof UserSchema>["replace"]>();
    expectTypeOf<core.UserPaths>().toEqualTypeOf<InferViews<typeof UserSchema>["paths"]>();
    expectTypeOf<core.Group>().toEqualTypeOf<InferViews<typeof GroupSchema>["read"]>();
    expectTypeOf<core.GroupCreate>().toEqualTypeOf<InferViews<typeof GroupSchema>["create"]>();
    expectTypeOf<core.GroupReplace>().toEqualTypeOf<InferViews<typeof GroupSchema>["replace"]>();
    expectTypeOf<core.GroupPaths>().toEqualTypeOf<InferViews<typeof GroupSchema>["paths"]>();
    type Enterprise = InferExtensionViews<typeof EnterpriseUserSchema>;
    expectTypeOf<core.EnterpriseUser>().toEqualTypeOf<Enterprise["read"]>();
    expectTypeOf<core.EnterpriseUserCreate>().toEqualTypeOf<Enterprise["create"]>();
    expectTypeOf<core.EnterpriseUserReplace>().toEqualTypeOf<Enterprise["replace"]>();
    expectTypeOf<core.EnterpriseUserPaths>().toEqualTypeOf<Enterprise["paths"]>();
  });

  test("of extensions: binary, writeOnly, required lists, a readOnly sub-attribute", () => {
    expectTypeOf<generated.BleExtension>().toEqualTypeOf<InferExtensionViews<typeof BleSchema>["read"]>();
    expectTypeOf<generated.BleExtensionCreate>().toEqualTypeOf<InferExtensionViews<typeof BleSchema>["create"]>();
    expectTypeOf<generated.BleExtensionReplace>().toEqualTypeOf<InferExtensionViews<typeof BleSchema>["replace"]>();
    expectTypeOf<generated.BleExtensionPaths>().toEqualTypeOf<InferExtensionViews<typeof BleSchema>["paths"]>();
    expectTypeOf<generated.DppExtension>().toEqualTypeOf<InferExtensionViews<typeof DppSchema>["read"]>();
    expectTypeOf<generated.DppExtensionCreate>().toEqualTypeOf<InferExtensionViews<typeof DppSchema>["create"]>();
    type Apps = InferExtensionViews<typeof EndpointAppsSchema>;
    expectTypeOf<generated.EndpointAppsExt>().toEqualTypeOf<Apps["read"]>();
    expectTypeOf<generated.EndpointAppsExtCreate>().toEqualTypeOf<Apps["create"]>();
    expectTypeOf<generated.EndpointAppsExtReplace>().toEqualTypeOf<Apps["replace"]>();
    expectTypeOf<generated.EndpointAppsExtPaths>().toEqualTypeOf<Apps["paths"]>();
  });

  test("of resource types with extensions, required or not", () => {
    const Ble = defineExtension({ schema: BleSchema });
    const Dpp = defineExtension({ schema: DppSchema });
    const Apps = defineExtension({ schema: EndpointAppsSchema });
    const Inferred = defineModel({ schema: DeviceSchema, extensions: [{ model: Ble, required: true }, Dpp, Apps] });
    expectTypeOf<Read<typeof Device>>().toEqualTypeOf<Read<typeof Inferred>>();
    expectTypeOf<Create<typeof Device>>().toEqualTypeOf<Create<typeof Inferred>>();
    expectTypeOf<Replace<typeof Device>>().toEqualTypeOf<Replace<typeof Inferred>>();
    expectTypeOf<Paths<typeof Device>>().toEqualTypeOf<Paths<typeof Inferred>>();
    const App = defineModel({ schema: EndpointAppSchema });
    expectTypeOf<Read<typeof EndpointApp>>().toEqualTypeOf<Read<typeof App>>();
    expectTypeOf<Create<typeof EndpointApp>>().toEqualTypeOf<Create<typeof App>>();
    expectTypeOf<Replace<typeof EndpointApp>>().toEqualTypeOf<Replace<typeof App>>();
    expectTypeOf<Paths<typeof EndpointApp>>().toEqualTypeOf<Paths<typeof App>>();
  });
});

/** Verbs as a client has them. */
declare function create<V extends Views>(model: WritableModel<V>, resource: V["create"]): V["read"];
declare function replace<V extends Views>(model: WritableModel<V>, resource: V["replace"]): V["read"];
declare function modify<V extends Views, P extends keyof V["paths"]>(
  model: WritableModel<V>,
  path: P,
  value: V["paths"][P],
): void;

describe("what compiles with generated models, and what does not", () => {
  const ble = { versionSupport: ["5.3"], deviceMacAddress: "2C54918823E2", pairingMethods: [] };

  test("creating", () => {
    const device = create(Device, { active: true, [BLE]: { ...ble, irk: "00" }, [DPP]: null });
    expectTypeOf(device[BLE]).toEqualTypeOf<BleExtension>();
    expectTypeOf(device[BLE].isRandom).toEqualTypeOf<boolean | null | undefined>();
    // @ts-expect-error The identity resolving key is written and never read.
    void device[BLE].irk;
    // @ts-expect-error The extension is required.
    create(Device, { active: true });
    // @ts-expect-error The server makes the id.
    create(Device, { id: "1", active: true, [BLE]: ble });
    // @ts-expect-error groups is readOnly.
    create(Device, { active: true, groups: [], [BLE]: ble });
    // @ts-expect-error A required attribute cannot be unassigned (RFC 7643 §2.5).
    create(Device, { active: null, [BLE]: ble });
    // @ts-expect-error bootstrapKey is required once there is data of the extension.
    create(Device, { active: true, [BLE]: ble, [DPP]: { dppVersion: 2 } });
    create(EndpointApp, { applicationType: "deviceControl", applicationName: "a" });
    create(EndpointApp, { applicationType: "a type that the server did not suggest", applicationName: "a" });
  });

  test("replacing takes a whole resource that was read", () => {
    const device = {} as Read<typeof Device>;
    replace(Device, { ...device, displayName: null, [DPP]: null });
    // @ts-expect-error The extension's key is required and was not read.
    replace(Device, { ...device, displayName: null });
    // @ts-expect-error What was read in part would lose the rest (RFC 7644 §3.5.1).
    replace(Device, {} as PartialRead<(typeof Device)["~views"]>);
  });

  test("modifying by path", () => {
    modify(Device, "displayName", null);
    modify(Device, `${BLE}:mobility`, true);
    modify(Device, BLE, { mobility: true });
    modify(User, `${ENTERPRISE}:manager.value`, "26118915");
    modify(User, "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName", null);
    // @ts-expect-error The manager's name is the server's to say.
    modify(User, `${ENTERPRISE}:manager.displayName`, "b");
    // @ts-expect-error active is required.
    modify(Device, "active", null);
    // @ts-expect-error groups is readOnly.
    modify(Device, "groups", []);
    expectTypeOf<UserPaths["name.familyName"]>().toEqualTypeOf<string | null>();
    expectTypeOf<DevicePaths[typeof BLE]>().toExtend<object>();
    expectTypeOf<DevicePaths[typeof DPP]>().extract<null>().toEqualTypeOf<null>();
  });

  test("the models are models, and what is read or written is JSON", () => {
    expectTypeOf(Device).toExtend<ResourceModel<Views>>();
    expectTypeOf<generated.Device>().toExtend<JsonObject>();
    expectTypeOf<DeviceCreate>().toExtend<ReadonlyJsonObject>();
    expectTypeOf<EnterpriseUser>().toExtend<JsonObject>();
    expectTypeOf<typeof generated.BleExtension>().toExtend<ExtensionModel<typeof BLE>>();
    // @ts-expect-error An extension is no resource.
    create(generated.BleExtension, {});
    // A resource type of readOnly attributes takes nothing that the server says.
    // @ts-expect-error displayName is readOnly.
    create(Entitlement, { displayName: "d" });
  });
});

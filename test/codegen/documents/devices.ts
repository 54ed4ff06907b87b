/**
 * Devices in the shape of RFC 9944: no User and no Group, an extension for each way to onboard a device, extensions within
 * an extension, binary keys that are written and never read.
 */
import type { DiscoveryDocuments } from "../../../codegen/documents.ts";

export const DeviceSchema = {
  id: "urn:ietf:params:scim:schemas:core:2.0:Device",
  name: "Device",
  description: "A device that joins a network.",
  attributes: [
    { name: "displayName", description: "What people call the device." },
    { name: "active", type: "boolean", required: true, description: "Whether the device may join." },
    { name: "mudUrl", type: "reference", referenceTypes: ["external"], description: "Where its MUD file is." },
    { name: "groups", type: "complex", multiValued: true, mutability: "readOnly" },
  ],
} as const;

export const BleSchema = {
  id: "urn:ietf:params:scim:schemas:extension:ble:2.0:Device",
  name: "bleExtension",
  description: "Bluetooth Low Energy.",
  attributes: [
    { name: "versionSupport", multiValued: true, required: true, description: "Versions of BLE, such as 5.3." },
    { name: "deviceMacAddress", required: true, uniqueness: "server", description: "Six octets in hexadecimal." },
    { name: "isRandom", type: "boolean", description: "Whether the address is a random one." },
    { name: "irk", mutability: "writeOnly", returned: "never", description: "The identity resolving key." },
    { name: "mobility", type: "boolean" },
    {
      name: "pairingMethods",
      multiValued: true,
      required: true,
      canonicalValues: [
        "urn:ietf:params:scim:schemas:extension:pairingNull:2.0:Device",
        "urn:ietf:params:scim:schemas:extension:pairingPassKey:2.0:Device",
      ],
      description: "URNs of extensions that stand within this one.",
    },
  ],
} as const;

export const DppSchema = {
  id: "urn:ietf:params:scim:schemas:extension:dpp:2.0:Device",
  name: "dppExtension",
  attributes: [
    { name: "dppVersion", type: "integer", required: true },
    { name: "bootstrappingMethod", multiValued: true, canonicalValues: ["QR", "NFC"] },
    { name: "bootstrapKey", type: "binary", required: true, mutability: "writeOnly", returned: "never" },
    { name: "classChannel", multiValued: true, description: "Such as 81/1." },
  ],
} as const;

export const EndpointAppsSchema = {
  id: "urn:ietf:params:scim:schemas:extension:endpointAppsExt:2.0:Device",
  name: "endpointAppsExt",
  attributes: [
    {
      name: "applications",
      type: "complex",
      multiValued: true,
      required: true,
      subAttributes: [
        { name: "value", required: true, description: "Id of an EndpointApp." },
        { name: "$ref", type: "reference", mutability: "readOnly", referenceTypes: ["EndpointApp"] },
      ],
    },
    { name: "telemetryEnterpriseEndpoint", type: "reference", mutability: "readOnly", required: true },
  ],
} as const;

export const EndpointAppSchema = {
  id: "urn:ietf:params:scim:schemas:core:2.0:EndpointApp",
  name: "EndpointApp",
  attributes: [
    {
      name: "applicationType",
      required: true,
      canonicalValues: ["deviceControl", "telemetry"],
      mutability: "immutable",
    },
    { name: "applicationName", required: true },
    {
      name: "certificateInfo",
      type: "complex",
      subAttributes: [
        { name: "rootCA", type: "binary" },
        { name: "subjectName", required: true },
      ],
    },
    { name: "clientToken", mutability: "readOnly", returned: "request" },
  ],
} as const;

export const devices: DiscoveryDocuments = {
  resourceTypes: [
    {
      name: "Device",
      endpoint: "/Devices",
      schema: DeviceSchema.id,
      schemaExtensions: [
        { schema: BleSchema.id, required: true },
        { schema: DppSchema.id, required: false },
        { schema: EndpointAppsSchema.id, required: false },
      ],
    },
    { name: "EndpointApp", endpoint: "/EndpointApps", schema: EndpointAppSchema.id },
  ],
  schemas: [DeviceSchema, BleSchema, DppSchema, EndpointAppsSchema, EndpointAppSchema],
};

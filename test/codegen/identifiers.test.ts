import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Identifiers, pascalCase, singular } from "../../codegen/identifiers.ts";

describe("a name as an identifier", () => {
  const cases = [
    { given: "User", want: "User" },
    { given: "Enterprise User", want: "EnterpriseUser" },
    { given: "phoneNumbers", want: "PhoneNumbers" },
    { given: "x509certificates", want: "X509Certificates" },
    { given: "a-b_c$d", want: "ABCD" },
    { given: "Über Gerät", want: "UberGerat" },
    { given: "用户", want: "" },
    { given: "__proto__", want: "Proto" },
  ];
  for (const { given, want } of cases) test(given, () => expect(pascalCase(given)).toBe(want));
});

describe("one of several", () => {
  const cases = [
    ["emails", "email"],
    ["addresses", "address"],
    ["entries", "entry"],
    ["boxes", "box"],
    ["status", "status"],
    ["s", "s"],
    ["value", "value"],
  ] as const;
  for (const [given, want] of cases) test(given, () => expect(singular(given)).toBe(want));
});

describe("identifiers", () => {
  test("are the first wish that is free, else the first with a number", () => {
    const identifiers = new Identifiers();
    expect(identifiers.claim(["User"], ["Create"])).toBe("User");
    expect(identifiers.claim(["User", "EnterpriseUser"], [])).toBe("EnterpriseUser");
    expect(identifiers.claim(["User", "EnterpriseUser"], [])).toBe("User2");
    expect(identifiers.claim(["User"], [])).toBe("User3");
  });

  test("are free with all that is appended to them", () => {
    const identifiers = new Identifiers();
    expect(identifiers.claim(["UserCreate"], [])).toBe("UserCreate");
    expect(identifiers.claim(["User"], ["Create"])).toBe("User2");
    expect(identifiers.claim(["User2Create"], [])).toBe("User2Create2");
  });

  test("are none that the module imports or a reader would take for a global", () => {
    const identifiers = new Identifiers(["UserSchema"]);
    expect(identifiers.claim(["Object"], [])).toBe("ObjectResource");
    expect(identifiers.claim(["Meta"], [])).toBe("MetaResource");
    expect(identifiers.claim(["UserSchema"], [])).toBe("UserSchema2");
  });

  test("are identifiers, and never the same twice, whatever the names", () => {
    const names = fc.array(
      fc.oneof(fc.constantFrom("User", "user", "user2", "2", "", "用", "Object"), fc.string()),
    );
    fc.assert(
      fc.property(names, (given) => {
        const identifiers = new Identifiers();
        const claimed = given.map((name) => identifiers.claim([pascalCase(name)], ["Create"]));
        const all = claimed.flatMap((name) => [name, `${name}Create`]);
        expect(new Set(all).size).toBe(all.length);
        for (const name of all) expect(name).toMatch(/^[A-Z][A-Za-z0-9]*$/);
      }),
    );
  });
});

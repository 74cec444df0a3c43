import { describe, expect, test } from "vitest";
import { guessMapping } from "@/lib/imports/mapping";

describe("guessMapping", () => {
  test.each<[string, string[], object]>([
    [
      "English",
      ["Phone", "Name", "E-mail", "Tags"],
      { phone: "Phone", name: "Name", email: "E-mail", tags: "Tags" },
    ],
    [
      "first and last name",
      ["Mobile No.", "First Name", "Last Name"],
      { phone: "Mobile No.", firstName: "First Name", lastName: "Last Name" },
    ],
    [
      "name and surname",
      ["WhatsApp number", "Name", "Surname"],
      { phone: "WhatsApp number", firstName: "Name", lastName: "Surname" },
    ],
    [
      "Spanish",
      ["Nombre", "Teléfono", "Correo electrónico", "Etiquetas"],
      { phone: "Teléfono", name: "Nombre", email: "Correo electrónico", tags: "Etiquetas" },
    ],
    [
      "Portuguese",
      ["Nome", "Celular", "Consentimento"],
      { phone: "Celular", name: "Nome", consent: "Consentimento" },
    ],
    [
      "German",
      ["Vorname", "Nachname", "Handynummer", "Einwilligung"],
      { phone: "Handynummer", firstName: "Vorname", lastName: "Nachname", consent: "Einwilligung" },
    ],
    [
      "French",
      ["Prénom", "Nom", "Téléphone", "Courriel"],
      { phone: "Téléphone", name: "Nom", email: "Courriel" },
    ],
    ["Hindi", ["नाम", "मोबाइल नंबर"], { phone: "मोबाइल नंबर", name: "नाम" }],
    ["Arabic", ["الاسم", "رقم الهاتف"], { phone: "رقم الهاتف", name: "الاسم" }],
    ["Chinese", ["姓名", "手机号"], { phone: "手机号", name: "姓名" }],
    ["opt-in", ["phone", "opt_in"], { phone: "phone", consent: "opt_in" }],
  ])("reads %s headers", (_, columns, mapping) => {
    expect(guessMapping(columns, [columns.map(() => "x")], "IN")).toMatchObject(mapping);
  });

  test("finds numbers and addresses by what is in the columns", () => {
    const rows = [
      ["7", "9812345678", "a@example.com", "Pune"],
      ["8", "98123 45679", "", "Surat"],
    ];

    const mapping = guessMapping(["A", "B", "C", "Favourite city"], rows, "IN");

    expect(mapping).toEqual({
      phone: "B",
      email: "C",
      custom: { A: "a", "Favourite city": "favourite_city" },
    });
  });

  test("takes the column that holds numbers when several could", () => {
    const rows = [["Asha", "9812345678"]];

    expect(guessMapping(["Contact number", "Mobile"], rows, "IN").phone).toBe("Mobile");
  });

  test("says so when nothing looks like a phone number", () => {
    expect(guessMapping(["Name", "City"], [["Asha", "Pune"]], "IN").phone).toBeNull();
  });

  test("gives custom fields names that are free, and leaves empty columns out", () => {
    const columns = [
      "Phone",
      "Shoe size",
      "shoe-size",
      "First name",
      "E mail",
      "!!!",
      "Empty",
      "Rejected line",
    ];
    const rows = [["9812345678", "38", "39", "Asha", "a@example.com", "x", "", "7"]];

    const { custom } = guessMapping(
      [...columns, "Name", "Phone (2)"],
      [[...(rows[0] ?? []), "Asha R.", "5"]],
      "IN",
    );

    expect(custom).toEqual({
      "Shoe size": "shoe_size",
      "shoe-size": "shoe_size_2",
      "First name": "first_name",
      "!!!": "field",
      "Phone (2)": "phone_2",
    });
  });
});

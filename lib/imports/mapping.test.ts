import { describe, expect, test } from "vitest";
import { guessMapping, recallMapping } from "@/lib/imports/mapping";

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
      { phone: "Téléphone", firstName: "Prénom", lastName: "Nom", email: "Courriel" },
    ],
    [
      "German with a surname that is only called name",
      ["Name", "Vorname", "Telefon"],
      { phone: "Telefon", firstName: "Vorname", lastName: "Name" },
    ],
    ["Hindi", ["नाम", "मोबाइल नंबर"], { phone: "मोबाइल नंबर", name: "नाम" }],
    ["Arabic", ["الاسم", "رقم الهاتف"], { phone: "رقم الهاتف", name: "الاسم" }],
    ["Chinese", ["姓名", "手机号"], { phone: "手机号", name: "姓名" }],
    ["opt-in", ["phone", "opt_in"], { phone: "phone", consent: "opt_in" }],
  ])("reads %s headers", (_, columns, mapping) => {
    expect(guessMapping(columns, [columns.map((_, index) => `x${index}`)], "IN")).toMatchObject(mapping);
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

describe("recallMapping", () => {
  const past = {
    columns: ["Mobile", "Vorname", "Notes", "City"],
    mapping: { phone: "Mobile", name: "Vorname", custom: { City: "town" } },
    defaultCountry: "IN",
  };
  const rows = [["9812345678", "Asha", "x", "Pune", "a@example.com", "7"]];

  test("reads the same columns as the last time, also what was left out then", () => {
    expect(recallMapping(past.columns, rows, past)).toEqual(past.mapping);
  });

  test("knows columns again in another order and spelling, and guesses what is new", () => {
    const columns = ["mobile ", "VORNAME", "Notes", "city", "E-mail", "Shoe size"];

    expect(recallMapping(columns, rows, past)).toEqual({
      phone: "mobile ",
      name: "VORNAME",
      email: "E-mail",
      custom: { city: "town", "Shoe size": "shoe_size" },
    });
  });

  test.each<[string, string[]]>([
    ["the column with the numbers is missing", ["Telephone", "Vorname", "Notes", "City"]],
    ["most columns are others", ["Mobile", "A", "B", "C", "D"]],
  ])("says nothing when %s", (_, columns) => {
    expect(recallMapping(columns, rows, past)).toBeNull();
  });

  test.each<[string, string[][], number, string | undefined]>([
    ["as last time", [["9812345678", "Asha"]], 2, "Column 1"],
    ["in another column", [["Asha", "9812345678"]], 2, undefined],
    ["beside more columns", [["9812345678", "Asha", "Rao"]], 3, undefined],
  ])("with no names for the columns it looks where the numbers are: %s", (_, content, width, phone) => {
    const nameless = {
      columns: ["Column 1", "Column 2"],
      mapping: { phone: "Column 1", name: "Column 2", custom: {} },
      defaultCountry: "IN",
    };
    const columns = Array.from({ length: width }, (_, index) => `Column ${index + 1}`);

    expect(recallMapping(columns, content, nameless)?.phone).toBe(phone);
  });
});

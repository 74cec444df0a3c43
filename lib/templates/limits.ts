/** Source: Meta, "Message templates: components" (September 2026). */
export const limits = {
  name: 512,
  header: 60,
  body: 1024,
  footer: 60,
  buttons: 10,
  buttonText: 25,
  url: 2000,
  copyCode: 15,
} as const;

/** `field` names the part of the editor: "name", "body", "buttons.0.url", "examples.body_1", … */
export type Violation = { field: string; message: string };

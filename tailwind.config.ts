import type { Config } from "tailwindcss";
import plugin from "tailwindcss/plugin";

/** Warm paper, ink and one deep teal; brass belongs to the bell. Every text pair below meets WCAG AA. */
const light = {
  background: "#f7f4ed",
  surface: "#fffefb",
  raised: "#fffefb",
  muted: "#eeeae0",
  "muted-foreground": "#5a5f56",
  foreground: "#1c211e",
  border: "#ded8ca",
  "border-strong": "#8b8472",
  primary: "#0e5a50",
  "primary-hover": "#0a463e",
  "primary-foreground": "#ffffff",
  "primary-soft": "#dcece6",
  success: "#1d6b34",
  "success-foreground": "#ffffff",
  "success-soft": "#e0f0dd",
  warning: "#7d4e00",
  "warning-foreground": "#ffffff",
  "warning-soft": "#faecca",
  danger: "#a3271b",
  "danger-hover": "#861d13",
  "danger-foreground": "#ffffff",
  "danger-soft": "#fbe5e0",
  info: "#1e5285",
  "info-foreground": "#ffffff",
  "info-soft": "#e1ecf6",
  "progress-1": "#8cc3b4",
  "progress-2": "#3c917f",
  "progress-3": "#0e5a50",
  brand: "#0e5a50",
  "brand-foreground": "#f7f4ed",
  brass: "#e3b35a",
  ring: "#0e7c6e",
  overlay: "rgb(28 33 30 / 0.45)",
  dimmed: "#949590",
  "shadow-color": "60 52 32",
};

const dark: typeof light = {
  background: "#111513",
  surface: "#181d1a",
  raised: "#1f2521",
  muted: "#242b27",
  "muted-foreground": "#a3aba3",
  foreground: "#eae8e1",
  border: "#2f3732",
  "border-strong": "#717c74",
  primary: "#5cc4b0",
  "primary-hover": "#7ad4c3",
  "primary-foreground": "#06211c",
  "primary-soft": "#16332d",
  success: "#7ccb8c",
  "success-foreground": "#06210d",
  "success-soft": "#183020",
  warning: "#e5b25d",
  "warning-foreground": "#2a1c00",
  "warning-soft": "#362a12",
  danger: "#f2917f",
  "danger-hover": "#f7ab9d",
  "danger-foreground": "#2b0a05",
  "danger-soft": "#3d1d18",
  info: "#8cbceb",
  "info-foreground": "#07192b",
  "info-soft": "#182c40",
  "progress-1": "#2c665b",
  "progress-2": "#419b8a",
  "progress-3": "#86e0cf",
  brand: "#15705f",
  "brand-foreground": "#f2eee4",
  brass: "#e3b35a",
  ring: "#5cc4b0",
  overlay: "rgb(0 0 0 / 0.6)",
  dimmed: "#070808",
  "shadow-color": "0 0 0",
};

const variables = (tokens: typeof light) =>
  Object.fromEntries(Object.entries(tokens).map(([name, value]) => [`--${name}`, value]));

const shadow = (y: number, blur: number, alpha: number) =>
  `0 ${y}px ${blur}px rgb(var(--shadow-color) / ${alpha})`;

const tone = (name: string) => ({
  DEFAULT: `var(--${name})`,
  foreground: `var(--${name}-foreground)`,
  soft: `var(--${name}-soft)`,
});

export default {
  content: ["./app/**/*.tsx", "./components/**/*.tsx"],
  darkMode: "selector",
  theme: {
    colors: {
      transparent: "transparent",
      current: "currentColor",
      background: "var(--background)",
      surface: "var(--surface)",
      raised: "var(--raised)",
      foreground: "var(--foreground)",
      muted: { DEFAULT: "var(--muted)", foreground: "var(--muted-foreground)" },
      border: { DEFAULT: "var(--border)", strong: "var(--border-strong)" },
      primary: { ...tone("primary"), hover: "var(--primary-hover)" },
      success: tone("success"),
      warning: tone("warning"),
      danger: { ...tone("danger"), hover: "var(--danger-hover)" },
      info: tone("info"),
      progress: { 1: "var(--progress-1)", 2: "var(--progress-2)", 3: "var(--progress-3)" },
      brand: { DEFAULT: "var(--brand)", foreground: "var(--brand-foreground)" },
      brass: "var(--brass)",
      ring: "var(--ring)",
      overlay: "var(--overlay)",
    },
    borderRadius: { none: "0", sm: "4px", DEFAULT: "6px", md: "6px", lg: "10px", xl: "14px", full: "9999px" },
    boxShadow: {
      none: "none",
      sm: shadow(1, 2, 0.08),
      md: `${shadow(1, 2, 0.06)}, ${shadow(4, 12, 0.08)}`,
      lg: `${shadow(2, 4, 0.08)}, ${shadow(12, 32, 0.16)}`,
    },
    fontFamily: {
      sans: ["var(--font-geist-sans)", "ui-sans-serif", "system-ui", "sans-serif"],
      mono: ["var(--font-geist-mono)", "ui-monospace", "monospace"],
    },
    extend: {
      keyframes: {
        "fade-in": { from: { opacity: "0" } },
        "pop-in": { from: { opacity: "0", transform: "translateY(4px) scale(0.985)" } },
        "slide-in": { from: { transform: "translateX(-100%)" } },
        indeterminate: { from: { transform: "translateX(-100%)" }, to: { transform: "translateX(250%)" } },
      },
      animation: {
        "fade-in": "fade-in 120ms ease-out",
        "pop-in": "pop-in 140ms ease-out",
        "slide-in": "slide-in 180ms ease-out",
        indeterminate: "indeterminate 1.4s ease-in-out infinite",
      },
    },
  },
  plugins: [
    plugin(({ addBase }) => {
      addBase({ ":root": variables(light), ".dark": variables(dark) });
      // Paper is light.
      addBase({ "@media print": { ".dark": variables(light) } });
    }),
  ],
} satisfies Config;

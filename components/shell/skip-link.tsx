export function SkipLink() {
  return (
    <a
      href="#main"
      className="fixed top-2 left-2 z-50 -translate-y-20 rounded-md bg-primary px-4 py-2 font-medium text-primary-foreground text-sm focus-visible:translate-y-0 print:hidden"
    >
      Skip to content
    </a>
  );
}

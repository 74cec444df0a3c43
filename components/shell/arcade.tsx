/** A row of arches with a bell in each, as ornament. */
export function Arcade({ className }: { className?: string | undefined }) {
  return (
    <svg aria-hidden className={className}>
      <defs>
        <pattern id="arcade" width="112" height="2000" patternUnits="userSpaceOnUse">
          <path
            d="M14 2000V76a42 42 0 0 1 84 0v1924"
            className="fill-none stroke-brand-foreground"
            strokeWidth="1.5"
          />
          <path
            d="M24 2000V78a32 32 0 0 1 64 0v1922"
            className="fill-none stroke-brand-foreground"
            strokeWidth="1"
          />
          <path
            d="M56 74a14 14 0 0 1 14 14v14l7 11H35l7-11V88a14 14 0 0 1 14-14Zm-6 42h12a6 6 0 0 1-12 0Z"
            className="fill-brass"
          />
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill="url(#arcade)" />
    </svg>
  );
}

import type { NextConfig } from "next";
import { PHASE_DEVELOPMENT_SERVER } from "next/constants";

/**
 * Next streams the page's data in inline scripts, and a nonce for them would need a proxy in front of every page: hence
 * 'unsafe-inline'. Everything else is closed: no foreign script, frame, form target, font or connection.
 * React's development build evaluates source maps and talks to the dev server over a websocket.
 */
const contentSecurityPolicy = (isDevelopment: boolean) =>
  [
    "default-src 'self'",
    `script-src 'self' 'unsafe-inline'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    `connect-src 'self'${isDevelopment ? " ws: wss:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

const securityHeaders = (isDevelopment: boolean) => [
  { key: "Content-Security-Policy", value: contentSecurityPolicy(isDevelopment) },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=(), usb=()" },
  // Browsers ignore it over plain http, so it is safe on localhost and behind any TLS terminator.
  { key: "Strict-Transport-Security", value: "max-age=31536000" },
];

export default function nextConfig(phase: string): NextConfig {
  return {
    typedRoutes: true,
    agentRules: false,
    poweredByHeader: false,
    images: { unoptimized: true },
    // `next dev` would print the webhook's verify token with its address, and the job engine's calls all day.
    logging: { incomingRequests: { ignore: [/\/api\/(webhooks|inngest)/] } },
    headers: async () => [
      { source: "/:path*", headers: securityHeaders(phase === PHASE_DEVELOPMENT_SERVER) },
      // Files that strangers have sent: whatever they are, nothing in them runs or loads anything.
      {
        source: "/api/inbox/messages/:messageId/file",
        headers: [{ key: "Content-Security-Policy", value: "default-src 'none'; sandbox" }],
      },
    ],
  };
}

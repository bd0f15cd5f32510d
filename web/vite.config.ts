/** How the page is built, served while it is edited, and tested. */

import preact from "@preact/preset-vite";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/**
 * Replaces Vite's helper for dynamic imports by a plain import.
 *
 * The helper preloads what a chunk depends on. The chunks of this page depend on the first script
 * alone, and the first script loads all styles. The 660 compressed bytes of the helper do nothing.
 */
const plainDynamicImports: Plugin = {
  name: "plain-dynamic-imports",
  enforce: "pre",
  load: (id) =>
    id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null,
};

export default defineConfig({
  // Relative addresses: the same build works at the root of a domain and below a path.
  base: "./",
  plugins: [plainDynamicImports, preact({ reactAliasesEnabled: false })],
  // `make web` says where the chat's own page is, whose config.json names the chat.
  server: {
    host: "127.0.0.1",
    proxy: process.env.PAGE_URL ? { "/config.json": process.env.PAGE_URL } : {},
  },
  preview: { host: "127.0.0.1" },
  build: {
    target: "es2024",
    // Everything in assets/ is named by its hash, so that it may be cached for a year.
    assetsDir: "assets",
    // A data: URL would need an exception in the Content-Security-Policy.
    assetsInlineLimit: 0,
    // The one chunk that is loaded later needs no other before it.
    modulePreload: false,
    reportCompressedSize: true,
  },
  test: {
    include: ["{sdk,src}/**/*.test.{ts,tsx}"],
    environment: "node",
    reporters: ["dot"],
    restoreMocks: true,
    // Milliseconds. A busy machine is slow, and no test decides by wall time.
    testTimeout: 60_000,
  },
});

/**
 * The direction of imports: each part imports itself and the parts below it, and nothing else.
 *
 * Type imports and dynamic imports count. Run by `npm run check`; see https://github.com/sverweij/dependency-cruiser.
 */

/** The parts of the SDK, from the top to the bottom, each with a pattern of its files. */
const SDK = {
  tests: "^sdk/.+[.]test[.]ts$",
  testing: "^sdk/testing/",
  index: "^sdk/index[.]ts$",
  shell: "^sdk/live-chat[.]ts$",
  transport: "^sdk/transport/",
  core: "^sdk/core/",
  room: "^sdk/room/",
  requests: "^sdk/requests/",
  api: "^sdk/api[.]ts$",
  base: "^sdk/(platform|errors)[.]ts$",
  protocol: "^sdk/protocol/",
};

/** The parts of the page, from the top to the bottom. */
const PAGE = {
  tests: "^src/.+[.]test[.]tsx?$",
  testing: "^src/testing/",
  main: "^src/main[.]tsx$",
  app: "^src/(app|session|layout)[.]tsx$",
  dialogs: "^src/lazy[.]ts$",
  "room-settings": "^src/room-settings/",
  conversation: "^src/conversation/",
  rooms: "^src/rooms/",
  "sign-in": "^src/sign-in/",
  ui: "^src/ui/",
  context: "^src/context[.]ts$",
  lib: "^src/lib/",
  styles: "^src/styles/",
};

/** The files that belong to no part. */
const STRAY = {
  path: "^(sdk|src)/",
  pathNot: [...Object.values(SDK), ...Object.values(PAGE)],
};

/** Loads the dialogs when a user first opens one. This is the only import that leads upwards. */
const LOADER = "^src/ui/lazy-part[.]tsx$";

const TESTS = "[.]test[.]tsx?$";

/** Return a rule for each part: it imports no part above it. */
function downwards(name, parts) {
  const entries = Object.entries(parts);
  return entries.slice(1).map(([part, path], above) => ({
    name: `${name}/${part} imports no part above it`,
    severity: "error",
    from: { path, pathNot: [TESTS, LOADER] },
    to: { path: entries.slice(0, above + 1).map(([, pattern]) => pattern) },
  }));
}

export default {
  forbidden: [
    { name: "no circles", severity: "error", from: {}, to: { circular: true } },
    ...downwards("sdk", SDK),
    ...downwards("src", PAGE),
    {
      name: "the loader imports nothing above it but the dialogs",
      severity: "error",
      from: { path: LOADER },
      to: { path: "^src/", pathNot: [LOADER, PAGE.dialogs, PAGE.ui, PAGE.context, PAGE.lib] },
    },
    {
      name: "the SDK imports nothing outside its folder",
      severity: "error",
      from: { path: "^sdk/", pathNot: TESTS },
      to: { pathNot: "^sdk/" },
    },
    {
      name: "the page imports the SDK by its index",
      severity: "error",
      from: { path: "^src/", pathNot: TESTS },
      to: { path: "^sdk/", pathNot: "^sdk/index[.]ts$" },
    },
    {
      name: "tests of the page also import the measurement of growth",
      severity: "error",
      from: { path: "^src/.+" + TESTS },
      to: { path: "^sdk/", pathNot: "^sdk/(index|testing/growth)[.]ts$" },
    },
    { name: "each file belongs to a part", severity: "error", from: STRAY, to: {} },
    { name: "each imported file belongs to a part", severity: "error", from: {}, to: STRAY },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
  },
};

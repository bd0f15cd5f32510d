/** The direction of imports between folders: a folder may import only what stands below it. */

/**
 * The parts of the SDK, from the top to the bottom. A part may import the parts after it, and itself.
 *
 * @type {readonly (readonly [name: string, path: string])[]}
 */
const SDK = [
  ["tests", "^sdk/.+\\.test\\.ts$"],
  ["testing", "^sdk/testing/"],
  ["index.ts", "^sdk/index\\.ts$"],
  ["live-chat.ts", "^sdk/live-chat\\.ts$"],
  ["transport", "^sdk/transport/(?!.*\\.test\\.ts$)"],
  ["core", "^sdk/core/(?!.*\\.test\\.ts$)"],
  ["room", "^sdk/room/(?!.*\\.test\\.ts$)"],
  ["requests", "^sdk/requests/"],
  ["api.ts", "^sdk/api\\.ts$"],
  ["platform.ts, errors.ts", "^sdk/(platform|errors)\\.ts$"],
  ["protocol", "^sdk/protocol/"],
];

/**
 * The parts of the page, from the top to the bottom. The page imports the SDK by its index alone.
 *
 * @type {readonly (readonly [name: string, path: string])[]}
 */
const PAGE = [
  ["tests", "^src/.+\\.test\\.tsx?$"],
  ["testing", "^src/testing/"],
  ["main.tsx", "^src/main\\.tsx$"],
  ["app.tsx", "^src/app\\.tsx$"],
];
export {SDK, PAGE}

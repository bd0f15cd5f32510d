/** The entry point of the page: builds the services and renders the app. */

import "./styles/index.css";

import { render } from "preact";

import { createChat } from "../sdk/index.ts";
import { App } from "./app.tsx";
import { ServicesContext, type Services } from "./context.ts";
import { loadConfig } from "./lib/config.ts";
import { browserNotifier } from "./lib/notifications.ts";
import { browserStore } from "./lib/store.ts";
import { applyTheme, themeOf } from "./lib/theme.ts";
import { browserPort } from "./sign-in/browser.ts";

const store = browserStore(window);
// The chat behind this page may move, so the browser has to revalidate a cached copy.
const config = loadConfig((address) => fetch(address, { cache: "no-cache" }));
// The app shows the error. Without this handler, an early rejection counts as uncaught.
config.catch(() => undefined);
const services: Services = {
  store,
  notifier: browserNotifier(window),
  config,
  createChat,
  browser: browserPort(window, store),
  loadSignIn: () => import("./sign-in/index.ts"),
};

applyTheme(themeOf(store), document.documentElement);
store.subscribe(() => {
  applyTheme(themeOf(store), document.documentElement);
});

const container = document.getElementById("app");
if (container) {
  render(
    <ServicesContext.Provider value={services}>
      <App />
    </ServicesContext.Provider>,
    container,
  );
}

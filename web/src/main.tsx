/** The page's entrance. */

import "./styles/index.css";

import { render } from "preact";

import { createChat } from "../sdk/index.ts";
import { App } from "./app.tsx";
import { ServicesContext, type Services } from "./context.ts";
import { loadConfig } from "./lib/config.ts";
import { browserNotifier } from "./lib/notifications.ts";
import { browserStore } from "./lib/store.ts";
import { browserStreet } from "./sign-in/browser.ts";
import { applyTheme, themeOf } from "./lib/theme.ts";

const store = browserStore(window);
// Not to be kept: the chat behind this page may move.
const config = loadConfig((address) => fetch(address, { cache: "no-cache" }));
// It may fail before the page is there to say why; until then that is no uncaught error.
config.catch(() => undefined);
const services: Services = {
  store,
  notifier: browserNotifier(window),
  config,
  createChat,
  street: browserStreet(window, store),
  loadIdentity: () => import("./sign-in/index.ts"),
  loadDesk: () => import("./lazy.ts"),
};

applyTheme(themeOf(store), document.documentElement);
store.subscribe(() => {
  applyTheme(themeOf(store), document.documentElement);
});

const place = document.getElementById("app");
if (place) {
  render(
    <ServicesContext.Provider value={services}>
      <App />
    </ServicesContext.Provider>,
    place,
  );
}

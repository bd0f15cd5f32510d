/** The page's entrance. */

import "./styles/index.css";

import { render } from "preact";

import { createChat } from "../sdk/index.ts";
import { App } from "./app.tsx";
import { ServicesContext, type Services } from "./services.ts";
import { loadConfig } from "./state/config.ts";
import { browserNotifier } from "./state/notify.ts";
import { browserStore } from "./state/store.ts";
import { browserStreet } from "./state/street.ts";
import { applyTheme, themeOf } from "./state/theme.ts";

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
  loadIdentity: () => import("./identity/index.ts"),
  loadDesk: () => import("./desk/index.ts"),
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

/** The page in a document without a screen, for tests of components. */

import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, vi } from "vitest";

import type { ChatOptions } from "../../sdk/index.ts";
import { App } from "../app.tsx";
import * as lazyParts from "../lazy.ts";
import * as signIn from "../sign-in/index.ts";
import { ServicesContext, type Services } from "../context.ts";
import type { Guest } from "../sign-in/guest.ts";
import { MemoryStorage, Store } from "../lib/store.ts";
import { FakeChat } from "./chat.ts";
import { LazyContext, type LazyParts } from "../ui/lazy-part.tsx";
import { FakeBrowser } from "./browser.ts";

const loadLazyParts = (): Promise<LazyParts> => Promise.resolve(lazyParts);
const GUEST: Guest = { name: "Alice", key: "k".repeat(43) };

/** The parts of the page that a test replaces. */
type Replaced = Partial<Services> & { readonly hash?: string };

export class Page {
  readonly chat = new FakeChat();
  readonly store = new Store(new MemoryStorage());
  readonly browser = new FakeBrowser(this.store);
  /** The options of the chat that the page created. */
  options: ChatOptions | undefined;

  /** Signs a guest in. */
  asGuest(): this {
    this.store.write("guest", GUEST);
    return this;
  }

  async open({ hash = "#/", ...services }: Replaced = {}): Promise<void> {
    location.hash = hash;
    const replaced: Services = {
      store: this.store,
      notifier: undefined,
      config: Promise.resolve({ webSocketUrl: "wss://chat.example", signIn: { type: "guest" } }),
      createChat: (options) => {
        this.options = options;
        return this.chat;
      },
      browser: this.browser,
      loadSignIn: () => Promise.resolve(signIn),
      ...services,
    };
    await act(async () => {
      render(
        <ServicesContext.Provider value={replaced}>
          <LazyContext.Provider value={loadLazyParts}>
            <App />
          </LazyContext.Provider>
        </ServicesContext.Provider>,
        document.body,
      );
      await Promise.resolve();
    });
    await this.settled();
  }

  /** Waits until pending promises are settled and rendered. */
  async settled(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      await act(async () => {
        if (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(0);
        else await new Promise((resolve) => setTimeout(resolve));
      });
    }
  }

  /** Lets time pass. The test has fake timers. */
  async passes(milliseconds: number): Promise<void> {
    await act(async () => {
      await vi.advanceTimersByTimeAsync(milliseconds);
    });
    await this.settled();
  }

  async go(hash: string): Promise<void> {
    location.hash = hash;
    await this.settled();
  }

  async click(name: string): Promise<void> {
    this.find(name).click();
    await this.settled();
  }

  async type(label: string, text: string): Promise<void> {
    const field = this.field(label);
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await this.settled();
  }

  /** Chooses a radio button, or an option of a select. */
  async choose(label: string, option?: string): Promise<void> {
    const field = this.field(label);
    if (option === undefined) field.click();
    else field.value = option;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    await this.settled();
  }

  /** Presses a key in a field. The browser's default action does not happen. */
  async press(label: string, key: string, more: KeyboardEventInit = {}): Promise<void> {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
    this.field(label).dispatchEvent(event);
    await this.settled();
  }

  /** Submits the form of the open dialog, or the only form. */
  async submit(): Promise<void> {
    const form = document.querySelector("dialog form") ?? document.querySelector("form");
    form?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await this.settled();
  }

  /** Returns the button or link with this name. */
  find(name: string): HTMLElement {
    const all = [...document.querySelectorAll<HTMLElement>("button, a")];
    const found = all.find((element) => nameOf(element) === name);
    if (!found) throw new Error(`no ${name} among ${all.map(nameOf).join(", ")}`);
    return found;
  }

  field(label: string): HTMLInputElement | HTMLTextAreaElement {
    const all = [...document.querySelectorAll<HTMLInputElement>("input, textarea, select")];
    const found = all.find((element) => labelOf(element) === label);
    if (!found) throw new Error(`no field ${label}`);
    return found;
  }

  get text(): string {
    return document.body.textContent;
  }

  texts(selector: string): string[] {
    return [...document.querySelectorAll(selector)].map((element) => element.textContent);
  }
}

/** Return the label of a field. If it surrounds the field, only the text before the field. */
function labelOf(element: HTMLInputElement): string | null | undefined {
  const label = element.labels?.[0];
  const text = label?.contains(element) ? label.firstChild?.textContent : label?.textContent;
  return element.getAttribute("aria-label") ?? text;
}

function nameOf(element: HTMLElement): string {
  return element.getAttribute("aria-label") ?? element.textContent.trim();
}

/** Create a page before each test, with element sizes that a document without a screen lacks. */
export function eachTest(prepare: (page: Page) => void): void {
  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(40);
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    prepare(new Page());
  });
  afterEach(async () => {
    vi.useRealTimers();
    await act(() => {
      render(null, document.body);
    });
    vi.restoreAllMocks();
  });
}

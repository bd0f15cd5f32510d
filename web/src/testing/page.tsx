/** The page in a document without a screen, for tests of components. */

import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, vi } from "vitest";

import type { ChatOptions } from "../../sdk/index.ts";
import { App } from "../app.tsx";
import * as desk from "../lazy.ts";
import * as identity from "../sign-in/index.ts";
import { ServicesContext, type Services } from "../context.ts";
import type { Guest } from "../sign-in/guest.ts";
import { MemoryShelf, Store } from "../lib/store.ts";
import { FakeChat } from "./chat.ts";
import { FakeStreet } from "./browser.ts";

const GUEST: Guest = { name: "Alice", key: "k".repeat(43) };

/** What a test may bring of its own. */
type World = Partial<Services> & { readonly hash?: string };

export class Page {
  readonly chat = new FakeChat();
  readonly store = new Store(new MemoryShelf());
  readonly street = new FakeStreet(this.store);
  /** What the chat was made of. */
  options: ChatOptions | undefined;

  signedIn(): this {
    this.store.write("guest", GUEST);
    return this;
  }

  async open({ hash = "#/", ...services }: World = {}): Promise<void> {
    location.hash = hash;
    const world: Services = {
      store: this.store,
      notifier: undefined,
      config: Promise.resolve({ webSocketUrl: "wss://chat.example", signIn: { type: "guest" } }),
      createChat: (options) => {
        this.options = options;
        return this.chat;
      },
      street: this.street,
      loadIdentity: () => Promise.resolve(identity),
      loadDesk: () => Promise.resolve(desk),
      ...services,
    };
    await act(async () => {
      render(
        <ServicesContext.Provider value={world}>
          <App />
        </ServicesContext.Provider>,
        document.body,
      );
      await Promise.resolve();
    });
    await this.settled();
  }

  /** Let happen what has been asked for, and what is asked for once that is drawn. */
  async settled(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      await act(async () => {
        await new Promise((resolve) => setTimeout(resolve));
      });
    }
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

  /** Choose one of a few: the radio button, or the option of a select. */
  async choose(label: string, option?: string): Promise<void> {
    const field = this.field(label);
    if (option === undefined) field.click();
    else field.value = option;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    await this.settled();
  }

  /** Press a key in a field; what the browser does on its own does not happen. */
  async press(label: string, key: string, more: KeyboardEventInit = {}): Promise<void> {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
    this.field(label).dispatchEvent(event);
    await this.settled();
  }

  /** The form of the dialog that is open, or else the only one. */
  async submit(): Promise<void> {
    const form = document.querySelector("dialog form") ?? document.querySelector("form");
    form?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await this.settled();
  }

  /** The button or link of that name. */
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

/** Of a label around its field, only what stands before that. */
function labelOf(element: HTMLInputElement): string | null | undefined {
  const label = element.labels?.[0];
  const text = label?.contains(element) ? label.firstChild?.textContent : label?.textContent;
  return element.getAttribute("aria-label") ?? text;
}

function nameOf(element: HTMLElement): string {
  return element.getAttribute("aria-label") ?? element.textContent.trim();
}

/** A new page for each test; sizes that a document without a screen lacks. */
export function eachTest(prepare: (page: Page) => void): void {
  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(40);
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    prepare(new Page());
  });
  afterEach(async () => {
    await act(() => {
      render(null, document.body);
    });
    vi.restoreAllMocks();
  });
}

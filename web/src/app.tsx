/** The page: whoever is not signed in is asked to, the others chat. */

import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";

import type { ChatOptions } from "../sdk/index.ts";
import { Welcome } from "./sign-in/guest-form.tsx";
import { useListener, useStored } from "./ui/use-store.ts";
import { Later } from "./ui/lazy-part.tsx";
import { SelfContext, useServices, type Self } from "./context.ts";
import { Session } from "./session.tsx";
import { accountOf, forgetAccount, signInEnded } from "./sign-in/account.ts";
import { ConfigError, type Config } from "./lib/config.ts";
import type { Door } from "./lib/auth-provider.ts";
import { guestOf, signOut } from "./sign-in/guest.ts";
import { takeInvite } from "./rooms/invite-links.ts";

export function App(): VNode {
  useInvites();
  const config = useConfig();
  const door = useDoor(config);
  const account = useStored(accountOf);
  const guest = useStored(guestOf);
  const self = useSelfOf(door, account !== undefined);
  const options = useOptions(config, door, guest);
  if (config instanceof Error) return troubled(config);
  if (door instanceof Error) return troubled(door);
  const isForGuests = config?.signIn.type === "guest";
  const person = config ? (isForGuests ? guest : account) : (account ?? guest);
  if (!person) return isForGuests ? <Welcome /> : <Closed door={door} />;
  const key = "key" in person ? person.key : person.userId;
  return (
    <SelfContext.Provider value={self}>
      <Session key={key} person={person} options={options} />
    </SelfContext.Provider>
  );
}

function troubled(error: Error): VNode {
  return <Later>{(desk) => <desk.Trouble error={error} />}</Later>;
}

/** Nobody is signed in; nothing is to be seen until it is known how one does. */
function Closed({ door }: { readonly door: Door | undefined }): VNode {
  return door ? <door.Entrance /> : <main class="alone" aria-busy="true" />;
}

/** An invite in the address is taken out of it before anything else is done. */
function useInvites(): void {
  const { store } = useServices();
  const take = (): void => {
    takeInvite(store);
  };
  useState(take);
  useListener(window, "hashchange", take);
}

/** The configuration, why there is none, or undefined while it is on its way. */
function useConfig(): Config | ConfigError | undefined {
  const { config } = useServices();
  const [found, setFound] = useState<Config | ConfigError>();
  useEffect(() => {
    config.then(setFound, (error: unknown) => {
      setFound(error instanceof ConfigError ? error : new ConfigError(String(error)));
    });
  }, [config]);
  return found;
}

/** How one signs in; undefined for guests, and while it is on its way. */
function useDoor(config: Config | Error | undefined): Door | Error | undefined {
  const { loadIdentity, street } = useServices();
  const [found, setFound] = useState<Door | Error>();
  const signIn = config instanceof Error ? undefined : config?.signIn;
  useEffect(() => {
    if (!signIn || signIn.type === "guest") return;
    loadIdentity().then(
      ({ openDoor }) => {
        setFound(openDoor(signIn, street));
      },
      () => {
        setFound(new ConfigError("A part of the page could not be loaded."));
      },
    );
  }, [signIn, loadIdentity, street]);
  return found;
}

function useSelfOf(door: Door | Error | undefined, isSignedIn: boolean): Self {
  const { store } = useServices();
  return {
    isGuest: !isSignedIn,
    signOut: () => {
      if (!isSignedIn) signOut(store);
      else if (door && !(door instanceof Error)) door.signOut();
      else forgetAccount(store);
    },
    signInAgain: () => {
      signInEnded(store);
    },
  };
}

/** What to open the chat with; undefined while that is not all known. */
function useOptions(
  config: Config | Error | undefined,
  door: Door | Error | undefined,
  guest: { readonly name: string; readonly key: string } | undefined,
): ChatOptions | undefined {
  const known = config instanceof Error ? undefined : config;
  const token = door instanceof Error ? undefined : door?.token;
  const { name, key } = guest ?? {};
  return useMemo(() => {
    if (!known) return undefined;
    const { webSocketUrl: url, signIn } = known;
    if (signIn.type !== "guest") return token && { url, token };
    return name === undefined || key === undefined ? undefined : { url, name, key };
  }, [known, token, name, key]);
}

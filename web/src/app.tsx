/** The page: a sign-in form, or the chat of the user who is signed in. */

import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";

import type { ChatOptions } from "../sdk/index.ts";
import { AuthContext, useServices, type Auth } from "./context.ts";
import type { AuthProvider } from "./lib/auth-provider.ts";
import { ConfigError, type Config } from "./lib/config.ts";
import { takeInvite } from "./rooms/invite-links.ts";
import { Session } from "./session.tsx";
import { accountOf, forgetAccount, forgetTokens } from "./sign-in/account.ts";
import { GuestForm } from "./sign-in/guest-form.tsx";
import { forgetGuest, guestOf } from "./sign-in/guest.ts";
import { Lazy } from "./ui/lazy-part.tsx";
import { useListener, useStored } from "./ui/use-store.ts";

export function App(): VNode {
  useInvites();
  const config = useConfig();
  const provider = useAuthProvider(config);
  const account = useStored(accountOf);
  const guest = useStored(guestOf);
  const auth = useAuthActions(provider, account !== undefined);
  const options = useOptions(config, provider, guest);
  if (config instanceof Error) return configError(config);
  if (provider instanceof Error) return configError(provider);
  const isForGuests = config?.signIn.type === "guest";
  const user = config ? (isForGuests ? guest : account) : (account ?? guest);
  if (!user) return isForGuests ? <GuestForm /> : <SignInPage provider={provider} />;
  const key = "key" in user ? user.key : user.userId;
  return (
    <AuthContext.Provider value={auth}>
      <Session key={key} user={user} options={options} />
    </AuthContext.Provider>
  );
}

function configError(error: Error): VNode {
  return <Lazy>{(parts) => <parts.ConfigErrorPage error={error} />}</Lazy>;
}

/** An empty page until the provider is loaded. */
function SignInPage({ provider }: { readonly provider: AuthProvider | undefined }): VNode {
  return provider ? <provider.SignInView /> : <main class="standalone" aria-busy="true" />;
}

/** Move an invite from the address to the store, before anything else happens. */
function useInvites(): void {
  const { store } = useServices();
  const take = (): void => {
    takeInvite(store);
  };
  useState(take);
  useListener(window, "hashchange", take);
}

/** Return the configuration, or the error, or undefined while it is loading. */
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

/** Return the provider, or the error. Undefined for guests, and while it is loading. */
function useAuthProvider(config: Config | Error | undefined): AuthProvider | Error | undefined {
  const { loadSignIn, browser } = useServices();
  const [found, setFound] = useState<AuthProvider | Error>();
  const signIn = config instanceof Error ? undefined : config?.signIn;
  useEffect(() => {
    if (!signIn || signIn.type === "guest") return;
    loadSignIn().then(
      ({ createAuthProvider }) => {
        setFound(createAuthProvider(signIn, browser));
      },
      () => {
        setFound(new ConfigError("A part of the page could not be loaded."));
      },
    );
  }, [signIn, loadSignIn, browser]);
  return found;
}

function useAuthActions(provider: AuthProvider | Error | undefined, isSignedIn: boolean): Auth {
  const { store } = useServices();
  return {
    isGuest: !isSignedIn,
    signOut: () => {
      if (!isSignedIn) forgetGuest(store);
      else if (provider && !(provider instanceof Error)) provider.signOut();
      else forgetAccount(store);
    },
    signInAgain: () => {
      forgetTokens(store);
    },
  };
}

/** Return the options of the chat, or undefined while a part of them is missing. */
function useOptions(
  config: Config | Error | undefined,
  provider: AuthProvider | Error | undefined,
  guest: { readonly name: string; readonly key: string } | undefined,
): ChatOptions | undefined {
  const loaded = config instanceof Error ? undefined : config;
  const token = provider instanceof Error ? undefined : provider?.token;
  const { name, key } = guest ?? {};
  return useMemo(() => {
    if (!loaded) return undefined;
    const { webSocketUrl: url, signIn } = loaded;
    if (signIn.type !== "guest") return token && { url, token };
    return name === undefined || key === undefined ? undefined : { url, name, key };
  }, [loaded, token, name, key]);
}

/** The page: whoever is not signed in is asked for a name, the others chat. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Trouble } from "./components/trouble.tsx";
import { Welcome } from "./components/welcome.tsx";
import { useStored } from "./hooks/changes.ts";
import { useServices } from "./services.ts";
import { Session } from "./session.tsx";
import { ConfigError, type Config } from "./state/config.ts";
import { guestOf } from "./state/guest.ts";

export function App(): VNode {
  const config = useConfig();
  const guest = useStored(guestOf);
  if (config instanceof Error) return <Trouble error={config} />;
  if (!guest) return <Welcome />;
  return <Session key={guest.key} guest={guest} url={config?.webSocketUrl} />;
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

/** How people sign in, for the pages where they do: a chunk of its own. */

import type { Door, Street } from "../lib/auth-provider.ts";
import type { ByForm, ByRedirect } from "../lib/sign-in-config.ts";
import { FormDoor } from "./cognito-provider.tsx";
import { RedirectDoor } from "./oidc-provider.tsx";

export function openDoor(signIn: ByForm | ByRedirect, street: Street): Door {
  return signIn.type === "cognito"
    ? new FormDoor(signIn, street)
    : new RedirectDoor(signIn, street);
}

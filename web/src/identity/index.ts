/** How people sign in, for the pages where they do: a chunk of its own. */

import type { Door, Street } from "../state/door.ts";
import type { ByForm, ByRedirect } from "../state/sign-in.ts";
import { FormDoor } from "./form-door.tsx";
import { RedirectDoor } from "./redirect-door.tsx";

export function openDoor(signIn: ByForm | ByRedirect, street: Street): Door {
  return signIn.type === "cognito"
    ? new FormDoor(signIn, street)
    : new RedirectDoor(signIn, street);
}

/** Who is in the room: a column, where there is space for it. */

import type { VNode } from "preact";

import type { Room } from "../../sdk/index.ts";
import { Later } from "../ui/lazy-part.tsx";

export function Members({ room }: { readonly room: Room | undefined }): VNode {
  return (
    <aside class="members" aria-label="People in this room">
      <h2>
        People <span class="count">{room?.memberCount.toLocaleString()}</span>
      </h2>
      {room && <Later>{(desk) => <desk.MemberList room={room} />}</Later>}
    </aside>
  );
}

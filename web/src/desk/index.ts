/** What one opens now and then: dialogs, and lists of rooms. A chunk of its own, loaded after the page. */

export { CreateRoom, JoinRoom } from "./entrances.tsx";
export { DeleteMessage } from "./delete-message.tsx";
export { Directory } from "./directory.tsx";
export { Failed } from "./failed.tsx";
export { Invitations } from "./invitations.tsx";
export { MayMiss } from "./may-miss.tsx";
export { MemberList, MembersDrawer } from "./members.tsx";
export { Muted } from "./muted.tsx";
export { NotSent } from "./not-sent.tsx";
export { RoomDialog } from "./room-dialog.tsx";
export { SignOut } from "./sign-out.tsx";
export { Trouble } from "./trouble.tsx";

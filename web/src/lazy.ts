/** What one opens now and then: dialogs, and lists of rooms. A chunk of its own, loaded after the page. */

export { CreateRoom, JoinRoom } from "./rooms/create-room.tsx";
export { DeleteMessage } from "./conversation/delete-message.tsx";
export { Directory } from "./rooms/directory.tsx";
export { Failed } from "./conversation/room-error.tsx";
export { Invitations } from "./rooms/invitations.tsx";
export { MayMiss } from "./conversation/discontinuity-notice.tsx";
export { MemberList, MembersDrawer } from "./room-settings/member-list.tsx";
export { Muted } from "./conversation/muted-notice.tsx";
export { NotSent } from "./conversation/unsent-notice.tsx";
export { RoomDialog } from "./room-settings/dialogs.tsx";
export { SignOut } from "./ui/sign-out-dialog.tsx";
export { Trouble } from "./ui/config-error.tsx";

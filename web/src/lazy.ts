/** The chunk that is loaded after the page: dialogs, lists of rooms and people, and rare notices. */

export { DeleteMessage } from "./conversation/delete-message.tsx";
export { DiscontinuityNotice, MutedNotice, UnsentNotice } from "./conversation/notices.tsx";
export { RoomError } from "./conversation/room-error.tsx";
export { RoomDialog } from "./room-settings/dialogs.tsx";
export { MemberList, MembersDrawer } from "./room-settings/member-list.tsx";
export { CreateRoom } from "./rooms/create-room.tsx";
export { Directory } from "./rooms/directory.tsx";
export { Invitations } from "./rooms/invitations.tsx";
export { JoinRoom } from "./rooms/join-room.tsx";
export { ConfigErrorPage } from "./ui/config-error.tsx";
export { SignOutDialog } from "./ui/sign-out-dialog.tsx";

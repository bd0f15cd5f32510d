// Generated from lambda/chat/protocol by `make types`.

/** Why a request was refused. */
export type ErrorCode =
  | "bad_request"
  | "forbidden"
  | "internal"
  | "not_a_member"
  | "not_reviewed"
  | "rate_limited"
  | "room_exists"
  | "room_not_found"
  | "too_large"
  | "unauthorized"
  | "unknown_action";

/** What this endpoint accepts; lengths in characters (Unicode code points). */
export interface Limits {
  readonly textLength: number;
  readonly nameLength: number;
  readonly roomIdLength: number;
  /** Messages in one reply, at most. */
  readonly historyPage: number;
  /** Bytes of lists in one reply, at most. */
  readonly historyBytes: number;
  readonly roomsPerConnection: number;
  /** Rooms that a user has created, at most. */
  readonly roomsPerUser: number;
  /** Joins and leaves are announced in rooms up to this many connections. */
  readonly presence: number;
  /** Of one connection, for long. Absent: any number. */
  readonly messagesPerSecond?: number;
  /** Messages of one connection at once. Absent: any number. */
  readonly messageBurst?: number;
  /** Joins, creations, invitations of one connection. Absent: any. */
  readonly joinsPerMinute?: number;
}

/** A room, as everyone in it sees it. */
export interface RoomInfo {
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly name: string;
  /** userId of who created it. */
  readonly createdBy: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly createdAt: string;
  /** Place in the room's log: rising, not dense. */
  readonly lastSeq: number;
  /** Names one life of a room: a new one, a new log. */
  readonly epoch: string;
  /** Public: listed, and open to everybody. Private: known to its members alone. */
  readonly visibility?: "private" | "public";
}

/** A person in a room, however many connections they have there. */
export interface Member {
  readonly userId: string;
  readonly name: string;
  /** Absent: none in particular. */
  readonly role?: "moderator" | "owner";
  /** May not speak until then. */
  readonly mutedUntil?: string;
}

/** A line of a room's log; the server sets the sender, the seq and the time. What is left of a deleted one says when and by whom, and its text is empty. */
export interface Message {
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** Place in the room's log: rising, not dense. */
  readonly seq: number;
  readonly sender: Member;
  readonly text: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly sentAt: string;
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly clientMessageId?: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly deletedAt?: string;
  /** userId. */
  readonly deletedBy?: string;
}

/** A room of a list, and what its reader is there. */
export interface ListedRoom {
  readonly room: RoomInfo;
  /** Absent: none, or none that lasts. */
  readonly role?: "member" | "moderator" | "owner";
}

/** Who am I here, and what are the limits? */
export interface Hello {
  readonly action: "hello";
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Open a room, own it, and be in it; without a roomId the server makes one up. A private room's id is always the server's: one that can be guessed would give it away. */
export interface CreateRoom {
  readonly action: "createRoom";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId?: string;
  readonly name?: string;
  /** Public: listed, and open to everybody. Private: known to its members alone. */
  readonly visibility?: "private" | "public";
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Enter a room; `after` and `epoch` ask for what was missed since that seq. */
export interface JoinRoom {
  readonly action: "joinRoom";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** Place in the room's log: rising, not dense. */
  readonly after?: number;
  /** Names one life of a room: a new one, a new log. */
  readonly epoch?: string;
  /** Opens a private room to a new member. */
  readonly invite?: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Leave a room with this connection, or for good: as a member, with every connection. */
export interface LeaveRoom {
  readonly action: "leaveRoom";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly forGood?: boolean;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Say something in a room; a repeated clientMessageId is the same message. */
export interface SendMessage {
  readonly action: "sendMessage";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly text: string;
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly clientMessageId?: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Read the log before or after a seq; with neither, its latest page. */
export interface GetHistory {
  readonly action: "getHistory";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** Place in the room's log: rising, not dense. */
  readonly before?: number;
  /** Place in the room's log: rising, not dense. */
  readonly after?: number;
  readonly limit?: number;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Who is in a room at present? */
export interface ListMembers {
  readonly action: "listMembers";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Keep the connection from its 10 idle minutes, and tell the time. */
export interface Ping {
  readonly action: "ping";
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Let this connection last as long as a fresh token of the same user. */
export interface Renew {
  readonly action: "renew";
  /** As at the handshake. */
  readonly token: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Let this connection's tokens open and renew nothing more, and end what they have opened. */
export interface SignOut {
  readonly action: "signOut";
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** The user's own rooms, or the public ones, a page at a time. */
export interface ListRooms {
  readonly action: "listRooms";
  /** `mine`: with a role, or joined within 90 days and neither left for good nor put out of. */
  readonly which?: "mine" | "public";
  /** Of the page before. */
  readonly cursor?: string;
  readonly limit?: number;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Who has a role in a room, present or not? Or, for owners and moderators: who is banned? */
export interface ListRoles {
  readonly action: "listRoles";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly banned?: boolean;
  /** Of the page before. */
  readonly cursor?: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Rename a room, or make a private one public; for owners. */
export interface UpdateRoom {
  readonly action: "updateRoom";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly name?: string;
  readonly visibility?: "public";
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** End a room and delete what was said in it; for owners. */
export interface DeleteRoom {
  readonly action: "deleteRoom";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Make a user a member of a private room; for owners and moderators. */
export interface InviteMember {
  readonly action: "inviteMember";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** At most 256 bytes. */
  readonly userId: string;
  /** To list the user by until they come; default: the userId. */
  readonly name?: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Make a secret that opens a private room to who has it; for owners and moderators. */
export interface CreateInvite {
  readonly action: "createInvite";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly expiresInSeconds?: number;
  /** New members, at most. */
  readonly uses?: number;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Make a user owner, moderator, or neither; for owners. A room keeps one owner at least. */
export interface SetRole {
  readonly action: "setRole";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** At most 256 bytes. */
  readonly userId: string;
  /** What a user may do in a room; an owner may all, a moderator keeps order. */
  readonly role: "member" | "moderator" | "owner";
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Put a user out, who may come back where the room is public; for owners and moderators. */
export interface KickMember {
  readonly action: "kickMember";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** At most 256 bytes. */
  readonly userId: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Put a user out for good; for owners and moderators. */
export interface BanMember {
  readonly action: "banMember";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** At most 256 bytes. */
  readonly userId: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Let a banned user come again, as nobody in particular; for owners and moderators. */
export interface UnbanMember {
  readonly action: "unbanMember";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** At most 256 bytes. */
  readonly userId: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Let a user read and not speak for a while; for owners and moderators. */
export interface MuteMember {
  readonly action: "muteMember";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** At most 256 bytes. */
  readonly userId: string;
  /** From now; 0 lets them speak again. */
  readonly seconds: number;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Take a message back: one's own, or, for owners and moderators, anyone's. */
export interface DeleteMessage {
  readonly action: "deleteMessage";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** Place in the room's log: rising, not dense. */
  readonly seq: number;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `hello`. */
export interface Welcome {
  readonly type: "welcome";
  readonly userId: string;
  readonly name: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly serverTime: string;
  /** When this connection ends, at the latest. */
  readonly expiresAt: string;
  readonly limits: Limits;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `createRoom`. */
export interface RoomCreated {
  readonly type: "roomCreated";
  readonly room: RoomInfo;
  readonly members: readonly Member[];
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `joinRoom`; `resumed` says that `messages` continue from `after` without a loss. */
export interface RoomJoined {
  readonly type: "roomJoined";
  readonly room: RoomInfo;
  readonly members: readonly Member[];
  readonly memberCount: number;
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
  readonly resumed: boolean;
  /** When resumed: seqs up to `after` of the last 100 deletions. */
  readonly deleted?: readonly number[];
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `leaveRoom`. */
export interface RoomLeft {
  readonly type: "roomLeft";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `sendMessage`: the message is in the log. */
export interface MessageSent {
  readonly type: "messageSent";
  readonly message: Message;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `getHistory`: messages in seq order; `hasMore` in the direction asked for. */
export interface History {
  readonly type: "history";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `listMembers`; a list that outgrows one reply is cut, the count is not. */
export interface Members {
  readonly type: "members";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly members: readonly Member[];
  readonly memberCount: number;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `ping`. */
export interface Pong {
  readonly type: "pong";
  /** RFC 3339, UTC, milliseconds. */
  readonly serverTime: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `renew`. */
export interface Renewed {
  readonly type: "renewed";
  /** When this connection ends, at the latest. */
  readonly expiresAt: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `signOut`; the connection neither speaks nor hears after it. */
export interface SignedOut {
  readonly type: "signedOut";
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `listRooms`; while there is a cursor, there may be more. */
export interface RoomList {
  readonly type: "rooms";
  readonly rooms: readonly ListedRoom[];
  /** Where the list goes on. */
  readonly cursor?: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `listRoles`; while there is a cursor, there may be more. */
export interface Roles {
  readonly type: "roles";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly members: readonly Member[];
  /** Where the list goes on. */
  readonly cursor?: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `updateRoom`. */
export interface RoomUpdated {
  readonly type: "roomUpdated";
  readonly room: RoomInfo;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `deleteRoom`: nobody is in it any more, and its id is not used again. */
export interface RoomDeleted {
  readonly type: "roomDeleted";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** False: a part of a long log is still to be deleted; ask again. */
  readonly complete: boolean;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `inviteMember`. */
export interface MemberInvited {
  readonly type: "memberInvited";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly userId: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `createInvite`; the server does not keep the invite, only a hash of it. */
export interface InviteCreated {
  readonly type: "inviteCreated";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** Opens a private room to a new member. */
  readonly invite: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly expiresAt: string;
  readonly uses: number;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `setRole`. */
export interface RoleSet {
  readonly type: "roleSet";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly member: Member;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `kickMember`. */
export interface MemberKicked {
  readonly type: "memberKicked";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly userId: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `banMember`. */
export interface MemberBanned {
  readonly type: "memberBanned";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly userId: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `unbanMember`. */
export interface MemberUnbanned {
  readonly type: "memberUnbanned";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly userId: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `muteMember`. */
export interface MemberMuted {
  readonly type: "memberMuted";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly member: Member;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers `deleteMessage`: what is left of it keeps its place in the log. */
export interface MessageDeleted {
  readonly type: "messageDeleted";
  readonly message: Message;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Answers any request that failed; the connection goes on. */
export interface ErrorReply {
  readonly type: "error";
  readonly code: ErrorCode;
  readonly message: string;
  readonly action?: string;
  readonly retryAfterMs?: number;
  /** Why a review refused a message, in a line for people. */
  readonly reason?: string;
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Somebody said something; at least once and unordered: sort by seq. */
export interface MessagePushed {
  readonly type: "message";
  readonly message: Message;
}

/** Somebody came in with their first connection. */
export interface MemberJoined {
  readonly type: "memberJoined";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly member: Member;
  readonly memberCount: number;
}

/** Somebody's last connection left. */
export interface MemberLeft {
  readonly type: "memberLeft";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly userId: string;
  readonly memberCount: number;
}

/** Somebody's role changed, or whether they may speak. */
export interface MemberChanged {
  readonly type: "memberChanged";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly member: Member;
}

/** A message was deleted: this is what is left of it. */
export interface MessageChanged {
  readonly type: "messageChanged";
  readonly message: Message;
}

/** The room has another name, or is public now. */
export interface RoomChanged {
  readonly type: "roomChanged";
  readonly room: RoomInfo;
}

/** You are not in the room any more. */
export interface Removed {
  readonly type: "removed";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly reason: "banned" | "deleted" | "kicked" | "left";
}

/** You have become a member of a room: join it when you like. */
export interface Invited {
  readonly type: "invited";
  readonly room: RoomInfo;
  readonly by: Member;
}

/** What a client says; `action` tells which. */
export type AnyRequest =
  | Hello
  | CreateRoom
  | JoinRoom
  | LeaveRoom
  | SendMessage
  | GetHistory
  | ListMembers
  | Ping
  | Renew
  | SignOut
  | ListRooms
  | ListRoles
  | UpdateRoom
  | DeleteRoom
  | InviteMember
  | CreateInvite
  | SetRole
  | KickMember
  | BanMember
  | UnbanMember
  | MuteMember
  | DeleteMessage;

/** What answers a request; `type` tells which. */
export type AnyReply =
  | Welcome
  | RoomCreated
  | RoomJoined
  | RoomLeft
  | MessageSent
  | History
  | Members
  | Pong
  | Renewed
  | SignedOut
  | RoomList
  | Roles
  | RoomUpdated
  | RoomDeleted
  | MemberInvited
  | InviteCreated
  | RoleSet
  | MemberKicked
  | MemberBanned
  | MemberUnbanned
  | MemberMuted
  | MessageDeleted
  | ErrorReply;

/** What happened to others; `type` tells which. */
export type AnyEvent =
  | MessagePushed
  | MemberJoined
  | MemberLeft
  | MemberChanged
  | MessageChanged
  | RoomChanged
  | Removed
  | Invited;

/** What answers each action, unless an `error` does. */
export interface Replies {
  readonly hello: Welcome;
  readonly createRoom: RoomCreated;
  readonly joinRoom: RoomJoined;
  readonly leaveRoom: RoomLeft;
  readonly sendMessage: MessageSent;
  readonly getHistory: History;
  readonly listMembers: Members;
  readonly ping: Pong;
  readonly renew: Renewed;
  readonly signOut: SignedOut;
  readonly listRooms: RoomList;
  readonly listRoles: Roles;
  readonly updateRoom: RoomUpdated;
  readonly deleteRoom: RoomDeleted;
  readonly inviteMember: MemberInvited;
  readonly createInvite: InviteCreated;
  readonly setRole: RoleSet;
  readonly kickMember: MemberKicked;
  readonly banMember: MemberBanned;
  readonly unbanMember: MemberUnbanned;
  readonly muteMember: MemberMuted;
  readonly deleteMessage: MessageDeleted;
}

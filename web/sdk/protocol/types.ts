// Generated from lambda/chat/protocol by `make types`.

/** The kind of an error. */
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

/** The limits of an environment. Lengths are in characters (Unicode code points). */
export interface Limits {
  readonly textLength: number;
  readonly nameLength: number;
  readonly roomIdLength: number;
  /** Maximum messages in a reply. */
  readonly historyPage: number;
  /** Maximum bytes of lists in a reply. */
  readonly historyBytes: number;
  readonly roomsPerConnection: number;
  /** Maximum rooms that a user has created. */
  readonly roomsPerUser: number;
  /** Maximum users of a room in which joins and leaves are announced. */
  readonly presence: number;
  /** Messages a second of one connection. Absent: no limit. */
  readonly messagesPerSecond?: number;
  /** Messages of one connection at once. Absent: no limit. */
  readonly messageBurst?: number;
  /** Joins, new rooms and invitations of one connection. Absent: no limit. */
  readonly joinsPerMinute?: number;
  /** Reads a second of one connection. Absent: no limit. */
  readonly readsPerSecond?: number;
  /** Reads of one connection at once. Absent: no limit. */
  readonly readBurst?: number;
}

/** A room. */
export interface RoomInfo {
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly name: string;
  /** The userId of the user who created it. */
  readonly createdBy: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly createdAt: string;
  /** The number of a message in its room: rising, not dense. */
  readonly lastSeq: number;
  /** A random id of the room's log. Another epoch is another log. */
  readonly epoch: string;
  /** Public: listed and open to every user. Private: known only to its members. */
  readonly visibility?: "private" | "public";
}

/** A user as a room shows them. All devices of a user are one member. */
export interface Member {
  readonly userId: string;
  readonly name: string;
  /** Absent for members and visitors. */
  readonly role?: "moderator" | "owner";
  /** The user cannot send messages until then. */
  readonly mutedUntil?: string;
}

/** A message of a room. The server sets its sender, seq and time. If it is deleted, its text is empty, and it has the time and the user of the deletion. */
export interface Message {
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** The number of a message in its room: rising, not dense. */
  readonly seq: number;
  readonly sender: Member;
  readonly text: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly sentAt: string;
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly clientMessageId?: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly deletedAt?: string;
  /** The userId of the user who deleted it. */
  readonly deletedBy?: string;
}

/** A room in a list, with the role of the user who asks. */
export interface ListedRoom {
  readonly room: RoomInfo;
  /** Absent for a visitor. */
  readonly role?: "member" | "moderator" | "owner";
}

/** An open invite of a private room, without its secret. */
export interface Invite {
  /** The SHA-256 of an invite in hex. It opens nothing. */
  readonly inviteId: string;
  /** The userId of its creator. It opens the room while the creator may invite. */
  readonly createdBy: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly expiresAt: string;
  /** New members that can still join with it. */
  readonly uses: number;
}

/** Ask for the user's identity, the server's time and the limits. */
export interface Hello {
  readonly action: "hello";
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Create a room, become its owner and join it. The server makes up a missing roomId. The id of a private room is always the server's, because a chosen id could be guessed. */
export interface CreateRoom {
  readonly action: "createRoom";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId?: string;
  readonly name?: string;
  /** Public: listed and open to every user. Private: known only to its members. */
  readonly visibility?: "private" | "public";
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Join a room. With `after` and `epoch`, get the messages that were missed since then. */
export interface JoinRoom {
  readonly action: "joinRoom";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** The number of a message in its room: rising, not dense. */
  readonly after?: number;
  /** A random id of the room's log. Another epoch is another log. */
  readonly epoch?: string;
  /** A secret with which a new member joins a private room. */
  readonly invite?: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Leave a room with this connection. With `forGood`, leave with all, and give up the role. */
export interface LeaveRoom {
  readonly action: "leaveRoom";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly forGood?: boolean;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Send a message to a room. A repeated clientMessageId is the same message. */
export interface SendMessage {
  readonly action: "sendMessage";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly text: string;
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly clientMessageId?: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Read messages before or after a seq. With neither, read the latest page. */
export interface GetHistory {
  readonly action: "getHistory";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** The number of a message in its room: rising, not dense. */
  readonly before?: number;
  /** The number of a message in its room: rising, not dense. */
  readonly after?: number;
  readonly limit?: number;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** List the users who are in a room now. */
export interface ListMembers {
  readonly action: "listMembers";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Keep the connection open, and ask for the server's time. */
export interface Ping {
  readonly action: "ping";
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Extend this connection with a fresh token of the same user. */
export interface Renew {
  readonly action: "renew";
  /** A token as in the handshake. */
  readonly token: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Revoke the tokens of this connection, and end all connections that they opened. */
export interface SignOut {
  readonly action: "signOut";
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** List the user's own rooms, or the public rooms, in pages. */
export interface ListRooms {
  readonly action: "listRooms";
  /** `mine`: rooms with a role, and rooms joined within 90 days, neither left with `forGood` nor removed from. */
  readonly which?: "mine" | "public";
  /** The cursor of the previous page. */
  readonly cursor?: string;
  readonly limit?: number;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** List users with a role in a room, present or not. With `banned`, list banned users. */
export interface ListRoles {
  readonly action: "listRoles";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly banned?: boolean;
  /** The cursor of the previous page. */
  readonly cursor?: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Rename a room, or make a private room public. For owners. */
export interface UpdateRoom {
  readonly action: "updateRoom";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly name?: string;
  readonly visibility?: "public";
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Delete a room and its messages. For owners. */
export interface DeleteRoom {
  readonly action: "deleteRoom";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Make a user a member of a room. For owners and moderators. */
export interface InviteMember {
  readonly action: "inviteMember";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** At most 256 bytes of UTF-8. */
  readonly userId: string;
  /** The name in lists until the user joins. By default, the userId. */
  readonly name?: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Make a secret with which new members join a private room. For owners and moderators. */
export interface CreateInvite {
  readonly action: "createInvite";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly expiresInSeconds?: number;
  /** Maximum new members. */
  readonly uses?: number;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** List the open invites of a private room, without their secrets. For owners and moderators. */
export interface ListInvites {
  readonly action: "listInvites";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** The cursor of the previous page. */
  readonly cursor?: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Make an invite open nothing more. For owners and moderators. */
export interface RevokeInvite {
  readonly action: "revokeInvite";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** The SHA-256 of an invite in hex. It opens nothing. */
  readonly inviteId: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Give a user a role. For owners. A room always keeps one owner. */
export interface SetRole {
  readonly action: "setRole";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** At most 256 bytes of UTF-8. */
  readonly userId: string;
  /** The rank of a user in a room, which decides what the user may do there. */
  readonly role: "member" | "moderator" | "owner";
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Remove a user's role and connections from a room. For owners and moderators. */
export interface KickMember {
  readonly action: "kickMember";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** At most 256 bytes of UTF-8. */
  readonly userId: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Kick a user, and reject their joins until `unbanMember`. For owners and moderators. */
export interface BanMember {
  readonly action: "banMember";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** At most 256 bytes of UTF-8. */
  readonly userId: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Let a banned user join again, without a role. For owners and moderators. */
export interface UnbanMember {
  readonly action: "unbanMember";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** At most 256 bytes of UTF-8. */
  readonly userId: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Reject a user's messages for a number of seconds. For owners and moderators. */
export interface MuteMember {
  readonly action: "muteMember";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** At most 256 bytes of UTF-8. */
  readonly userId: string;
  /** Seconds from now. 0 ends the mute. */
  readonly seconds: number;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Delete a message. Owners and moderators may delete messages of other users. */
export interface DeleteMessage {
  readonly action: "deleteMessage";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** The number of a message in its room: rising, not dense. */
  readonly seq: number;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `hello`. */
export interface Welcome {
  readonly type: "welcome";
  readonly userId: string;
  readonly name: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly serverTime: string;
  /** When this connection ends, at the latest. */
  readonly expiresAt: string;
  readonly limits: Limits;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `createRoom`. */
export interface RoomCreated {
  readonly type: "roomCreated";
  readonly room: RoomInfo;
  readonly members: readonly Member[];
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `joinRoom`. If `resumed`, `messages` continue from `after` without a gap. */
export interface RoomJoined {
  readonly type: "roomJoined";
  readonly room: RoomInfo;
  readonly members: readonly Member[];
  readonly memberCount: number;
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
  readonly resumed: boolean;
  /** If resumed: the seqs up to `after` of the room's last 100 deletions. */
  readonly deleted?: readonly number[];
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `leaveRoom`. */
export interface RoomLeft {
  readonly type: "roomLeft";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `sendMessage`: the message is stored. */
export interface MessageSent {
  readonly type: "messageSent";
  readonly message: Message;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `getHistory`. `hasMore` is about the direction that was asked for. */
export interface History {
  readonly type: "history";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `listMembers`. A list that is too long is cut, and the count is not. */
export interface Members {
  readonly type: "members";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly members: readonly Member[];
  readonly memberCount: number;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `ping`. */
export interface Pong {
  readonly type: "pong";
  /** RFC 3339 in UTC with milliseconds. */
  readonly serverTime: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `renew`. */
export interface Renewed {
  readonly type: "renewed";
  /** When this connection ends, at the latest. */
  readonly expiresAt: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `signOut`. After it, the connection sends and receives nothing. */
export interface SignedOut {
  readonly type: "signedOut";
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `listRooms`. While there is a cursor, there may be more. */
export interface RoomList {
  readonly type: "rooms";
  readonly rooms: readonly ListedRoom[];
  /** Where the next page begins. */
  readonly cursor?: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `listRoles`. While there is a cursor, there may be more. */
export interface Roles {
  readonly type: "roles";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly members: readonly Member[];
  /** Where the next page begins. */
  readonly cursor?: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `updateRoom`. */
export interface RoomUpdated {
  readonly type: "roomUpdated";
  readonly room: RoomInfo;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `deleteRoom`. If it is complete, the id is free after 90 days. */
export interface RoomDeleted {
  readonly type: "roomDeleted";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** If false, a part of the room remains: repeat the request. */
  readonly complete: boolean;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `inviteMember`. */
export interface MemberInvited {
  readonly type: "memberInvited";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly userId: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `createInvite`. The server stores a hash of the invite, and not the invite. */
export interface InviteCreated {
  readonly type: "inviteCreated";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** The SHA-256 of an invite in hex. It opens nothing. */
  readonly inviteId: string;
  /** A secret with which a new member joins a private room. */
  readonly invite: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly expiresAt: string;
  readonly uses: number;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `listInvites`. While there is a cursor, there may be more. */
export interface Invites {
  readonly type: "invites";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly invites: readonly Invite[];
  /** Where the next page begins. */
  readonly cursor?: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `revokeInvite`. */
export interface InviteRevoked {
  readonly type: "inviteRevoked";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  /** The SHA-256 of an invite in hex. It opens nothing. */
  readonly inviteId: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `setRole`. */
export interface RoleSet {
  readonly type: "roleSet";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly member: Member;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `kickMember`. */
export interface MemberKicked {
  readonly type: "memberKicked";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly userId: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `banMember`. */
export interface MemberBanned {
  readonly type: "memberBanned";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly userId: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `unbanMember`. */
export interface MemberUnbanned {
  readonly type: "memberUnbanned";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly userId: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `muteMember`. */
export interface MemberMuted {
  readonly type: "memberMuted";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly member: Member;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers `deleteMessage`. The message keeps its place in the log. */
export interface MessageDeleted {
  readonly type: "messageDeleted";
  readonly message: Message;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** Answers a request that failed. The connection stays open. */
export interface ErrorReply {
  readonly type: "error";
  readonly code: ErrorCode;
  readonly message: string;
  readonly action?: string;
  readonly retryAfterMs?: number;
  /** Why a review rejected the message, in one line for people. */
  readonly reason?: string;
  /** A string that the client chooses. The reply repeats it. */
  readonly requestId?: string;
}

/** A user has sent a message. It arrives at least once and in any order: sort by seq. */
export interface MessagePushed {
  readonly type: "message";
  readonly message: Message;
}

/** A user has joined a room with the first of their connections. */
export interface MemberJoined {
  readonly type: "memberJoined";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly member: Member;
  readonly memberCount: number;
}

/** The last connection of a user has left a room. */
export interface MemberLeft {
  readonly type: "memberLeft";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly userId: string;
  readonly memberCount: number;
}

/** The role of a user has changed, or whether they may send messages. */
export interface MemberChanged {
  readonly type: "memberChanged";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly member: Member;
}

/** A message was deleted. Its text is empty. */
export interface MessageChanged {
  readonly type: "messageChanged";
  readonly message: Message;
}

/** A room has a new name, or has become public. */
export interface RoomChanged {
  readonly type: "roomChanged";
  readonly room: RoomInfo;
}

/** The receiving user is not in the room any more. */
export interface Removed {
  readonly type: "removed";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
  readonly reason: "banned" | "deleted" | "kicked" | "left";
}

/** The receiving user has become a member of a room, and may join it. */
export interface Invited {
  readonly type: "invited";
  readonly room: RoomInfo;
  readonly by: Member;
}

/** A request; `action` says which. */
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
  | ListInvites
  | RevokeInvite
  | SetRole
  | KickMember
  | BanMember
  | UnbanMember
  | MuteMember
  | DeleteMessage;

/** A reply; `type` says which. */
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
  | Invites
  | InviteRevoked
  | RoleSet
  | MemberKicked
  | MemberBanned
  | MemberUnbanned
  | MemberMuted
  | MessageDeleted
  | ErrorReply;

/** An event; `type` says which. */
export type AnyEvent =
  | MessagePushed
  | MemberJoined
  | MemberLeft
  | MemberChanged
  | MessageChanged
  | RoomChanged
  | Removed
  | Invited;

/** The reply to each action; an `error` can answer all. */
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
  readonly listInvites: Invites;
  readonly revokeInvite: InviteRevoked;
  readonly setRole: RoleSet;
  readonly kickMember: MemberKicked;
  readonly banMember: MemberBanned;
  readonly unbanMember: MemberUnbanned;
  readonly muteMember: MemberMuted;
  readonly deleteMessage: MessageDeleted;
}

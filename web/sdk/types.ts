// Generated from lambda/chat/protocol.py by `make types`.

/** Why a request was refused. */
export type ErrorCode =
  | "bad_request"
  | "forbidden"
  | "internal"
  | "not_a_member"
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
  /** Joins and leaves are announced in rooms up to this many connections. */
  readonly presence: number;
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
}

/** A person in a room, however many connections they have there. */
export interface Member {
  readonly userId: string;
  readonly name: string;
}

/** A line of a room's log; the server sets the sender, the seq and the time. */
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
}

/** Who am I here, and what are the limits? */
export interface Hello {
  readonly action: "hello";
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Open a room and be in it; without a roomId the server makes one up. */
export interface CreateRoom {
  readonly action: "createRoom";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId?: string;
  readonly name?: string;
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
  /** Chosen by the client; its reply echoes it. */
  readonly requestId?: string;
}

/** Leave a room, with this connection. */
export interface LeaveRoom {
  readonly action: "leaveRoom";
  /** 1 to 64 characters of A-Z a-z 0-9 _ - */
  readonly roomId: string;
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

/** Who is in a room? */
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

/** Answers any request that failed; the connection goes on. */
export interface ErrorReply {
  readonly type: "error";
  readonly code: ErrorCode;
  readonly message: string;
  readonly action?: string;
  readonly retryAfterMs?: number;
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

/** What a client says; `action` tells which. */
export type AnyRequest =
  | Hello
  | CreateRoom
  | JoinRoom
  | LeaveRoom
  | SendMessage
  | GetHistory
  | ListMembers
  | Ping;

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
  | ErrorReply;

/** What happened to others; `type` tells which. */
export type AnyEvent =
  | MessagePushed
  | MemberJoined
  | MemberLeft;

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
}

/** The state of the client: its rooms, calls and connections, and the changes that keep it consistent. */

import type { DisconnectReason } from "../api.ts";
import { ChatError } from "../errors.ts";
import type { Limits, Member, Replies } from "../protocol/types.ts";
import { Calls, type CallRequest } from "../requests/calls.ts";
import { Invitations } from "../room/invitations.ts";
import { LiveRoom, type RoomContext } from "../room/room.ts";
import type { Connection } from "./connection.ts";
import { ReconnectSchedule } from "./reconnect.ts";

/** Milliseconds after which a connection counts as stable: the next pause is then a short one. */
const STABLE_AFTER = 10_000;

/** The parts of the shell that the client needs. */
export interface Shell {
  now(): number;
  random(): number;
  /** Something was requested, or has changed. */
  changed(): void;
}

export class ClientState implements RoomContext {
  readonly rooms = new Map<string, LiveRoom>();
  readonly calls = new Calls();
  readonly invitations = new Invitations();
  readonly reconnect = new ReconnectSchedule();
  me: Member | undefined;
  limits: Limits | undefined;
  isRunning = false;
  /** Whether the token source has no token: then no connection is opened. */
  isSignedOut = false;
  disconnectReason: DisconnectReason = "unreachable";
  /** The connection in use. */
  current: Connection | undefined;
  /** The connection that will replace the one in use. */
  next: Connection | undefined;
  readonly #shell: Shell;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  now(): number {
    return this.#shell.now();
  }

  random(): number {
    return this.#shell.random();
  }

  changed(): void {
    this.#shell.changed();
  }

  newId(length = 20): string {
    const digits = "0123456789abcdefghjkmnpqrstvwxyz";
    return Array.from({ length }, () => digits[Math.floor(this.random() * 32)]).join("");
  }

  localTime(time: string): number {
    return Date.parse(time) - (this.current?.clockOffset ?? 0);
  }

  call<Frame extends CallRequest>(frame: Frame): Promise<Replies[Frame["action"]]> {
    const reply = this.calls.start(frame, this.now());
    this.changed();
    return reply;
  }

  // Rooms.

  hasJoined(room: LiveRoom): boolean {
    return room.timeline.epoch !== undefined && (this.current?.joined.has(room.id) ?? false);
  }

  /** Return the room with this id, which is to be joined. */
  want(roomId: string): LiveRoom {
    const room = this.rooms.get(roomId) ?? new LiveRoom(roomId, this);
    this.rooms.set(roomId, room);
    room.want();
    return room;
  }

  leave(room: LiveRoom, forGood = false): void {
    if (room.error) this.forget(room);
    else room.leave(forGood);
  }

  /** Remove a room that this client has left, or that it never joined. */
  forget(room: LiveRoom): void {
    if (this.rooms.get(room.id) === room) this.rooms.delete(room.id);
    for (const deferreds of [room.whenJoined, room.whenOlderLoaded]) {
      deferreds.reject(new ChatError("disconnected", "the room was left"));
    }
    room.whenLeft.resolve();
  }

  /** Mark a room as failed. A room that was never joined is removed, unless it was saved. */
  fail(room: LiveRoom, error: ChatError): void {
    room.fail(error);
    this.calls.rejectInRoom(room.id, error);
    if (room.timeline.epoch === undefined && !room.isFromEarlierVisit) this.forget(room);
  }

  removeRoom(roomId: string): void {
    const room = this.rooms.get(roomId);
    if (room?.error) this.forget(room);
    this.changed();
  }

  // Connections.

  get connections(): readonly Connection[] {
    return [this.current, this.next].filter((connection) => connection !== undefined);
  }

  /** Remove a connection that closed, did not open, or is dead. */
  disconnected(connection: Connection, now: number): void {
    if (!this.connections.includes(connection)) return;
    const { call } = connection.pending ?? {};
    if (call) this.calls.onUncertain(call, new ChatError("disconnected", "connection lost"));
    if (now >= connection.welcomedAt + STABLE_AFTER) this.reconnect.failures = 0;
    this.reconnect.onFailure(now, this.random(), connection.isRejected);
    if (connection === this.next) {
      this.next = undefined;
    } else {
      const isCoolingDown = this.reconnect.isCoolingDown(now);
      this.disconnectReason = isCoolingDown ? "cooldown" : connection.disconnectReason;
      this.useNext();
    }
  }

  /** Replace the connection in use by the next one, or by none. */
  useNext(): void {
    this.current = this.next;
    this.next = undefined;
    for (const room of this.rooms.values()) if (!this.hasJoined(room)) room.onDisconnected();
  }
}

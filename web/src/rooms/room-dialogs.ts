/** The names of the dialogs about rooms. */

/** A dialog that leads into a room. */
export type NewRoomDialog = "create" | "join";

/** A dialog about the room in view. */
export type RoomDialogName = "leave" | "invite" | "settings";

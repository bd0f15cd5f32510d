// Generated from lambda/chat/protocol by `make types`.

/** The pattern of a room's id. */
export const ROOM_ID_PATTERN = "[A-Za-z0-9_-]{1,64}";

/** Characters of a name. An environment can have another limit, in `welcome.limits`. */
export const NAME_LENGTH = 64;

/** Characters that end a line, hide in it, or reverse it. Joiners are an exception. */
export const NAME_BREAKERS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Format characters that Persian spelling and emoji of several parts need. */
export const JOINERS = /[\u200c\u200d]/g;

/** Characters that leave a mark on the screen. Some letters and symbols are blank. */
export const VISIBLE = /[^\p{C}\p{M}\p{Z}\u115f\u1160\u2800\u3164\uffa0]/u;

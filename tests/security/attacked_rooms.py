"""The rooms and people that are attacked."""

from dataclasses import dataclass, field

from tests.security.attacked_chat import Fortress

TEA = {"roomId": "tea"}
NOWHERE = "private-" + "0" * 32

INSIDE = ("visitor", "member", "moderator", "owner", "owner2", "moderator2")
"""Those in the public room, called by what they are there."""

OUTSIDE = ("stranger", "kicked", "banned")
"""Those who are not in it; each owns a room elsewhere, which must not help them."""


@dataclass
class Town:
    """A public room and a private one, with the same people, and one that was deleted.

    The private room's visitor is a plain member: it has no others.
    """

    chat: Fortress
    den: str = ""
    gone: str = "gone"
    seqs: dict[str, dict[str, int]] = field(default_factory=dict)
    """By room and by person: a message of theirs."""

    def __post_init__(self) -> None:
        chat = self.chat
        chat.does("owner", "createRoom", **TEA)
        room = chat.does("owner", "createRoom", name="Den of secrets", visibility="private")
        self.den = room["room"]["roomId"]
        for room_id in ("tea", self.den):
            self._settle(room_id)
        chat.does("owner", "createRoom", roomId=self.gone)
        chat.does("stranger", "joinRoom", roomId=self.gone)
        chat.does("owner", "deleteRoom", roomId=self.gone)
        for who in OUTSIDE:
            chat.does(who, "createRoom", roomId=f"lair-of-{who}")
            chat.does(who, "createInvite", roomId=f"lair-of-{who}")

    def _settle(self, room_id: str) -> None:
        chat, here = self.chat, {"roomId": room_id}
        for who in (*INSIDE[:3], *INSIDE[4:], "kicked", "banned"):
            if room_id != "tea" or who == "member":
                chat.does("owner", "inviteMember", **here, userId=f"u-{who}")
            chat.does(who, "joinRoom", **here)
        roles = {"moderator": "moderator", "moderator2": "moderator", "owner2": "owner"}
        for who, role in roles.items():
            chat.does("owner", "setRole", **here, userId=f"u-{who}", role=role)
        self.seqs[room_id] = {  # one is enough where no messages are deleted
            who: chat.does(who, "sendMessage", **here, text=f"{who} was here")["message"]["seq"]
            for who in ((*INSIDE, "kicked", "banned") if room_id == "tea" else ("owner",))
        }
        chat.does("owner", "kickMember", **here, userId="u-kicked")
        chat.does("owner", "banMember", **here, userId="u-banned")

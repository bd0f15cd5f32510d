"""The rooms and users that are attacked."""

from dataclasses import dataclass, field

from tests.security.attacked_chat import AttackedChat

TEA = {"roomId": "tea"}
ABSENT_ROOM = "private-" + "0" * 32

IN_THE_ROOM = ("visitor", "member", "moderator", "owner", "owner2", "moderator2")
"""The users in the public room, named after what they are there."""

NOT_IN_THE_ROOM = ("stranger", "kicked", "banned")
"""The users who are not in the room. Each owns another room, which must not help them."""


@dataclass
class AttackedRooms:
    """A public and a private room with the same users, and a deleted room.

    The visitor of the private room is a member there, because private rooms have no visitors.
    """

    chat: AttackedChat
    private_id: str = ""
    deleted_id: str = "deleted"
    seqs: dict[str, dict[str, int]] = field(default_factory=dict)
    """The seq of a message of each user, by room and user."""

    def __post_init__(self) -> None:
        chat = self.chat
        chat.does("owner", "createRoom", **TEA)
        room = chat.does("owner", "createRoom", name="Den of secrets", visibility="private")
        self.private_id = room["room"]["roomId"]
        for room_id in ("tea", self.private_id):
            self._settle(room_id)
        chat.does("owner", "createRoom", roomId=self.deleted_id)
        chat.does("stranger", "joinRoom", roomId=self.deleted_id)
        chat.does("owner", "deleteRoom", roomId=self.deleted_id)
        for who in NOT_IN_THE_ROOM:
            chat.does(who, "createRoom", roomId=f"own-room-of-{who}")
            chat.does(who, "createInvite", roomId=f"own-room-of-{who}")

    def _settle(self, room_id: str) -> None:
        chat, here = self.chat, {"roomId": room_id}
        for who in (*IN_THE_ROOM[:3], *IN_THE_ROOM[4:], "kicked", "banned"):
            if room_id != "tea" or who == "member":
                chat.does("owner", "inviteMember", **here, userId=f"u-{who}")
            chat.does(who, "joinRoom", **here)
        roles = {"moderator": "moderator", "moderator2": "moderator", "owner2": "owner"}
        for who, role in roles.items():
            chat.does("owner", "setRole", **here, userId=f"u-{who}", role=role)
        self.seqs[room_id] = {  # tests delete messages in the public room only
            who: chat.does(who, "sendMessage", **here, text=f"{who} was here")["message"]["seq"]
            for who in ((*IN_THE_ROOM, "kicked", "banned") if room_id == "tea" else ("owner",))
        }
        chat.does("owner", "kickMember", **here, userId="u-kicked")
        chat.does("owner", "banMember", **here, userId="u-banned")

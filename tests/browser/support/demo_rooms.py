"""The rooms and messages of the screenshots."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chat.domain.clock import wire
from chat.protocol import Member, Message

NOW = datetime(2026, 3, 14, 10, 42, tzinfo=UTC)
ME = "Maya"
USERS = (ME, "Jonas", "Priya", "Tomás", "Ewa")


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message of a user, sent some minutes before now."""

    author: str
    minutes: int
    text: str


@dataclass(frozen=True, slots=True)
class DemoRoom:
    """A room: its people, its messages, and the number of unread messages."""

    room_id: str
    name: str
    people: tuple[str, ...]
    messages_before: tuple[SentMessage, ...]
    unread: int = 0

    def messages(self, members: dict[str, Member]) -> list[Message]:
        """Return the messages as the log stores them."""
        return [
            Message(
                room_id=self.room_id,
                seq=seq,
                sender=members[sent.author],
                text=sent.text,
                sent_at=wire(NOW - timedelta(minutes=sent.minutes, seconds=seq)),
            )
            for seq, sent in enumerate(self.messages_before, start=1)
        ]


def key_of(name: str) -> str:
    """Return the key of a guest, the same in every run."""
    return f"screenshots-only-{name.encode().hex():0<32}"


DAY = 24 * 60
HIKE = DemoRoom(
    "sunday-hike",
    "Sunday hike 🥾",
    USERS,
    (
        SentMessage("Priya", DAY + 62, "Who is in for the ridge on Sunday? Weather looks perfect."),
        SentMessage("Jonas", DAY + 58, "Me! I can take three in the car."),
        SentMessage("Jonas", DAY + 58, "Four, if nobody brings a dog 😄"),
        SentMessage(ME, DAY + 49, "In. And the dog stays with my sister this time, promise."),
        SentMessage(
            "Tomás", DAY + 31, "Same. I bring the stove, so there will be real coffee on top ☕"
        ),
        SentMessage("Ewa", 41, "Good morning! Is there still a seat for me?"),
        SentMessage("Priya", 38, "There is now 🎉"),
        SentMessage(
            "Priya",
            37,
            "The plan:\n08:10  station, south side\n09:30  trail head\n13:00  summit, coffee\n"
            "17:00  back home",
        ),
        SentMessage("Ewa", 33, "Perfect, I will be at the station."),
        SentMessage(ME, 24, "Here is the map, the eastern path is the one with the view:"),
        SentMessage(ME, 24, "https://www.openstreetmap.org/relation/2128882"),
        SentMessage("Jonas", 17, "That one has the ladder at the end, doesn't it?"),
        SentMessage("Tomás", 15, "It does. It is short, and there is a rail."),
        SentMessage(ME, 6, "You will love it. See you at ten past eight!"),
        SentMessage("Ewa", 3, "👋😊"),
    ),
)
OTHERS = (
    DemoRoom(
        "harbour-office",
        "Harbour office",
        (ME, "Priya", "Ewa"),
        (
            SentMessage("Ewa", 130, "The new sign is up. It is very orange."),
            SentMessage("Priya", 55, "Orange is a feature."),
            SentMessage("Ewa", 9, "Can somebody let the electrician in at eleven?"),
        ),
        unread=2,
    ),
    DemoRoom(
        "book-club",
        "Book club",
        (ME, "Tomás"),
        (
            SentMessage(
                "Tomás", 2 * DAY, "Finished it in one night. No spoilers, but: chapter nine!"
            ),
            SentMessage(ME, 2 * DAY - 30, "I am on chapter eight. Say nothing."),
        ),
    ),
    DemoRoom(
        "qahwa",
        "قهوة الصباح",
        (ME, "Jonas"),
        (SentMessage("Jonas", 3 * DAY, "صباح الخير! من معي اليوم؟"),),
    ),
)
DEMO_ROOMS = (HIKE, *OTHERS)

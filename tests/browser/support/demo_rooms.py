"""A lively Saturday in four rooms: what the screenshots show."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chat.domain.clock import wire
from chat.protocol import Member, Message

NOW = datetime(2026, 3, 14, 10, 42, tzinfo=UTC)
ME = "Maya"
EVERYBODY = (ME, "Jonas", "Priya", "Tomás", "Ewa")


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody says something, so many minutes before now."""

    author: str
    minutes: int
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A room: who is there, what was said, how much of it is new to the one who looks."""

    room_id: str
    name: str
    people: tuple[str, ...]
    lines: tuple[Line, ...]
    unread: int = 0

    def messages(self, members: dict[str, Member]) -> list[Message]:
        """The lines as the log has them."""
        return [
            Message(
                room_id=self.room_id,
                seq=seq,
                sender=members[line.author],
                text=line.text,
                sent_at=wire(NOW - timedelta(minutes=line.minutes, seconds=seq)),
            )
            for seq, line in enumerate(self.lines, start=1)
        ]


def key_of(name: str) -> str:
    """The secret that makes a person of the scene the same one each time."""
    return f"screenshots-only-{name.encode().hex():0<32}"


DAY = 24 * 60
HIKE = Scene(
    "sunday-hike",
    "Sunday hike 🥾",
    EVERYBODY,
    (
        Line("Priya", DAY + 62, "Who is in for the ridge on Sunday? Weather looks perfect."),
        Line("Jonas", DAY + 58, "Me! I can take three in the car."),
        Line("Jonas", DAY + 58, "Four, if nobody brings a dog 😄"),
        Line(ME, DAY + 49, "In. And the dog stays with my sister this time, promise."),
        Line("Tomás", DAY + 31, "Same. I bring the stove, so there will be real coffee on top ☕"),
        Line("Ewa", 41, "Good morning! Is there still a seat for me?"),
        Line("Priya", 38, "There is now 🎉"),
        Line(
            "Priya",
            37,
            "The plan:\n08:10  station, south side\n09:30  trail head\n13:00  summit, coffee\n"
            "17:00  back home",
        ),
        Line("Ewa", 33, "Perfect, I will be at the station."),
        Line(ME, 24, "Here is the map, the eastern path is the one with the view:"),
        Line(ME, 24, "https://www.openstreetmap.org/relation/2128882"),
        Line("Jonas", 17, "That one has the ladder at the end, doesn't it?"),
        Line("Tomás", 15, "It does. It is short, and there is a rail."),
        Line(ME, 6, "You will love it. See you at ten past eight!"),
        Line("Ewa", 3, "👋😊"),
    ),
)
OTHERS = (
    Scene(
        "harbour-office",
        "Harbour office",
        (ME, "Priya", "Ewa"),
        (
            Line("Ewa", 130, "The new sign is up. It is very orange."),
            Line("Priya", 55, "Orange is a feature."),
            Line("Ewa", 9, "Can somebody let the electrician in at eleven?"),
        ),
        unread=2,
    ),
    Scene(
        "book-club",
        "Book club",
        (ME, "Tomás"),
        (
            Line("Tomás", 2 * DAY, "Finished it in one night. No spoilers, but: chapter nine!"),
            Line(ME, 2 * DAY - 30, "I am on chapter eight. Say nothing."),
        ),
    ),
    Scene(
        "qahwa",
        "قهوة الصباح",
        (ME, "Jonas"),
        (Line("Jonas", 3 * DAY, "صباح الخير! من معي اليوم؟"),),
    ),
)
SCENES = (HIKE, *OTHERS)

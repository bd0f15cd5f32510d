"""Protocol version 1 as typed structs: every frame, and which reply answers which request.

Decoding, validation, the AsyncAPI document and the clients' types are derived from this package.
It exports every name of the modules below.
"""

from chat.protocol.events import *
from chat.protocol.messages import *
from chat.protocol.parts import *
from chat.protocol.replies import *
from chat.protocol.requests import *

"""Texts that a careless page would execute, follow or garble."""

SCRIPTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<a href='javascript:alert(1)'>come</a>",
    "<style>*{display:none}</style>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "</div></main></body><h1>gone</h1>",
    '"><script>alert(1)</script>',
    "'-alert(1)-'",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "<!--<script>alert(1)</script>-->",
    "&lt;b&gt;&amp;&#60;script&#62;",
    "<math><mtext></p><mglyph><style><img src onerror=alert(1)>",
    "__proto__",
    "constructor",
)
TEXTS = (
    "Zoë 日本語 العربية עברית ไทย",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽",
    "\u202egnp.exe",
    "Z̷̛a̴l̶g̸o̷",
    "a" * 500,
)
NAMES = tuple(text for text in SCRIPTS if len(text) <= 64)

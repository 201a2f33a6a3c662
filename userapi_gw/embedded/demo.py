"""The two people of the world who can log in. Their passwords are no secret: they guard invented data only."""

from typing import Final

DEMO_ACCOUNTS: Final = (
    ("test@test.com", "7777777", "Pavel Durov"),
    ("nikolay@test.com", "7777777", "Nikolay Durov"),
)
"""(email, password, name) for the start banner. The first pair is the one of the UserAPI documentation, section
"Authorisation by submitting email and password (Login)"."""

DEMO_USER_IDS: Final = {"test@test.com": 1, "nikolay@test.com": 6}

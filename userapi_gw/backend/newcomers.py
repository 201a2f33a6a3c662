"""People who are not there yet: registration and its confirmation."""

from dataclasses import dataclass, field
from typing import Any

from userapi_gw.backend.calls import Calls
from userapi_gw.backend.model import Grant


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody tells about themselves to get an account. `school` is an id and `year` of graduation, 0: none."""

    first_name: str
    last_name: str
    email: str
    password: str = field(repr=False)
    sex: int = 0  # 1 female, 2 male, 0 not told
    school: int = 0
    year: int = 0


class Newcomers(Calls):
    """`auth.signup` and what follows it, which the embedded server has; others raise `Failure(UNSUPPORTED)`."""

    __slots__ = ()

    def sign_up(self, newcomer: Newcomer) -> str:
        """Make an account that nobody can use yet and return its confirmation code.

        Raises `Failure(TAKEN)` when the e-mail address has an account or waits for one.
        """
        return self.write(
            "auth.signup",
            lambda answer: str(answer["code"]),
            first_name=newcomer.first_name,
            last_name=newcomer.last_name,
            email=newcomer.email,
            password=newcomer.password,
            sex=newcomer.sex,
            school=newcomer.school,
            year=newcomer.year,
        )

    def confirm(self, code: str) -> Grant:
        """Make the account usable and log in, once. Raises `Failure(NOT_FOUND)` when the code is no good any more."""

        def grant(answer: Any) -> Grant:
            return Grant(int(answer["user_id"]), str(answer["access_token"]))

        return self.write("auth.confirm", grant, code=code)

    def withdraw(self, code: str) -> None:
        """Take back a `sign_up` that cannot be confirmed, so that its address may be tried again."""
        self.write("auth.withdraw", code=code)

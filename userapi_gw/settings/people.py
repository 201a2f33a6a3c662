"""Sessions, logins, limits, registrations and mail."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, SecretStr

from userapi_gw.rates import complete
from userapi_gw.settings.mail import mail_address, mail_server


class PeopleSettings(BaseModel):
    """Who gets in, how much they may do, and how they are written to."""

    session_days: int = Field(default=30, ge=1, description="A session ends after so many days without use.")
    login_failures: int = Field(
        default=5, ge=1, description="Wrong passwords in a row before logins are refused for a while."
    )
    login_pause_seconds: int = Field(
        default=60, ge=0, description="How long logins without a captcha are refused then, in seconds."
    )
    unlocked_days: int = Field(
        default=30, ge=1, description="Who took a second factor on the page /login needs none again for so many days."
    )
    limits: Annotated[dict[str, str], AfterValidator(complete)] = Field(
        default={},
        description="How often writing acts go without a captcha, as count/seconds or off: an account; an address "
        "ten times as often (captcha and register: just as often).",
    )
    banned_emails: tuple[str, ...] = Field(
        default=(), description="Addresses that may not register, as patterns such as *@spam.example."
    )
    smtp_url: Annotated[SecretStr, AfterValidator(mail_server)] | None = Field(
        default=None,
        description="Mail server, smtp://user:password@host:587 or smtps://... "
        "(without one, mails are kept, see userapi-gw outbox).",
    )
    mail_from: Annotated[str, AfterValidator(mail_address)] = Field(
        default="userapi-gw@localhost", description="Sender of mails."
    )

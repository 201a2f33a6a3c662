"""Opens the state: one object that bundles the rooms inside."""

import time
from collections.abc import Callable

from sqlalchemy import select

from userapi_gw.state.attempts import Attempts
from userapi_gw.state.call_rates import CallRates
from userapi_gw.state.callbacks import Callbacks
from userapi_gw.state.captchas import Captchas
from userapi_gw.state.challenges import Challenges
from userapi_gw.state.community_keys import CommunityKeys
from userapi_gw.state.community_mail import CommunityMail
from userapi_gw.state.database import Database
from userapi_gw.state.launches import Launches
from userapi_gw.state.limits import Limits
from userapi_gw.state.notifications import Notifications
from userapi_gw.state.overlays import Overlays
from userapi_gw.state.pollers import Pollers
from userapi_gw.state.registrations import Registrations
from userapi_gw.state.schema import grants
from userapi_gw.state.sessions import Sessions
from userapi_gw.state.snapshots import Snapshots
from userapi_gw.state.streams import Streams
from userapi_gw.state.unknown import UnknownActs
from userapi_gw.state.unlocked import UnlockedAccounts
from userapi_gw.state.vault import Vault

_HOUR = 3600.0
_DAY = 24 * _HOUR


class State:
    """Everything the gateway remembers. Safe for threads; made by `open_state`."""

    def __init__(
        self,
        database: Database,
        sessions: Sessions,
        streams: Streams,
        attempts: Attempts,
        unknown: UnknownActs,
        captchas: Captchas,
        limits: Limits,
        call_rates: CallRates,
        registrations: Registrations,
        challenges: Challenges,
        unlocked: UnlockedAccounts,
        overlays: Overlays,
        snapshots: Snapshots,
        pollers: Pollers,
        notifications: Notifications,
        community_keys: CommunityKeys,
        launches: Launches,
        callbacks: Callbacks,
        community_mail: CommunityMail,
    ) -> None:
        self._database = database
        self.sessions = sessions
        self.streams = streams
        self.attempts = attempts
        self.unknown = unknown
        self.captchas = captchas
        self.limits = limits
        self.call_rates = call_rates
        self.registrations = registrations
        self.challenges = challenges
        self.unlocked = unlocked
        self.overlays = overlays
        self.snapshots = snapshots
        self.pollers = pollers
        self.notifications = notifications
        self.community_keys = community_keys
        self.callbacks = callbacks
        self.community_mail = community_mail
        self.launches = launches

    def ping(self) -> None:
        """Read from the database. Raises sqlalchemy.exc.SQLAlchemyError when it does not answer."""
        with self._database.read() as connection:
            connection.execute(select(grants.c.id).limit(1))

    def close(self) -> None:
        """Close all connections to the database, and what processes share beside it."""
        self.streams.close()
        self._database.close()


def open_state(
    database_url: str,
    secret_key: str,
    *,
    clock: Callable[[], float] = time.time,
    sid_lifetime: float = 30 * _DAY,
    sid_use_step: float = _HOUR,
    remixpassword_lifetime: float = 365 * _DAY,
    remixpassword_renewal: float = 7 * _DAY,
    remixpassword_replaced_lifetime: float = _DAY,
    session_cache_time: float = 3,
    purge_step: float = _HOUR,
    login_failures_per_account: int = 5,
    login_failures_per_address: int = 200,
    login_failure_window: float = 15 * 60,
    login_refusal: float = 60,
    stream_unused_time: float = 30 * _DAY,
    captcha_lifetime: float = 10 * 60,
    activation_lifetime: float = 3 * _DAY,
    unlocked_lifetime: float = 30 * _DAY,
    notification_lease: float = 60,
    keep_captchas: int = 10_000,
    keep_entries: int = 500,
    keep_seen: int = 200,
    keep_news: int = 1000,
    keep_unknown: int = 1000,
) -> State:
    """Open the database at `database_url` (SQLAlchemy's spelling; for SQLite a file), bring its schema up to date.

    `clock` gives unix seconds; all times are seconds. `secret_key` protects the stored tokens: with another one all
    logins end. The policy numbers are explained at `Sessions`, `Attempts`, `Streams`, `UnknownActs`, `Captchas`,
    `Limits`, `CallRates`, `Registrations`, `Challenges`, `UnlockedAccounts` and `Snapshots`, which go unused as long as
    streams before they are thrown out.
    Raises ValueError for an empty secret key or a SQLite database in memory, SQLAlchemyError when the database refuses.
    """
    vault = Vault(secret_key)
    database = Database(database_url)
    database.upgrade()
    sessions = Sessions(
        database,
        vault,
        clock,
        sid_lifetime=sid_lifetime,
        use_step=sid_use_step,
        remixpassword_lifetime=remixpassword_lifetime,
        remixpassword_renewal=remixpassword_renewal,
        replaced_lifetime=remixpassword_replaced_lifetime,
        cache_time=session_cache_time,
        purge_step=purge_step,
    )
    attempts = Attempts(
        database,
        vault,
        clock,
        pair_limit=login_failures_per_account,
        address_limit=login_failures_per_address,
        window=login_failure_window,
        refusal=login_refusal,
    )
    streams = Streams(
        database,
        clock,
        keep_entries=keep_entries,
        keep_seen=keep_seen,
        unused_time=stream_unused_time,
        purge_step=purge_step,
    )
    snapshots = Snapshots(database, clock, keep_news=keep_news, unused_time=stream_unused_time, purge_step=purge_step)
    return State(
        database,
        sessions,
        streams,
        attempts,
        UnknownActs(database, clock, limit=keep_unknown),
        Captchas(database, vault, clock, lifetime=captcha_lifetime, limit=keep_captchas),
        Limits(database, vault, clock, purge_step=purge_step),
        CallRates(database, vault, clock, purge_step=purge_step),
        Registrations(database, vault, clock, lifetime=activation_lifetime),
        Challenges(database, vault, clock, lifetime=captcha_lifetime),
        UnlockedAccounts(database, vault, clock, lifetime=unlocked_lifetime),
        Overlays.on(database, clock),
        snapshots,
        Pollers(database, clock),
        Notifications(database, vault, clock, lease=notification_lease),
        CommunityKeys(database, vault, clock),
        Launches(database, vault, clock),
        Callbacks(database, vault, clock, purge_step=purge_step),
        CommunityMail(database, clock),
    )

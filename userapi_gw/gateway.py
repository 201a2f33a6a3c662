"""What all requests of one process share."""

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from userapi_gw.acts.counters import CounterCache
from userapi_gw.acts.friends_news import FriendsNews, Rates
from userapi_gw.acts.gate import Gate
from userapi_gw.acts.histories import Histories
from userapi_gw.acts.logins import Logins
from userapi_gw.acts.pace import Pace
from userapi_gw.acts.recent import RecentAnswers
from userapi_gw.acts.registrar import Registrar
from userapi_gw.acts.relay import Relay
from userapi_gw.acts.upload_hashes import UploadHashes
from userapi_gw.backend.client import Client
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.groups import Groups
from userapi_gw.backend.media import Media
from userapi_gw.dialect import Dialect, choose
from userapi_gw.live import Live, LiveMailbox, LivePolicy
from userapi_gw.notify.announcer import Announcer
from userapi_gw.notify.channels import channels
from userapi_gw.notify.community import GroupSpeaker
from userapi_gw.notify.outbox import take_over
from userapi_gw.notify.recipients import Recipients
from userapi_gw.notify.sender import Sender
from userapi_gw.overlays import OverlaidBackend
from userapi_gw.pictures import OwnPictures, Pictures, PictureStore
from userapi_gw.playback import Tape
from userapi_gw.settings import SELF, Settings, Site, WireChoice
from userapi_gw.shadow import Shadow
from userapi_gw.state import Session, State
from userapi_gw.worker import Worker

SENDER, EVENTS = "notify", "events"
"""The workers: who sends what waits in the outbox, and who does what communities pushed."""


@dataclass(frozen=True)
class Gateway:
    """The settings, the state and the backend's client, with what follows from them for one request."""

    settings: Settings
    state: State
    client: Client
    media: Media
    picture_store: PictureStore
    recent: RecentAnswers[Any]
    tape: Tape | None = None
    shadow: Shadow | None = None
    live: Live = field(init=False)
    workers: tuple[Worker, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Make `live` and the workers at once: they hold threads, and requests would race for the first use."""
        settings = self.settings
        policy = LivePolicy(
            settings.live_pollers,
            idle=settings.live_idle_seconds,
            lease=settings.live_lease_seconds,
            refresh=settings.live_refresh_seconds,
        )
        forget = self.counters.forget
        live = Live(self.state, self.client, policy, attend=self.mail_came, end=self.end, forget=forget)
        object.__setattr__(self, "live", live)
        workers = (Worker(SENDER, self.sender().do),) if settings.notify_worker else ()
        object.__setattr__(self, "workers", workers)

    @cached_property
    def counters(self) -> CounterCache:
        """The counters remembered between polls."""
        return CounterCache(self.settings.refresh_seconds, Pace(self.settings.looks_per_second))

    @cached_property
    def upload_hashes(self) -> UploadHashes:
        """Makes and checks the hashes of uploads."""
        return UploadHashes(self.settings.load_secret_key())

    @cached_property
    def registrar(self) -> Registrar:
        """Who may register, and the mail they get."""
        settings = self.settings
        return Registrar(
            sites={number: self.site_url(site) for number, site in settings.sites.items()},
            banned=settings.banned_emails,
            registrations=self.state.registrations,
            announcer=self.announcer,
            sender=settings.mail_from,
        )

    @cached_property
    def announcer(self) -> Announcer:
        """Puts into the outbox what people are to be told."""
        settings = self.settings
        window, pause = settings.notify_window_seconds, settings.notify_pause_seconds
        return Announcer(self.state, window, pause, partial(self.wake, SENDER))

    def sender(self) -> Sender:
        """Return who sends what waits in the outbox, and takes over what an earlier version left."""
        away = self.settings.notify_away_seconds
        recipients = Recipients(self.state, partial(self.backend, fresh=True), self.end, self._link, away)
        adopt = partial(take_over, self.settings.outbox_dir, self.state.notifications)
        return Sender(self.state.notifications, recipients, channels(self.settings, self.state, self._speaker), adopt)

    def _speaker(self, site_id: int) -> GroupSpeaker | None:
        """Who writes in the name of a site's community, if that has a key."""
        groups = self.in_its_name(site_id)
        return GroupSpeaker(groups, -groups.viewer, self.state.community_mail) if groups else None

    def _link(self, site_id: int) -> str:
        site = self.site(site_id)
        return f"{self.site_url(site) if site else self.settings.public_url}/"

    def site_url(self, site: Site) -> str:
        """The address of a site in mails. The gateway's own is the setting: a request's Host header may be a lie."""
        return self.settings.public_url if site.url == SELF else site.url

    def gate(self, viewer: int, address: str) -> Gate:
        """What holds back a flood from an account (0: nobody) at a network address."""
        return Gate(viewer, address, self.state.captchas, self.state.limits, self.settings.limits, self.relay)

    @cached_property
    def relay(self) -> Relay:
        """Hands the backend's captchas on."""
        return Relay(self.state.challenges, self.media, f"{self.settings.public_url}/captcha")

    @cached_property
    def logins(self) -> Logins:
        """Who gets in."""
        return Logins(self.client, self.state.attempts, self.state.unlocked)

    def site(self, site_id: int) -> Site | None:
        """The registered site with this id."""
        return self.settings.sites.get(site_id)

    def community_key(self, site_id: int) -> str:
        """The access key to act with in the name of a site's community; `""` without a community or a key.

        That of the settings, else the one a manager gave on the settings page of the community's app.
        """
        site = self.site(site_id)
        if site is None or site.community is None:
            return ""
        if site.community.token is not None:
            return site.community.token.get_secret_value()
        kept = self.state.community_keys.find(site.community.group)
        return kept.token if kept else ""

    def in_its_name(self, site_id: int) -> Groups | None:
        """The backend as the community of a site sees it; None without the community's key."""
        site, key = self.site(site_id), self.community_key(site_id)
        return Groups(self.client, -site.community.group, key, fresh=True) if key and site and site.community else None

    def dialect(self, site: Site | None, user_agent: str) -> Dialect:
        """How to answer: the general dialect, then the site's choice over it, then that of the first rule that fits."""
        rules = (rule for rule in self.settings.clients if rule.user_agent in user_agent)
        chosen: list[WireChoice] = [choice for choice in (site, next(rules, None)) if choice is not None]
        names = [self.settings.dialect, *(choice.dialect for choice in chosen if choice.dialect)]
        options = {name: value for choice in chosen for name, value in choice.options.items()}
        return choose(names[-1], options)

    def backend(self, session: Session | None, *, fresh: bool = False) -> Backend:
        """The modern shore as the viewer of a session sees it, or somebody who is not logged in.

        Unless `fresh`, what it showed last stands for what it shows while it is away.
        """
        viewer, token, rights = (session.viewer, session.token, session.rights) if session else (0, "", None)
        return OverlaidBackend(self.client, viewer, token, self.state.overlays, fresh=fresh, rights=rights)

    def end(self, session: Session) -> None:
        """The backend refused the session's token: everything built on it ends with it."""
        self.state.sessions.revoke(session.grant_id)
        self.state.unlocked.end(session.viewer, session.token)
        self.client.forget(session.viewer)

    def pictures(self, dialect: Dialect, address: str) -> Pictures:
        """How pictures are addressed for a program that knows the gateway as `address`."""
        return OwnPictures(address, self.picture_store) if dialect.own_pictures else Pictures()

    def histories(
        self, backend: Backend, dialect: Dialect, pictures: Pictures, session: Session | None = None
    ) -> Histories:
        """The update histories of the viewer of a backend; of a session they may be told before they are polled."""
        watch = LiveMailbox(self.live, session) if session else None
        period, news = self.settings.refresh_seconds, self.friends_news(backend)
        streams, pace = self.state.streams, self.pace
        return Histories(backend.viewer, streams, backend, dialect, period, news, pictures, watch=watch, pace=pace)

    def mail_came(self, session: Session) -> None:
        """Bring the mailbox's history and the counters of a session's viewer up to date; raises `Failure`."""
        backend = self.backend(session, fresh=True)
        self.histories(backend, choose(self.settings.dialect, {}), Pictures()).mail_came()
        self.counters.renew(backend)

    def friends_news(self, backend: Backend) -> FriendsNews:
        """The news of the friends of a backend's viewer."""
        return FriendsNews(backend, self.state.snapshots, self.rates)

    @cached_property
    def rates(self) -> Rates:
        """How much looking at friends is asked of the backend."""
        settings = self.settings
        return Rates(settings.refresh_seconds, settings.snapshot_seconds, settings.snapshot_friends_per_refresh)

    @cached_property
    def pace(self) -> Pace:
        """How many lists this process looks at in a second."""
        return Pace(self.settings.looks_per_second)

    def work_with(self, worker: Worker) -> None:
        """Have one more worker start and end with the others."""
        object.__setattr__(self, "workers", (*self.workers, worker))

    def wake(self, name: str) -> None:
        """Have a worker look at once, if this process has it."""
        for worker in self.workers:
            if worker.name == name:
                worker.wake()

    def start_workers(self) -> None:
        """Begin to do what waits in the database. Only in a process that serves: threads do not survive a fork."""
        for worker in self.workers:
            worker.start()

    def close(self) -> None:
        """Stop working and listening, give back connections and files."""
        for worker in self.workers:
            worker.close()
        self.live.close()
        self.client.close()
        self.media.close()
        self.picture_store.close()
        self.recent.close()
        if self.tape:
            self.tape.close()
        if self.shadow:
            self.shadow.close()
        self.state.close()

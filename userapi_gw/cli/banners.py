"""What servers say when they start."""

from userapi_gw.settings import Settings


def gateway_banner(address: str, settings: Settings) -> str:
    """What a started gateway says: where it answers, and how an old program gets there."""
    host, _, port = _reachable(address).rpartition(":")
    port_80 = "" if port == "80" else " and serve\non port 80 (--bind 127.0.0.1:80), the only one old programs know"
    asked = not settings.playback or settings.on_miss == "backend"  # a playback lets in who is in the capture
    accounts = f"{_accounts()}\n" if settings.backend == "embedded" and asked else ""
    return f"""\
The gateway answers at http://{_reachable(address)}/ (backend: {settings.backend})
{accounts}To bring an old program here, name {_reachable(address)} as its HTTP proxy,
or add this line to the hosts file of its machine{port_80}:
  {host.strip("[]")} userapi.com login.userapi.com durov.ru
Ctrl-C stops it."""


def backend_banner(address: str, _settings: Settings) -> str:
    """What a started embedded backend says."""
    return f"The embedded backend answers at http://{_reachable(address)}/\n{_accounts()}\nCtrl-C stops it."


def emulation_banner(address: str, settings: Settings) -> str:
    """What a backend says that plays an OpenVK."""
    from userapi_gw.embedded.openvk import GUARDED

    guarded = [f"  {email}  password {one.password}  code {one.code}" for email, one in GUARDED.items()]
    plain, _, last = backend_banner(address, settings).rpartition("\n")
    return "\n".join([plain, *guarded, "It answers as an OpenVK does.", last])


def _reachable(address: str) -> str:
    host, _, port = address.rpartition(":")
    every_address = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104
    return f"{every_address.get(host, host)}:{port}"


def _accounts() -> str:
    from userapi_gw.embedded import DEMO_ACCOUNTS

    rows = [f"  {email}  password {password}  ({name})" for email, password, name in DEMO_ACCOUNTS]
    return "\n".join(["Accounts to try:", *rows])

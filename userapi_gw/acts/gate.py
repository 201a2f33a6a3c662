"""What holds back a flood: counts of what somebody did lately, and captchas that let one more request pass.

UserAPI documentation, "CAPTCHA handling (flood control)".
"""

from collections.abc import Mapping
from dataclasses import dataclass

from userapi_gw.acts.parameters import Parameters
from userapi_gw.acts.relay import LONGEST_CSID, Relay, sent
from userapi_gw.backend.on_behalf import Solved
from userapi_gw.rates import Rate, rate_of
from userapi_gw.state.captchas import Captchas
from userapi_gw.state.limits import Limits

SHARED = 10
"""How many accounts may write from one network address before it is over its limit: families, schools, sites."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate before one request: of an account (`viewer`, 0 for nobody) at a network address."""

    viewer: int
    address: str
    captchas: Captchas
    limits: Limits
    rates: Mapping[str, str]
    """How often each act may be done, as the setting `limits` says."""
    relay: Relay
    """The backend's own captchas."""

    def admits(self, act: str, times: int = 1) -> bool:
        """Count one more request for an act, or `times`, and tell whether that was within its limit."""
        rate = rate_of(act, self.rates)
        return rate is None or self.limits.take(act, rate.seconds, self._most(rate), times)

    def would_admit(self, act: str) -> bool:
        """Tell whether one more request for an act is within its limit, without counting it."""
        rate = rate_of(act, self.rates)
        return rate is None or self.limits.has_room(act, self._most(rate))

    def solved(self, parameters: Parameters) -> bool | None:
        """Tell whether the captcha sent along was read rightly, which uses it up; None when there is none."""
        pairs = sent(parameters)
        if not pairs:
            return None
        csid, code = pairs[0]
        return len(csid) <= LONGEST_CSID and self.captchas.redeem(csid, code)

    def proof(self) -> Solved | None:
        """Return what somebody has left at the gateway's page for the backend's captchas, to go with a call."""
        return self.relay.proof(self.viewer, self.address)

    def lets_pass(self, act: str, parameters: Parameters, times: int = 1) -> bool:
        """Tell whether a writing act may be done now (`times`): within its limit, or with a captcha read rightly."""
        return self.admits(act, times) or bool(self.solved(parameters))

    def _most(self, rate: Rate) -> dict[str, int]:
        most = {f"address {self.address}": rate.count * (SHARED if self.viewer else 1)}
        return most | ({f"account {self.viewer}": rate.count} if self.viewer else {})

"""What holds back a flood: counts of what somebody did lately, and captchas that let one more request pass.

UserAPI documentation, "CAPTCHA handling (flood control)".
"""

from collections.abc import Mapping
from dataclasses import dataclass

from userapi_gw.acts.parameters import Parameters
from userapi_gw.rates import rate_of
from userapi_gw.state.captchas import Captchas
from userapi_gw.state.limits import Limits

SHARED = 10
"""How many accounts may write from one network address before it is over its limit: families, schools, sites."""

LONGEST_CSID = 64

_NAMES = (("fcsid", "fccode"), ("csid", "ccode"))
_NONE = ("", "0")
"""What programs send that have no captcha to answer: Durov Lite and pyvk-t write `fcsid=0&fccode=0` at every login."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate before one request: of an account (`viewer`, 0 for nobody) at a network address."""

    viewer: int
    address: str
    captchas: Captchas
    limits: Limits
    rates: Mapping[str, str]
    """How often each act may be done, as the setting `limits` says."""

    def admits(self, act: str) -> bool:
        """Count one more request for an act and tell whether that was within its limit."""
        rate = rate_of(act, self.rates)
        if rate is None:
            return True
        most = {f"address {self.address}": rate.count * (SHARED if self.viewer else 1)}
        if self.viewer:
            most[f"account {self.viewer}"] = rate.count
        return self.limits.take(act, rate.seconds, most)

    def solved(self, parameters: Parameters) -> bool | None:
        """Tell whether the captcha sent along was read rightly, which uses it up; None when there is none."""
        for csid_name, code_name in _NAMES:
            csid, code = parameters.text(csid_name), parameters.text(code_name).strip()
            if csid not in _NONE and code not in _NONE:
                return len(csid) <= LONGEST_CSID and self.captchas.redeem(csid, code)
        return None

    def lets_pass(self, act: str, parameters: Parameters) -> bool:
        """Tell whether a writing act may be done now: within its limit, or with a captcha read rightly."""
        return self.admits(act) or bool(self.solved(parameters))

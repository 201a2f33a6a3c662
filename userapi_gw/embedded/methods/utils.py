"""Methods `utils.*`."""

from userapi_gw.embedded.registry import Call, method


@method("utils.getServerTime", auth=False, community=True)
def get_server_time(call: Call) -> int:
    """Return the server's clock in unix seconds."""
    return call.now

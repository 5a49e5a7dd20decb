"""From which address a request came, for locking out who guesses passwords."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the client's IP address.

    Behind `PROXY_COUNT` proxies of the city's own, each of which adds the address it was called from to the end of
    X-Forwarded-For, it is the entry that the outermost of them wrote. Whatever a client wrote there itself stands
    further left and is not believed. A header with too few entries is not believed at all.
    """
    direct: str = request.META.get("REMOTE_ADDR", "")
    count: int = settings.PROXY_COUNT
    if not count:
        return direct
    entries = [entry.strip() for entry in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return entries[-count] if len(entries) >= count and entries[-count] else direct

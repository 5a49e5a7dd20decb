"""A kind of notification that only these tests know, which goes away with them."""

import pytest

from portal.notifications import kinds
from portal.notifications.kinds import Kind


@pytest.fixture
def parcels(monkeypatch):
    """Let people be told of parcels, and nothing but what is to be acknowledged besides."""
    monkeypatch.setattr(kinds, "_registered", {"acknowledge": kinds._registered["acknowledge"]})
    kinds.register(Kind("parcels", "Parcels", "When a parcel waits for you."))
    return "parcels"

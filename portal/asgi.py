"""The ASGI application."""

import os
from concurrent.futures import ThreadPoolExecutor

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

application = get_asgi_application()

# Models can be imported only now that the application is there.
from portal.people import demonstration  # noqa: E402
from search import warming  # noqa: E402

# A server may load this inside its event loop, where Django lets no one ask the database.
with ThreadPoolExecutor(max_workers=1) as thread:
    thread.submit(demonstration.refuse).result()
warming.start()

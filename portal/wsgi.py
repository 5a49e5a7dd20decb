"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

application = get_wsgi_application()

# Models can be imported only now that the application is there.
from portal.people import demonstration  # noqa: E402
from search import warming  # noqa: E402

demonstration.refuse()
warming.start()

# What was loaded stays for good: looking through it for garbage would hold up a request now and then.
gc.collect()
gc.freeze()

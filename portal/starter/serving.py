"""Serving the portal on your own machine. In production gunicorn does that."""

import errno

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler, get_internal_wsgi_application

from portal.people import demonstration
from portal.people.models import User
from portal.starter import due
from portal.starter.demonstration_people import MEMBERS

HOST = "127.0.0.1"


class PortError(Exception):
    """The port cannot be had. The message says why, and what to do."""


def listen(port: int) -> ThreadedWSGIServer:
    """Return a server that listens on this port of this machine alone, and does not answer yet.

    Raises `PortError` where the port is in use, or is not ours to use.
    """
    try:
        return ThreadedWSGIServer((HOST, port), WSGIRequestHandler)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortError(
                f"Port {port} is in use, perhaps by a portal that runs already. "
                f"Stop that, or choose another port: PORT={port + 1 if port < 65535 else 8000} make run"
            ) from None
        raise PortError(f"Port {port} cannot be used ({error.strerror}). Choose another: PORT=8000 make run") from None


def greeting(port: int) -> str:
    """Return what to tell who started the portal: its address, and whom to sign in as."""
    lines = [f"The portal is at http://{HOST}:{port} (Ctrl+C stops it)."]
    people = User.objects.filter(is_demonstration=True).order_by("position", "username")
    team = {member.username for member in MEMBERS}
    if people:
        lines.append(f"Sign in with the password {demonstration.PASSWORD} as")
        own = [person for person in people if person.username not in team]
        lines += [f"  {person.username:<12}{person.get_position_display():<12}{person}" for person in own]
        if len(own) < len(people):
            names = [person.username for person in people if person.username in team]
            lines.append(f"or as one of the team in training: {', '.join(names)}.")
    return "\n".join(lines)


def serve(server: ThreadedWSGIServer) -> None:
    """Answer requests until interrupted."""
    server.set_app(get_internal_wsgi_application())
    try:
        with due.published_when_due():
            server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()

"""A socket to listen on, for the servers that people run here."""

import socket

from annotate.errors import AtribusiError


def listen(host: str, port: int | None) -> socket.socket:
    """Bound to that address; a free port if none is asked for. Raises `AtribusiError` where it is taken."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port or 0))
    except OSError as error:
        listening.close()
        raise AtribusiError(
            f"cannot listen on {host} port {port or 'any'}: {error.strerror}", remedy="choose another --host or --port"
        ) from error
    return listening


def address_of(listening: socket.socket) -> str:
    """Its address for a browser, without a slash at the end."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"

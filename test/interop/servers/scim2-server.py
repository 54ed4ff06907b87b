"""Serves scim2-server on a port of the system's choosing: one empty tenant per first path segment, each at /TENANT/v2.

usage: scim2-server.py TOKEN ME

TOKEN is the bearer token to require, ME the userName of the user that /Me stands for. Prints {"port": ...} once the
socket is bound, and ends when its standard input does, so that no server outlives the test run.
"""

import datetime
import itertools
import json
import os
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from scim2_models import NotFoundException, NotImplementedException, ScimProvider, ServiceProviderConfig
from scim2_server.applications.wsgi import TenantDispatcher
from scim2_server.memory import InMemoryStorage
from scim2_server.service import ScimService
from scim2_server.testserver.application import BEARER_TOKEN_SCHEME, BearerTokenApplication
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)

TOKEN, ME = sys.argv[1:3]


class Storage(InMemoryStorage):
    """Counts ids and seconds, so that the same requests give the same answers."""

    def __init__(self):
        seconds = itertools.count(1)
        start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
        super().__init__(clock=lambda: start + datetime.timedelta(seconds=next(seconds)))
        self.ids = {}

    def generate_id(self, resource_type, resource):
        self.ids[resource_type.name] = number = self.ids.get(resource_type.name, 0) + 1
        return f"{resource_type.name.lower()}-{number}"


class Service(ScimService):
    """Resolves /Me, which scim2-server leaves to its user (RFC 7644 section 3.11)."""

    def me_target(self, request):
        if request.subject is None:
            raise NotFoundException(detail=f"There is no user named {ME!r}")
        return self.get_resource_type("User"), request.subject

    def me_creation_type(self, request):
        if request.subject is not None:
            raise NotImplementedException(detail="Whoever is asking is a user already")
        return self.get_resource_type("User")


class Application(BearerTokenApplication):
    def get_subject(self, request):
        for resource in self.storage.resources:
            if getattr(resource, "user_name", None) == ME:
                return resource.id
        return None


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class Handler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def provider():
    config = load_default_service_provider_config().model_dump()
    config["authenticationSchemes"] = [BEARER_TOKEN_SCHEME.model_dump()]
    config["pagination"] = {"cursor": True, "index": True, "defaultPaginationMethod": "index"}
    return ScimProvider.from_discovery(
        load_default_schemas().values(),
        load_default_resource_types().values(),
        config=ServiceProviderConfig.model_validate(config),
    )


def main():
    described = provider()
    service = Service(described, secret="a fixed secret makes no difference here")
    dispatcher = TenantDispatcher(
        lambda tenant: Application(Storage(), described, service=service, bearer_tokens=[TOKEN])
    )
    with make_server("127.0.0.1", 0, dispatcher, server_class=Server, handler_class=Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(json.dumps({"port": server.server_port}), flush=True)
        sys.stdin.buffer.read()
    os._exit(0)


main()

"""Write the service's OpenAPI description to standard output: ``python -m clients.describe``."""

import sys

import msgspec

from belbaar.api.app import create_app
from belbaar.api.settings import Settings

if __name__ == "__main__":
    description = create_app(Settings()).openapi_schema.to_schema()
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(description)) + b"\n")

"""Django REST framework with djangorestframework-api-key, on SQLite as durable as Keystead's: WAL and synchronous=FULL.

    python service.py FOLDER     makes the tables and a key, prints the key
    gunicorn service:application serves POST /keys and GET /check, for whoever presents a key (DATA=FOLDER)

Nothing is on that a create does not need: no middleware, no session, no browsable pages, connections kept open.
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import path

FOLDER = Path(sys.argv[1] if __name__ == "__main__" else os.environ["DATA"])

settings.configure(
    SECRET_KEY="a secret for the benchmark and nothing else",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    INSTALLED_APPS=["rest_framework", "rest_framework_api_key"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FOLDER / "drf.db",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
            },
        }
    },
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework_api_key.permissions.HasAPIKey"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
        "UNAUTHENTICATED_USER": None,
    },
)
django.setup()

from rest_framework.decorators import api_view  # noqa: E402 (the settings come first)
from rest_framework.response import Response  # noqa: E402
from rest_framework_api_key.models import APIKey  # noqa: E402


@api_view(["POST"])
def create(request):
    key, secret = APIKey.objects.create_key(name=request.data["name"])
    return Response({"id": key.id, "name": key.name, "prefix": key.prefix, "created": key.created, "key": secret})


@api_view(["GET"])
def check(request):
    return Response({"valid": True})


urlpatterns = [path("keys", create), path("check", check)]

if __name__ == "__main__":
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(APIKey.objects.create_key(name="bench")[1])
else:
    application = get_wsgi_application()

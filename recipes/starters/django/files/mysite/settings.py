"""Settings for one user behind Tunel's gateway: nobody but you reaches its socket."""
import os
import secrets
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


def secret():
    """This launch's own secret on a cluster, one of this process elsewhere."""
    path = os.environ.get("TUNEL_TOKEN_FILE")
    return Path(path).read_text().strip() if path else secrets.token_hex(32)


SECRET_KEY = secret()
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
ROOT_URLCONF = "mysite.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [BASE_DIR / "templates"], "OPTIONS": {}}
]

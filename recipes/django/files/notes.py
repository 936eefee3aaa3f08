"""A whole Django project in one file: notes in SQLite."""

import hmac
import os
import sys

import django
from django.conf import settings
from django.db import connection, models
from django.http import HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.environ["TUNEL_TOKEN_FILE"], encoding="ascii") as file:
    TOKEN = file.read().strip()


def only_through_tunel(get_response):
    def check(request):
        if hmac.compare_digest(request.headers.get("X-Tunel-Token", ""), TOKEN):
            return get_response(request)
        return HttpResponseForbidden("This app answers only through Tunel.\n", content_type="text/plain")

    return check


settings.configure(
    ALLOWED_HOSTS=["localhost"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(HERE, "..", "notes.sqlite3")}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    MIDDLEWARE=["__main__.only_through_tunel" if __name__ == "__main__" else __name__ + ".only_through_tunel",
                "django.middleware.csrf.CsrfViewMiddleware"],
    ROOT_URLCONF=__name__,
    # The same in every process, and known to none but this launch.
    SECRET_KEY="notes:" + TOKEN,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [os.path.join(HERE, "templates")]}],
    USE_TZ=True,
)
django.setup()


class Note(models.Model):
    text = models.CharField(max_length=2000)
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "notes"


def health(_request):
    return HttpResponse("ready\n", content_type="text/plain")


def notes(request):
    if request.method == "POST":
        text = request.POST.get("text", "").strip()[:2000]
        if text:
            Note.objects.create(text=text)
        return redirect("/")
    return render(request, "notes.html", {"notes": Note.objects.order_by("-made")})


def remove(request, number):
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    get_object_or_404(Note, pk=number).delete()
    return redirect("/")


urlpatterns = [path("", notes), path("health", health), path("remove/<int:number>", remove)]


def migrate():
    if Note._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Note)


if __name__ == "__main__" and sys.argv[1:] == ["migrate"]:
    migrate()
else:
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()

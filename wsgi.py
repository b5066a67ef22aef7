"""For servers that want an application: `granian --interface wsgi wsgi:app`. `lessons serve` needs no such file."""

from lessons.app import create_app

app = create_app()

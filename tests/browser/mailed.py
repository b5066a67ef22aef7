"""The mail of the day of somebody in the demo, as a mail reader is given it. The demo's database stays as it is."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from lessons import clock, db, settings
from lessons.duties.digest import digest
from lessons.models import Letter, Notice, Person
from tests.browser import site

NEWS = 4


def mailed(folder: Path, who: str, language: str) -> str:
    """Its HTML in this language, as if the latest few notices had not been told yet."""
    db.start(settings.load(site.environment(folder, 8000)))
    with db.transaction() as session:
        person = session.scalars(sa.select(Person).where(Person.name.startswith(who))).one()
        person.locale = language
        theirs = sa.select(Notice.id).where(Notice.person_id == person.id, sa.not_(Notice.urgent))
        latest = session.scalars(theirs.order_by(Notice.id.desc()).limit(NEWS)).all()
        session.execute(sa.update(Notice).where(Notice.id.in_(latest)).values(told_at=None))
        assert digest(session, person, "a picture", at=clock.now())
        html: str = session.scalars(sa.select(Letter.html).where(Letter.key == "a picture")).one()
        session.rollback()
    return html

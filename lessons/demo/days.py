"""Days of the stories as days of the calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from babel.dates import format_date

from lessons.demo.story import Day
from lessons.workdays import Calendar, resolve_local


class Days:
    """Counts working days before the day of loading, and knows what the clock on the wall means on each."""

    def __init__(self, calendar: Calendar, at: datetime) -> None:
        self.calendar, self.today = calendar, calendar.today(at)

    def day(self, day: Day) -> date:
        # from a day off, 0 working days back is the next one: today's work is done on it
        found = self.calendar.add(self.today, -day.ago)
        while day.weekday is not None and found.weekday() != day.weekday:
            found = self.calendar.last_working(found - timedelta(days=1))
        return found + timedelta(days=day.days)

    def moment(self, day: Day, clock: str) -> datetime:
        return self.on(self.day(day), time.fromisoformat(clock))

    def spoken(self, day: Day, clock: str) -> str:
        """In the language of the village: יום שני, 30.11, בשעה 17:00."""
        found = self.day(day)
        return f"{format_date(found, 'EEEE', locale='he')}, {found.day}.{found.month}, בשעה {clock}"

    def on(self, day: date, clock: time) -> datetime:
        return resolve_local(datetime.combine(day, clock), self.calendar.zone)[0]

"""The room of debriefs: an event is reported, inquired into, reviewed, and handed on as lessons."""
